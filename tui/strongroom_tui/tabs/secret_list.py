"""Show the secrets and variables in a list, and the details of one beside it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content

from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge
from strongroom.values.secret_value import MASK, SecretValue
from strongroom_tui.frame.actions import Tab
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.secrets.name_row import NameRow
from strongroom_tui.model.secrets.state import SecretsState
from strongroom_tui.model.text.words import one_line
from strongroom_tui.model.why_not import Facts
from strongroom_tui.tabs.empty_list import empty_lines
from strongroom_tui.tabs.tab_pane import TabPane
from strongroom_tui.vault_state import VaultState
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.secret_details import LABEL, DetailContext, detail_lines, selection_lines
from strongroom_tui.widgets.virtual_list import VirtualList

BESIDE = 140
"""Columns from which the details are beside the list.

A narrower list needs the width.
"""


class SecretList(TabPane):
    """Show the details below the list, or beside it on a wide screen."""

    DEFAULT_CSS = """
    SecretList { layout: vertical; }
    SecretList #entries { height: 1fr; width: 1fr; }
    SecretList #detail {
        height: 8; border-top: solid $line; border-title-color: $primary; padding: 0 1;
    }
    SecretList.-revealing #detail { height: 50%; min-height: 8; }
    SecretList.-low #detail { height: 5; }
    SecretList.-low.-revealing #detail { height: 8; min-height: 4; }
    SecretList.-wide { layout: horizontal; }
    SecretList.-wide #detail { width: 46; height: 100%; border-top: none; border-left: solid $line; }
    SecretList.-wide.-revealing #detail { height: 100%; }
    """
    first = "#entries"

    def __init__(self, state: SecretsState) -> None:
        super().__init__(id=Tab.SECRETS.value)
        self.state = state
        self._revealed: SecretValue | None = None
        self._revealed_name = ""
        self._reveals = 0
        self._anchor = 0

    def compose(self) -> ComposeResult:
        """Make the list and the details."""
        entries = VirtualList(self.state, id="entries")
        entries.is_marked = self.state.is_selected
        yield entries
        detail = LineView(id="detail")
        detail.can_focus = False
        yield detail

    @property
    def entries(self) -> VirtualList:
        """Return the list."""
        return self.query_one("#entries", VirtualList)

    @property
    def detail(self) -> LineView:
        """Return the details."""
        return self.query_one("#detail", LineView)

    @property
    def row(self) -> NameRow | None:
        """Return the row under the cursor."""
        return self.state.row(self.entries.cursor)

    @property
    def targets(self) -> list[NameRow]:
        """Return the rows that an action is for: the selected, else that at the cursor."""
        chosen = self.state.selected_rows()
        row = self.row
        return chosen or ([row] if row is not None and not row.missing else [])

    def facts(self) -> Facts:
        """Return the vault's state, and what is under the cursor."""
        row = self.row
        return Facts(
            vault=self.host.snapshot.state,
            rows=len(self.state.rows),
            has_row=row is not None,
            name=row.name if row is not None and not row.missing else "",
            missing=row.name if row is not None and row.missing else "",
            selected=len(self.state.selected),
        )

    def on_resize(self) -> None:
        """Put list and details side by side if there is room."""
        self.set_class(self.size.width >= BESIDE, "-wide")
        self.set_class(self.size.height < 18, "-low")

    def on_line_view_resized(self) -> None:
        """Fold the details to their new width."""
        self.show_detail()

    # -- showing --------------------------------------------------------------

    def reload(self) -> None:
        """Show the vault's names as they are now, the cursor on the same name."""
        row = self.row
        snapshot, workspace = self.host.snapshot, self.host.workspace
        self.state.unlocked = snapshot.state is VaultState.UNLOCKED
        missing = () if snapshot.state in (VaultState.UNREADABLE, VaultState.GONE) else workspace.missing
        knows = workspace.knowledge is not Knowledge.NONE
        self.state.load(snapshot.entries, workspace.uses, missing, knows=knows)
        self._fill(row.name if row else "")
        self.call_after_refresh(self.state.prepare)

    def _fill(self, name: str = "") -> None:
        entries, snapshot = self.entries, self.host.snapshot
        entries.total = len(self.state.rows)
        width = max(20, (entries.size.width or self.app.size.width) - 4)
        entries.empty = empty_lines(
            snapshot, self.host.session.path, width, is_filtered=bool(self.state.query)
        )
        entries.reload(self.state.index_of(name) if name else None)

    def go_to(self, name: str) -> None:
        """Put the cursor on this name."""
        if self.state.index_of(name) is None and self.state.query:
            self.entries.clear_query()
            self.state.filter("")
        self._fill(name)

    def on_virtual_list_moved(self) -> None:
        """Show the row's details, and hide a revealed value."""
        row = self.row
        if self._revealed is not None and (row is None or row.name != self._revealed_name):
            self.conceal()
        self.show_detail()
        self._want_hints()

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while typing."""
        self.state.filter(event.query)
        self._fill()
        self.entries.go(0)

    async def on_virtual_list_chosen(self) -> None:
        """Edit the row under the cursor, because it was clicked."""
        await self.run_action("edit")

    def on_virtual_list_title_clicked(self, event: VirtualList.TitleClicked) -> None:
        """Sort by the column whose title was clicked."""
        title = self.state.columns[event.number].title.rstrip(" ▴▾")
        if order := self.state.sort_by(title):
            self._say_order(order)

    def _want_hints(self) -> None:
        wanted = [name for i in self.entries.visible_range() if (name := self.state.wants_hint(i))]
        if wanted:
            start(self, Group.HINTS, self._get_hints, wanted)

    async def _get_hints(self, names: list[str]) -> None:
        host = self.host
        hints = await host.vault_call(host.session.hints, host.snapshot.community, names)
        for name in names:
            # A name without a value to read keeps the mask alone, and is not asked for again.
            self.state.put_hint(name, hints.get(name, MASK))
        self.entries.refresh()
        self.show_detail()

    def show_detail(self) -> None:
        """Show the details of the row under the cursor, or of the selection."""
        row, detail = self.row, self.detail
        if self.state.selected and self._revealed is None:
            rows = self.state.selected_rows()
            shown = {self.state.rows[i].name for i in self.state.view} if self.state.query else None
            hidden = sum(one.name not in shown for one in rows) if shown is not None else 0
            self._put_detail("Selection", selection_lines(rows, hidden))
        elif row is None:
            detail.border_title = None
            detail.show([])
        else:
            self._put_detail(self._title(row), detail_lines(row, self._seen(row)))

    def _put_detail(self, title: str, lines: Sequence[Line]) -> None:
        self.detail.border_title = Content(title)
        above: list[Line] = [[(title, "strong")], []] if self.has_class("-wide") else []
        self.detail.show([*above, *lines])

    def _title(self, row: NameRow) -> str:
        hides = f" · hides in {self.host.reveal_seconds:.0f} s, or on a move"
        return one_line(row.name) + (hides if self._revealed is not None else "")

    def _seen(self, row: NameRow) -> DetailContext:
        revealed = self._revealed if row.name == self._revealed_name else None
        width = max(16, self.detail.size.width - LABEL - 1)  # one cell for the scroll bar
        masked = self.state.masked(row)
        snapshot = self.host.snapshot
        has_vault = snapshot.state.is_there
        return DetailContext(
            self.state.clock(),
            width,
            snapshot.community,
            masked,
            self.state.unlocked,
            has_vault,
            self.state.knows,
            revealed,
        )

    # -- actions ----------------------------------------------------------------

    def action_filter(self) -> None:
        """Ask for a text to filter by."""
        self.entries.focus()
        self.entries.start_query()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._say_order(self.state.next_order())

    def _say_order(self, order: str) -> None:
        row = self.row
        self._fill(row.name if row else "")
        self.host.say(f"sorted by {order}")

    def action_only_missing(self) -> None:
        """Show the names that connectors use and the vault does not have."""
        self.show_only("missing")

    def action_only_expiring(self) -> None:
        """Show what expires soon, and what has expired."""
        self.show_only("expiring")

    def show_only(self, query: str) -> None:
        """Filter by `query`, or show all rows if that is the filter."""
        if self.state.query == query:
            self.entries.clear_query()
        else:
            self.entries.put_query(query)

    # -- selection ----------------------------------------------------------------

    def action_select(self) -> None:
        """Select the row under the cursor, or deselect it, and go to the next row."""
        self._anchor = self.entries.cursor
        self.state.toggle(self._anchor)
        self.entries.action_move(1)
        self._show_selection()

    def action_select_to(self) -> None:
        """Select from the row that was selected last to this one."""
        low, high = sorted((self._anchor, self.entries.cursor))
        self.state.select(range(low, high + 1))
        self._show_selection()

    def action_extend_down(self) -> None:
        """Select this row and the next."""
        self._extend(1)

    def action_extend_up(self) -> None:
        """Select this row and the one before."""
        self._extend(-1)

    def _extend(self, by: int) -> None:
        self.state.select([self.entries.cursor])
        self.entries.action_move(by)
        self.state.select([self.entries.cursor])
        self._show_selection()

    def action_select_all(self) -> None:
        """Select every row that is shown, or no row if all are selected."""
        before = len(self.state.selected)
        self.state.select(range(len(self.state)))
        if len(self.state.selected) == before:
            self.state.selected.clear()
        self._show_selection()

    def action_clear(self) -> None:
        """Select nothing."""
        self.state.selected.clear()
        self._show_selection()

    def _show_selection(self) -> None:
        self.entries.refresh()
        self.show_detail()

    # -- revealing ----------------------------------------------------------------

    def action_reveal(self) -> None:
        """Show the value for a short time, or hide it."""
        row = self.row
        if row is None or row.missing:
            return
        if self._revealed is not None:
            self.conceal()
        elif row.kind is Kind.VARIABLE:
            self.host.say("a variable is always shown in full")
        else:
            start(self, Group.REVEAL, self._reveal, row.name)

    async def _reveal(self, name: str) -> None:
        host = self.host
        if not await host.ensure_unlocked():
            return
        try:
            value = await host.vault_call(host.session.value, host.snapshot.community, name)
        except StrongroomError as error:
            host.complain(error)
            return
        row = self.row
        if row is None or row.name != name or not host.is_unlocked:
            return  # the cursor moved on or the vault was locked in the meantime
        self._revealed, self._revealed_name = value, name
        self._reveals += 1
        number = self._reveals
        self.add_class("-revealing")
        self.set_timer(host.reveal_seconds, lambda: self.conceal(number))
        self.show_detail()

    def forget(self) -> None:
        """Hide what is revealed: the vault was locked."""
        self.conceal()

    def conceal(self, number: int | None = None) -> None:
        """Hide the revealed value.

        With `number`, hide the value only if it is still that reveal.
        """
        if self._revealed is None or number not in (None, self._reveals):
            return
        self._revealed, self._revealed_name = None, ""
        self.remove_class("-revealing")
        self.show_detail()
