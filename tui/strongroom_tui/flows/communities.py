"""Choose the community to show, or compare it with another community."""

from typing import TYPE_CHECKING

from strongroom.names import Name
from strongroom_tui.dialogs.communities import CompareCommunities
from strongroom_tui.dialogs.pick import Pick
from strongroom_tui.flows.making import make_missing
from strongroom_tui.model.secrets.community_diff import CommunityDiff
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom_tui.host import Host


async def pick_community(host: "Host") -> str:
    """Ask for a community, which may be a new one.

    Return "" to stay with the shown community.
    """
    now = host.snapshot.community
    choices = [
        (one_line(name), "shown now" if name == now else "", name) for name in host.snapshot.communities
    ]
    chosen = await host.push_screen_wait(
        Pick("Community", choices, hint="type to search, or a new name", free="new:")
    )
    return chosen if chosen and chosen != now else ""


async def compare_communities(host: "Host") -> None:
    """Compare the shown community with another one.

    Of several others, a person chooses one.
    """
    shown = host.snapshot.community
    others = [name for name in host.snapshot.communities if name != shown]
    if not others:
        host.say("there is no other community to compare with")
        return
    other = others[0]
    if len(others) > 1:
        chosen = await host.push_screen_wait(
            Pick(f"Compare {one_line(shown)} with", [(one_line(name), "", name) for name in others])
        )
        if not chosen:
            return
        other = chosen

    async def table() -> CommunityDiff:
        left = await host.vault_call(host.session.names, shown)
        right = await host.vault_call(host.session.names, other)
        return CommunityDiff(left, right, host.workspace.uses)

    async def make(community: str, name: Name) -> CommunityDiff | None:
        made = await make_missing(host, name.name, name.kind, community)
        return await table() if made else None

    await host.push_screen_wait(CompareCommunities(await table(), make))
