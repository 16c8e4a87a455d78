"""Columns of a list, fitted to a width."""

import pytest

from strongroom.names import NO_NAMES
from strongroom_tui.model.columns import Column, lay_out
from strongroom_tui.model.secrets.community_diff import CommunityDiff


@pytest.mark.parametrize(("width", "wanted"), [(52, 14), (72, 15), (110, 15)])
def test_a_communitys_column_takes_its_whole_name_where_there_is_room(width: int, wanted: int) -> None:
    left, right = NO_NAMES._replace(community="acme_staging"), NO_NAMES._replace(community="acme_production")
    table = CommunityDiff(left, right, {})
    widths = [cells for _, _, cells in lay_out(width, table.columns)]
    assert widths[1:] == [14, wanted]
    assert sum(widths) + 4 == width - 3


def test_the_column_of_the_highest_drop_goes_first() -> None:
    columns = (Column("name", 0), Column("kind", 8, drop=1), Column("changed", 9, drop=2))
    assert [number for number, _, _ in lay_out(50, columns)] == [0, 1, 2]
    assert [number for number, _, _ in lay_out(35, columns)] == [0, 1]
    assert [number for number, _, _ in lay_out(20, columns)] == [0]
