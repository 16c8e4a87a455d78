"""The Secrets place: the list of one community, and the details of the entry under the cursor."""

from textual.app import ComposeResult
from textual.content import Content

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.secret_value import MASK, SecretValue
from strongroom_tui.actions import Place, bindings
from strongroom_tui.screens.confirm import Confirm, delete_lines
from strongroom_tui.screens.form import Draft, EntryForm
from strongroom_tui.screens.place import PlacePane
from strongroom_tui.session import VaultState
from strongroom_tui.state import Row, SecretsState
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.virtual_list import VirtualList
from strongroom_tui.words import age, count, expiry, one_line, visible
from strongroom_tui.workers import Group, start

BESIDE = 140
"""Columns from which the details stand beside the list; below that the list needs the width."""

_EMPTY = {
    VaultState.MISSING: (
        "",
        "There is no vault yet.",
        "",
        "A vault is one encrypted file on this machine that holds your",
        "connectors' secrets and variables, community by community.",
        "",
        "n  makes the vault, and then your first secret",
        "?  shows every key",
    ),
    VaultState.LOCKED: ("", "Nothing is stored in this community yet.", "", "n  adds a secret or variable"),
}


class SecretsPane(PlacePane):
    """List above, details below; side by side on a wide screen."""

    DEFAULT_CSS = """
    SecretsPane { layout: vertical; }
    SecretsPane #entries { height: 1fr; width: 1fr; }
    SecretsPane #detail {
        height: 8; border-top: solid $line; border-title-color: $primary; padding: 0 1;
    }
    SecretsPane.-revealing #detail { height: 50%; min-height: 8; }
    SecretsPane.-low #detail { height: 4; }
    SecretsPane.-low.-revealing #detail { height: 8; min-height: 4; }
    SecretsPane.-wide { layout: horizontal; }
    SecretsPane.-wide #detail { width: 46; height: 100%; border-top: none; border-left: solid $line; }
    SecretsPane.-wide.-revealing #detail { height: 100%; }
    """
    BINDINGS = bindings(Place.SECRETS)
    first = "#entries"

    def __init__(self, state: SecretsState) -> None:
        super().__init__(id=Place.SECRETS.value)
        self.state = state
        self._revealed: SecretValue | None = None
        self._revealed_name = ""
        self._reveals = 0
        self._deleted: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """The list and the details."""
        yield VirtualList(self.state, id="entries")
        detail = LineView(id="detail")
        detail.can_focus = False
        yield detail

    @property
    def entries(self) -> VirtualList:
        """The list."""
        return self.query_one("#entries", VirtualList)

    @property
    def detail(self) -> LineView:
        """The details."""
        return self.query_one("#detail", LineView)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.state.row(self.entries.cursor)

    def on_resize(self) -> None:
        """Side by side where there is room."""
        self.set_class(self.size.width >= BESIDE, "-wide")
        self.set_class(self.size.height < 18, "-low")

    def on_line_view_resized(self) -> None:
        """Fold the details to their new width."""
        self._show_detail()

    # -- showing --------------------------------------------------------------

    def reload(self) -> None:
        """Show the vault's names as they are now, the cursor on the same name."""
        row = self.row
        snapshot, workspace = self.room.snapshot, self.room.workspace
        self.state.unlocked = snapshot.state is VaultState.UNLOCKED
        missing = workspace.missing if snapshot.state is not VaultState.BROKEN else ()
        self.state.load(snapshot.entries, workspace.uses, missing)
        self._fill(row.name if row else "")
        self.call_after_refresh(self.state.prepare)

    def _fill(self, name: str = "") -> None:
        entries, snapshot = self.entries, self.room.snapshot
        entries.total = len(self.state.rows)
        if self.state.query:
            entries.empty = ("", "Nothing matches.", "", "esc  shows all again")
        elif snapshot.state is VaultState.BROKEN:
            entries.empty = ("", "The vault cannot be read.", "", *_folded(snapshot.problem, 70))
        else:
            entries.empty = _EMPTY.get(snapshot.state, _EMPTY[VaultState.LOCKED])
        entries.reload(self.state.index_of(name) if name else None)

    def go_to(self, name: str) -> None:
        """Put the cursor on this name."""
        if self.state.index_of(name) is None and self.state.query:
            self.entries.clear_query()
            self.state.filter("")
        self._fill(name)

    def on_virtual_list_moved(self) -> None:
        """Another row: its details; a revealed value hides."""
        row = self.row
        if self._revealed is not None and (row is None or row.name != self._revealed_name):
            self.conceal()
        self._show_detail()
        self._want_hints()

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while typing."""
        self.state.filter(event.query)
        self._fill()
        self.entries.go(0)

    async def on_virtual_list_chosen(self) -> None:
        """A click on the row under the cursor edits it."""
        await self.run_action("edit")

    def _want_hints(self) -> None:
        wanted = [name for i in self.entries.visible_range() if (name := self.state.wants_hint(i))]
        if wanted:
            start(self, Group.HINTS, self._get_hints, wanted)

    async def _get_hints(self, names: list[str]) -> None:
        room = self.room
        hints = await room.vault_call(room.session.hints, room.snapshot.community, names)
        for name in names:
            # A name without a value to read keeps the mask alone, and is not asked for again.
            self.state.put_hint(name, hints.get(name, MASK))
        self.entries.refresh()
        self._show_detail()

    def _show_detail(self) -> None:
        row, detail = self.row, self.detail
        detail.border_title = Content(self._title(row)) if row else None
        detail.show(self._lines(row) if row else [])

    def _title(self, row: Row) -> str:
        hides = f" · hides in {self.room.reveal_seconds:.0f} s, or on a move"
        return one_line(row.name) + (hides if self._revealed is not None else "")

    def _lines(self, row: Row) -> list[Line]:
        uses = ", ".join(one_line(use) for use in row.uses)
        used: Line = [
            ("used by  ", "muted"),
            (uses or "no connector in this folder", "" if uses else "muted"),
        ]
        if row.missing:
            function = row.kind.function
            return [
                [
                    ("✗ missing  ", "bad"),
                    (f"{function}('{row.name}') stays as it is written: calls fail", ""),
                ],
                used,
                [
                    ("⏎        ", "key"),
                    (f"adds this {row.kind.value} to {one_line(self.room.snapshot.community)}", ""),
                ],
            ]
        now = self.state.clock()
        ago = age(row.changed, now)
        changed = "now" if ago == "now" else f"{ago} ago"
        title: list[Line] = [[(self._title(row), "strong")], []] if self.has_class("-wide") else []
        lines: list[Line] = [
            *title,
            *self._value_lines(row),
            used,
            [("changed  ", "muted"), (f"{changed} · {count(row.version, 'version')}" if ago else "", "")],
        ]
        if row.expires:
            words = expiry(row.expires, now.date())
            style = "warn" if words.startswith("!") else ""
            lines.append([("expires  ", "muted"), (f"{row.expires}  {words}", style)])
        if row.note:
            lines.append([("note     ", "muted"), (one_line(row.note), "")])
        return lines

    def _value_lines(self, row: Row) -> list[Line]:
        label = ("value    ", "muted")
        width = max(16, self.detail.size.width - 10)
        if self._revealed is not None and row.name == self._revealed_name:
            return _labelled(label, _folded(self._revealed.reveal(), width), "accent")
        if row.kind is Kind.VARIABLE:
            return _labelled(label, _folded(row.value or "", width), "")
        hint = "" if self.state.unlocked else "   locked: r unlocks and reveals"
        return [[label, (self.state.masked(row), ""), (hint, "muted")]]

    # -- actions ----------------------------------------------------------------

    def action_filter(self) -> None:
        """Type to filter."""
        self.entries.focus()
        self.entries.start_query()

    def action_sort(self) -> None:
        """Sort by the next column."""
        row = self.row
        order = self.state.next_order()
        self._fill(row.name if row else "")
        self.room.say(f"sorted by {order}")

    def action_reveal(self) -> None:
        """Show the value for a short time; again hides it."""
        row = self.row
        if row is None or row.missing:
            return
        if self._revealed is not None:
            self.conceal()
        elif row.kind is Kind.VARIABLE:
            self.room.say("a variable is always shown in full")
        else:
            start(self, Group.REVEAL, self._reveal, row.name)

    async def _reveal(self, name: str) -> None:
        room = self.room
        if not await room.ensure_unlocked():
            return
        try:
            value = await room.vault_call(room.session.value, room.snapshot.community, name)
        except StrongroomError as error:
            room.complain(error)
            return
        row = self.row
        if row is None or row.name != name or not room.is_unlocked:
            return  # moved on or locked in the meantime
        self._revealed, self._revealed_name = value, name
        self._reveals += 1
        number = self._reveals
        self.add_class("-revealing")
        self.set_timer(room.reveal_seconds, lambda: self.conceal(number))
        self._show_detail()

    def conceal(self, number: int | None = None) -> None:
        """Hide the revealed value; with `number`, only if it is still that reveal."""
        if self._revealed is None or number not in (None, self._reveals):
            return
        self._revealed, self._revealed_name = None, ""
        self.remove_class("-revealing")
        self._show_detail()

    def action_new(self) -> None:
        """Make an entry; on a missing name, that one."""
        row = self.row
        start(self, Group.DIALOG, self._new, row if row is not None and row.missing else None)

    async def _new(self, missing: Row | None) -> None:
        room = self.room
        if not await room.ensure_unlocked():
            return
        community = room.snapshot.community

        async def save(draft: Draft) -> None:
            assert draft.value is not None
            await room.vault_call(
                room.session.add, community, draft.name, draft.kind, draft.value, draft.note, draft.expires
            )

        taken = {entry.name for entry in room.snapshot.entries}
        form = EntryForm(
            community,
            taken,
            save,
            name=missing.name if missing else "",
            kind=missing.kind if missing else Kind.SECRET,
        )
        await self._after_form(await room.push_screen_wait(form), "added")

    def action_edit(self) -> None:
        """Change the entry under the cursor; a missing one is made."""
        row = self.row
        if row is None:
            return
        if row.missing:
            self.action_new()
        else:
            start(self, Group.DIALOG, self._edit, row)

    async def _edit(self, row: Row) -> None:
        room = self.room
        if not await room.ensure_unlocked():
            return
        community = room.snapshot.community

        async def save(draft: Draft) -> None:
            same = row.kind is Kind.VARIABLE and draft.value == SecretValue(row.value or "")
            await room.vault_call(
                room.session.change,
                community,
                row.name,
                None if same else draft.value,
                None if draft.note == row.note else draft.note,
                None if draft.expires == row.expires else draft.expires,
            )

        await self._after_form(await room.push_screen_wait(EntryForm(community, (), save, row=row)), "saved")

    async def _after_form(self, name: str | None, done: str) -> None:
        if name:
            await self.room.refresh_vault()
            self.go_to(name)
            self.room.say(f"✓ {done} {name}")

    def action_delete(self) -> None:
        """Delete the entry under the cursor, after saying what would break."""
        row = self.row
        if row is not None and not row.missing:
            start(self, Group.DIALOG, self._delete, row)

    async def _delete(self, row: Row) -> None:
        room = self.room
        if not await room.ensure_unlocked():
            return
        lines = delete_lines(row.kind.value, row.uses)
        if not await room.push_screen_wait(Confirm(f"Delete {row.name}?", lines, "delete it")):
            return
        try:
            await room.vault_call(room.session.delete, room.snapshot.community, row.name)
        except StrongroomError as error:
            room.complain(error)
            return
        self._deleted = (room.snapshot.community, row.name)
        await room.refresh_vault()
        room.say(f"✓ deleted {row.name} · z takes it back")

    def action_undo(self) -> None:
        """Take the last delete back."""
        start(self, Group.DIALOG, self._undo)

    async def _undo(self) -> None:
        room = self.room
        if self._deleted is None:
            room.say("nothing to take back")
            return
        if not await room.ensure_unlocked():
            return
        community, name = self._deleted
        try:
            await room.vault_call(room.session.undelete, community, name)
        except StrongroomError as error:
            room.complain(error)
            return
        self._deleted = None
        await room.refresh_vault()
        self.go_to(name)
        room.say(f"✓ {name} is back")


def _folded(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` characters, nothing lost, control characters made visible."""
    lines = [visible(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return [line[i : i + width] for line in lines for i in range(0, max(1, len(line)), width)]


def _labelled(label: tuple[str, str], texts: list[str], style: str) -> list[Line]:
    blank = (" " * len(label[0]), "")
    return [[blank if i else label, (text, style)] for i, text in enumerate(texts)]
