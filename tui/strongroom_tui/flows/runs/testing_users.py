"""Test a connector that uses an entry, as after a new value."""

from typing import TYPE_CHECKING

from strongroom_tui.dialogs.pick_connector import PickConnector
from strongroom_tui.model.connectors.workspace_view import RunTarget

if TYPE_CHECKING:
    from strongroom_tui.host import Host


async def test_users(host: "Host", name: str) -> None:
    """Run the connector that uses the entry `name`.

    Of several, it is the one that was tested last, or else the one that a person picks.
    """
    users = host.workspace.users(name)
    if not users:
        host.say(f"no connector in this folder uses {name}")
        return
    last = host.target
    target = next((user for user in users if last is not None and user.key == last.key), None)
    if target is None and len(users) == 1:
        target = users[0]
    if target is None:
        picked: list[RunTarget] = []
        await host.push_screen_wait(PickConnector(users, picked.append))
        target = picked[0] if picked else None
    if target is not None:
        await host.test_connector(*target.key, run=True)
