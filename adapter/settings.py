"""What the environment says: where things are and the secrets to reach them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapter.catalogue.load import sites
from adapter.catalogue.words import SiteName
from adapter.errors import ConfigurationError


@dataclass(frozen=True)
class SiteSettings:
    """One site's address, account and webhook secrets; `user` is None on Data Center (PAT)."""

    site: SiteName
    url: str | None
    user: str | None
    token: str | None = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    admin_user: str | None = None  # of an administrator, for `provision`, `check` and the nightly round
    admin_token: str | None = field(default=None, repr=False)
    webhook_url: str | None = None


@dataclass(frozen=True)
class Settings:
    """The whole environment, read once per process."""

    mappings: Path
    only_site: SiteName | None
    database_url: str | None = field(repr=False)
    data_dir: Path
    host: str
    port: int
    log_format: str
    admin_token: str | None = field(repr=False)
    dns_server: str | None
    smtp_url: str | None = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)

    def site(self, name: SiteName) -> SiteSettings:
        """The settings of one site, from `DUBU_<SITE>_…`."""
        prefix = f"DUBU_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}_"

        def get(suffix: str) -> str | None:
            return (self.environment.get(prefix + suffix) or "").strip() or None

        secrets = tuple(s.strip() for s in (get("WEBHOOK_SECRETS") or "").split(",") if s.strip())
        return SiteSettings(
            site=name,
            url=get("JIRA_URL"),
            user=get("JIRA_USER"),
            token=get("JIRA_TOKEN"),
            webhook_secrets=secrets,
            admin_user=get("ADMIN_USER"),
            admin_token=get("ADMIN_TOKEN"),
            webhook_url=get("WEBHOOK_URL"),
        )


def served_sites(settings: Settings) -> tuple[SiteName, ...]:
    """The sites below the mappings, or the one of DUBU_SITE; ConfigurationError where there is no such site."""
    known = sites(settings.mappings)
    if settings.only_site is None:
        return known
    if settings.only_site not in known:
        raise ConfigurationError(
            f"no site {settings.only_site!r} below {settings.mappings}: choose from {', '.join(known)}"
        )
    return (settings.only_site,)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads the environment (default: the process's own); ConfigurationError names the variable that is wrong."""
    env = dict(os.environ if environment is None else environment)

    def get(name: str, default: str) -> str:
        return (env.get(name) or "").strip() or default

    port = get("DUBU_PORT", "8080")
    if not (port.isdigit() and 0 < int(port) < 65536):
        raise ConfigurationError(f"DUBU_PORT is {port!r}: set it to a port number, such as 8080")
    log_format = get("DUBU_LOG", "text")
    if log_format not in {"json", "text"}:
        raise ConfigurationError(f"DUBU_LOG is {log_format!r}: set it to json or text")
    return Settings(
        mappings=Path(get("DUBU_MAPPINGS", "mappings")),
        only_site=SiteName(get("DUBU_SITE", "")) or None,
        database_url=(env.get("DATABASE_URL") or "").strip() or None,
        data_dir=Path(get("DUBU_DATA_DIR", ".data")),
        host=get("DUBU_HOST", "127.0.0.1"),
        port=int(port),
        log_format=log_format,
        admin_token=(env.get("DUBU_ADMIN_TOKEN") or "").strip() or None,
        dns_server=(env.get("DUBU_DNS_SERVER") or "").strip() or None,
        smtp_url=(env.get("DUBU_SMTP_URL") or "").strip() or None,
        environment=env,
    )
