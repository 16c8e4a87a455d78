"""Store a file's written-out credential as a secret, and reference it there."""

from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom_tui.flows.fixing import FixedFiles
from strongroom_tui.flows.making import make_entry
from strongroom_tui.model.connectors.fix_plan import FileFix
from strongroom_tui.model.secrets.undo import Undo, UndoableChange

if TYPE_CHECKING:
    from strongroom.workspace.literals import LiteralCredential
    from strongroom_tui.host import Host
    from strongroom_tui.model.connectors.workspace_view import ConnectorFile


async def store_literal(
    host: "Host", undo: Undo, file: "ConnectorFile", literal: "LiteralCredential"
) -> None:
    """Show the form of a new secret with the credential as its value.

    The reference is written once the secret is saved. The file stays as it is if nothing is saved. `undo` has
    the way back of the file.
    """
    from strongroom.workspace.literal_values import value_of, write_reference

    if not await host.ensure_unlocked():
        return
    assert file.source is not None
    assert file.document is not None
    source, document = file.source, file.document
    community = host.snapshot.community
    entries = await host.vault_call(host.session.names, community)
    name = literal.name(entries.by_name)
    made = await make_entry(host, community, name, Kind.SECRET, value_of(document, literal))
    if not made:
        return
    try:
        text = await host.in_thread(lambda: write_reference(source, document, literal, made))
    except StrongroomError as error:
        host.complain(error)
    else:
        fixed = FileFix(file, source, text, 1, len(file.findings) - 1)
        undo.did(UndoableChange(f"referenced {made}", "", files=FixedFiles((fixed,))))
        host.say(f"✓ {made} is stored in {community} and referenced · z takes the reference back")
    await host.rescan()
