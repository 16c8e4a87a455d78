"""Make click's help and completions of a command that is a table."""

from collections.abc import Callable, Sequence

import click

from strongroom_cli.terminal.arguments import Argument, Command, Option, asks_for_help
from strongroom_cli.terminal.click_options import ENTRY_NAME


class TableCommand(click.Command):
    """Show the help of a table.

    `run` gets the arguments as they were typed, and reads them by the table.
    """

    def __init__(self, table: Command, run: Callable[[Sequence[str]], int]) -> None:
        super().__init__(
            table.name.rpartition(" ")[2],
            params=parameters(table),
            help=table.help,
            epilog=table.epilog,
        )
        self._run = run

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the arguments for `run`. click reads them for help and completions only."""
        if asks_for_help(args) or ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        ctx.args = args
        return []

    def invoke(self, ctx: click.Context) -> int:
        """Run the command, and return its exit status."""
        return self._run(ctx.args)


def parameters(table: Command) -> list[click.Parameter]:
    """Return the arguments and options of a table for click."""
    return [*map(_argument, table.arguments), *map(_option, table.options)]


def _argument(argument: Argument) -> click.Argument:
    return click.Argument(
        [argument.metavar.rstrip(".").lower()],
        nargs=-1 if argument.many else 1,
        metavar=argument.metavar,
        type=ENTRY_NAME if argument.is_entry_name else None,
    )


def _option(option: Option) -> click.Option:
    return click.Option(
        [option.name],
        is_flag=not option.metavar,
        metavar=option.metavar if option.metavar and not option.choices else None,
        type=click.Choice(option.choices) if option.choices else None,
        multiple=option.many,
        default=option.default or None,
        show_default=bool(option.choices),
        help=option.help,
    )
