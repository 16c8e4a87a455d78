"""Define options and types of arguments for click that several commands share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from strongroom.store.errors import InvalidField
from strongroom.store.rows.saving import check_expiry
from strongroom_cli.terminal.arguments import COMMUNITY, FORMAT
from strongroom_cli.terminal.entry_names import check_entry_name

if TYPE_CHECKING:
    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType  # a class without parameters in older versions of click

Decorated = Callable[..., Any]

community_option = click.option(COMMUNITY.name, metavar=COMMUNITY.metavar, help=COMMUNITY.help)
format_option = click.option(
    FORMAT.name,
    "form",
    type=click.Choice(FORMAT.choices),
    default=FORMAT.default,
    show_default=True,
    help=FORMAT.help,
)


class EntryName(_TextType):
    """Read the name of a secret or variable."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        check_entry_name(str(value))
        return str(value)


class ExpiryDate(_TextType):
    """Read a date as year-month-day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        try:
            check_expiry(str(value))
        except InvalidField as error:
            raise InvalidField("--expires is not a date.", error.way_out) from None
        return str(value)


ENTRY_NAME = EntryName()
