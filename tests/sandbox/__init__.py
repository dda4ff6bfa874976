"""A stand-in Jira Service Management site: in memory, over HTTP, good enough to be believed.

    with Sandbox.start(catalogue) as site:
        key = site.as_user("kunde.aarhus").create("Genopret aktivitet", request_type="Genopret data")
        site.as_user("agent.anna").move(key, "I gang")
        ...

`python -m tests.sandbox` runs one by itself; rooms: seed, dubu*, bare and plant* (what it starts with), *records,
world, permissions, fields, issues, workflow, conditions, validators, parts, worklogs, followers (what happens),
workflow_* and rule_* (workflows as admins change them), shapes, *_shapes and events (how Jira writes it), jql and
search*, webhooks, scoped, faults, stays, described and exceptions (held against Atlassian's OpenAPI), rest_*, control,
pages; actor and admin are people at work.
"""

from tests.sandbox.bare import bare_seed
from tests.sandbox.described import Violation
from tests.sandbox.dubu import default_seed, seed_from
from tests.sandbox.errors import JiraError
from tests.sandbox.faults import Fault, Trouble
from tests.sandbox.seed import Seed, SeedField, SeedUser
from tests.sandbox.site import Sandbox

__all__ = [
    "Fault",
    "JiraError",
    "Sandbox",
    "Seed",
    "SeedField",
    "SeedUser",
    "Trouble",
    "Violation",
    "bare_seed",
    "default_seed",
    "seed_from",
]
