"""The list of commands, each loaded when it is asked for, and how click's complaints are told.

A command's module holds a click command called `command`. `check` runs without click (see `main`); its help
and its place in the list are made here from its table of options.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

import click

from strongroom.version import __version__
from strongroom_cli.arguments import UsageError
from strongroom_cli.main import GLOBAL_OPTIONS


class _Entry(NamedTuple):
    module: str
    summary: str


COMMANDS: Final = {
    "check": _Entry("check", "Find mistakes in connector files, and fix those that have a safe fix."),
    "rules": _Entry("rules", "The catalogue of rules, or one rule's page."),
    "names": _Entry("names", "The known names and their kinds, without a key."),
    "secret": _Entry("secret", "Add, change, show, list, rename, delete, restore and purge secrets."),
    "variable": _Entry("variable", "The same for variables."),
    "community": _Entry("community", "The communities of the vault, and which one is meant."),
    "vault": _Entry("vault", "Make the vault, look at it, verify it."),
    "test": _Entry("test", "Run connectors against their external APIs, and say what happened."),
    "hosts": _Entry("hosts", "The hosts to which secrets may be sent, and from which folder."),
    "doctor": _Entry("doctor", "What was found where, and what is wrong with it."),
    "demo": _Entry(
        "demonstration", "The app on a throw-away vault, sample connectors and a local sample API."
    ),
    "lsp": _Entry("language_server", "The language server, on standard input and output."),
}
"""Every command, in the order of the help."""


class _Commands(click.Group):
    """The group of all commands; a module is imported only when its command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if cmd_name == "check":
            return _check_command()
        command: click.Command = import_module(f"strongroom_cli.{entry.module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list from the table: `--help` imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from strongroom.settings import did_you_mean

            raise UsageError(f'There is no command "{args[0]}".', did_you_mean(args[0], COMMANDS))
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command: the terminal app on the current folder.",
)
@click.option("--vault", metavar="FILE", help="The vault file (or STRONGROOM_VAULT).")
@click.option("--key-file", metavar="FILE", help="The vault's key file (or STRONGROOM_KEY_FILE).")
@click.version_option(__version__, prog_name="strongroom", message="%(prog)s %(version)s")
def commands(vault: str | None, key_file: str | None) -> None:
    """Secrets, checks and test runs for Gainsight Customer Communities connectors."""


def run_command(arguments: Sequence[str]) -> int:
    """Run one command through click and give its exit status. Raises `StrongroomError` for a wrong one."""
    try:
        result: Any = commands.main(list(arguments), prog_name="strongroom", standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        raise _told(error) from None
    return result if isinstance(result, int) else 0


def _told(error: click.ClickException) -> UsageError:
    """What click complains about, in our form. Surplus arguments are not repeated: one may be a value."""
    context = getattr(error, "ctx", None)
    way_out = f"See `{context.command_path} --help`." if context else ""
    if type(error) is click.UsageError and "unexpected extra argument" in error.message:
        return UsageError("There are more arguments than this command takes.", way_out)
    if isinstance(error, click.NoSuchOption) and error.option_name in GLOBAL_OPTIONS:
        way_out = f"Say it before the command: `strongroom {error.option_name} FILE ...`."
    message = error.format_message()
    return UsageError(message if message.endswith((".", "?")) else f"{message}.", way_out)


def _check_command() -> click.Command:
    """`check` as click shows it, made from its table; it runs without click."""
    from strongroom_cli import check

    def options() -> list[click.Parameter]:
        made: list[click.Parameter] = [click.Argument(["path"], nargs=-1, metavar=check.ARGUMENT[0])]
        for option in check.OPTIONS:
            kind = click.Choice(option.choices) if option.choices else None
            made.append(
                click.Option(
                    [option.name],
                    is_flag=not option.metavar,
                    metavar=option.metavar if option.metavar and not option.choices else None,
                    type=kind,
                    multiple=option.many,
                    default=option.default or None,
                    show_default=bool(option.choices),
                    help=option.help,
                )
            )
        return made

    return click.Command(
        "check",
        params=options(),
        help=f"{check.SUMMARY}\n\nPATH: {check.ARGUMENT[1]}",
        epilog=check.EPILOG,
    )
