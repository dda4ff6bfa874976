"""tekster.yaml: what the adapter says on a ticket, in Danish, as Jinja templates an admin may reword."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from adapter.catalogue.values import Closed

Template = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class Texts(Closed):
    """The templates: one status comment, and a sentence for each thing that can be said."""

    status_comment: Template = Field(alias="statuskommentar")
    sentences: Mapping[str, Template] = Field(alias="sætninger")
