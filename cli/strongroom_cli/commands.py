"""List the commands, and put click's errors into the words of Strongroom.

The module of a command has a click command called `command`. It is imported when the command is run. `check`
is a table and has no click command of its own.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

import click

from strongroom.text.phrases import joined
from strongroom.version import __version__
from strongroom_cli.check.table import CHECK, SUMMARY
from strongroom_cli.terminal.arguments import UsageError, repeated, unknown, unknown_option
from strongroom_cli.terminal.click_commands import TableCommand


class _Entry(NamedTuple):
    module: str
    summary: str


COMMANDS: Final = {
    "check": _Entry("check.command", SUMMARY),
    "rules": _Entry("rules", "Show the rules, or one rule's page."),
    "names": _Entry("secrets.names", "Show the known names and their kinds, without a key."),
    "secret": _Entry("secrets.secret", "Add, change, show, list, rename, delete, restore and purge secrets."),
    "variable": _Entry("secrets.variable", "Do the same with variables."),
    "bundle": _Entry(
        "secrets.bundle", "Seal communities for colleagues, merge what they sealed, check who opens it."
    ),
    "community": _Entry(
        "secrets.community", "List and change communities, and choose the one that is meant."
    ),
    "vault": _Entry("vault.command", "Make the vault, look at it, verify it."),
    "test": _Entry("runs.command", "Run connectors against their external APIs, and say what happened."),
    "hosts": _Entry("runs.hosts", "List and change the hosts to which secrets may be sent."),
    "doctor": _Entry("vault.doctor", "Show what Strongroom finds here, and what is wrong with it."),
    "demo": _Entry(
        "demo.command", "Open the app on a throw-away vault, sample connectors and a local sample API."
    ),
    "lsp": _Entry("faces.language_server", "Start the language server."),
}
"""All commands, in the order of the help."""


class _Commands(click.Group):
    """Group all commands.

    A command's module is imported when the command is run.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if cmd_name == "check":
            return TableCommand(CHECK, _run_check)
        command: click.Command = import_module(f"strongroom_cli.{entry.module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list from the table, so that `--help` imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            raise unknown("command", args[0], COMMANDS, "See `strongroom --help`.")
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
    """Run one command through click and return its exit status.

    Raises `StrongroomError` for a wrong one.
    """
    _refuse_repeated(commands, arguments, None)
    try:
        result: Any = commands.main(list(arguments), prog_name="strongroom", standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        # Compared by name, because older versions of click do not have the class.
        if type(error).__name__ == "NoArgsIsHelpError":
            click.echo(error.format_message(), err=True)
            return 2
        raise _as_usage_error(error) from None
    return result if isinstance(result, int) else 0


def _refuse_repeated(command: click.Command, arguments: Sequence[str], parent: click.Context | None) -> None:
    """Raise `UsageError` for an option with one value that is given again.

    click takes the last value. The command reports other mistakes in the arguments when it runs.
    """
    context = click.Context(command, parent=parent, info_name=command.name, resilient_parsing=True)
    try:
        _, rest, given = command.make_parser(context).parse_args(list(arguments))
    except click.UsageError:
        return
    options = [one for one in given if isinstance(one, click.Option) and not (one.multiple or one.count)]
    for option in options:
        if options.count(option) > 1:
            raise repeated(max(option.opts, key=len))
    if isinstance(command, click.Group) and rest:
        below = command.get_command(context, rest[0])
        if below is not None and options and parent is not None:
            name = max(options[0].opts, key=len)
            raise UsageError(
                f"{name} before `{rest[0]}` would be lost.",
                f"Put it after the command: `{context.command_path} {rest[0]} {name} ...`.",
            )
        if below is not None:
            _refuse_repeated(below, rest[1:], context)


def _as_usage_error(error: click.ClickException) -> UsageError:
    """Return the error for an error of click.

    Typed text that may be a value is not repeated: surplus arguments, values of options, and words that are not similar
    to a known one.
    """
    context = getattr(error, "ctx", None)
    way_out = f"See `{context.command_path} --help`." if context else ""
    if isinstance(error, click.NoSuchOption):
        return unknown_option(error.option_name, _options_of(context), way_out)
    if isinstance(error, click.MissingParameter):
        return UsageError(_sentence(error.format_message()), way_out)
    if isinstance(error, click.BadParameter):
        return UsageError(_wrong_value(error), way_out)
    if "unexpected extra argument" in error.message:
        return UsageError("There are more arguments than this command takes.", way_out)
    if (
        context is not None
        and isinstance(context.command, click.Group)
        and "No such command" in error.message
    ):
        given = getattr(error, "command_name", None) or error.message.partition("'")[2].rpartition("'")[0]
        return unknown("command", given, context.command.list_commands(context), way_out)
    return UsageError(_sentence(error.format_message()), way_out)


def _options_of(context: click.Context | None) -> list[str]:
    parameters = context.command.get_params(context) if context else []
    return [
        name
        for one in parameters
        if isinstance(one, click.Option)
        for name in (*one.opts, *one.secondary_opts)
    ]


def _wrong_value(error: click.BadParameter) -> str:
    """Return a sentence about the values of an option or argument.

    The sentence of click is not used, because it repeats the typed text.
    """
    parameter = error.param
    if parameter is None:
        return "A value is not valid."
    name = (
        max(parameter.opts, key=len)
        if isinstance(parameter, click.Option)
        else (parameter.name or "").upper()
    )
    if isinstance(parameter.type, click.Choice):
        return f"{name} can be {joined([*map(str, parameter.type.choices)], 'or')}."
    if isinstance(parameter.type, click.IntRange):
        return f"{name} is a whole number from {parameter.type.min} to {parameter.type.max}."
    return f"{name} is not a valid {parameter.type.name}."


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?")) else f"{message}."


def _run_check(arguments: Sequence[str]) -> int:
    from strongroom_cli.check.command import run

    return run(arguments)
