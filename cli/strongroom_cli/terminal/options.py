"""Options that several commands share, for click."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from strongroom.platform.naming import INVALID_NAME, is_valid_name, why_invalid
from strongroom.store.errors import InvalidField, InvalidName
from strongroom.store.rows.saving import check_expiry

if TYPE_CHECKING:
    _TextType = click.ParamType[str]
else:
    _TextType = click.ParamType  # older versions of click cannot be asked for its type

Decorated = Callable[..., Any]

community_option = click.option("--community", metavar="NAME", help="The community that is meant.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show.",
)


class EntryName(_TextType):
    """The name of a secret or variable. What cannot be one may be a value, and is refused without repeating it."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        text = str(value)
        if is_valid_name(text):
            return text
        before = text.partition("=")[0]
        if "=" in text and is_valid_name(before):
            raise InvalidName(
                f'{INVALID_NAME}: "{before}=…" has an equals sign; names are letters, digits, underscores.',
                f"Say only the name, {before}: a value is asked for, or read from standard input.",
            )
        raise InvalidName(
            f"{INVALID_NAME}: it {why_invalid(text)}.",
            "Use letters, digits and underscores, not starting with a digit, such as api_key.",
        )


class ExpiryDate(_TextType):
    """A date as year-month-day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        try:
            check_expiry(str(value))
        except InvalidField as error:
            raise InvalidField("--expires is not a date.", error.way_out) from None
        return str(value)


ENTRY_NAME = EntryName()
