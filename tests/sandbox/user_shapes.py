"""Users as Jira writes them, on Cloud and on Data Center."""

from __future__ import annotations

from tests.sandbox.people_records import User
from tests.sandbox.records import Json
from tests.sandbox.world import World

SIZES = ("48x48", "24x24", "16x16", "32x32")


def user(world: World, who: User, viewer: User) -> Json:
    """A user as a viewer sees them: mail addresses are hidden where their owner says so."""
    seen = who.email_visible or who is viewer or viewer.site_admin
    answer: Json = {"self": user_link(world, who)}
    if world.cloud:
        answer |= {"accountId": who.account_id, "accountType": who.kind.value}
        if seen:
            answer["emailAddress"] = who.email
    else:
        answer |= {"name": who.handle, "key": who.account_id, "emailAddress": who.email if seen else ""}
    avatars = {size: f"{world.url}/secure/useravatar?size={size[:2]}" for size in SIZES}
    return answer | {
        "avatarUrls": avatars,
        "displayName": who.display_name,
        "active": who.active,
        "timeZone": who.time_zone,
    }


def user_link(world: World, who: User) -> str:
    """The `self` link of a user."""
    query = f"accountId={who.account_id}" if world.cloud else f"username={who.handle}"
    return f"{world.link('user')}?{query}"
