"""The list of commands, each loaded when it is asked for, and how click's complaints are told.

A command's module holds a click command called `command`. `check` runs without click (see `main`); its help
and its place in the list are made here from its table of options.
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
    "rules": _Entry("rules", "The catalogue of rules, or one rule's page."),
    "names": _Entry("secrets.names", "The known names and their kinds, without a key."),
    "secret": _Entry("secrets.secret", "Add, change, show, list, rename, delete, restore and purge secrets."),
    "variable": _Entry("secrets.variable", "The same for variables."),
    "community": _Entry("secrets.community", "The communities of the vault, and which one is meant."),
    "vault": _Entry("vault.command", "Make the vault, look at it, verify it."),
    "test": _Entry("runs.command", "Run connectors against their external APIs, and say what happened."),
    "hosts": _Entry("runs.hosts", "The hosts to which secrets may be sent, and from which folder."),
    "doctor": _Entry("vault.doctor", "What was found where, and what is wrong with it."),
    "demo": _Entry(
        "demo.command", "The app on a throw-away vault, sample connectors and a local sample API."
    ),
    "lsp": _Entry("faces.language_server", "The language server, on standard input and output."),
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
            return TableCommand(CHECK, _run_check)
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
    """Run one command through click and give its exit status. Raises `StrongroomError` for a wrong one."""
    _refuse_repeated(commands, arguments, None)
    try:
        result: Any = commands.main(list(arguments), prog_name="strongroom", standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        # By its name: older versions of click do not have it.
        if type(error).__name__ == "NoArgsIsHelpError":
            click.echo(error.format_message(), err=True)
            return 2
        raise _told(error) from None
    return result if isinstance(result, int) else 0


def _refuse_repeated(command: click.Command, arguments: Sequence[str], parent: click.Context | None) -> None:
    """Raise `UsageError` where an option with one value is given again, of which click would take the last.

    Whatever else is wrong with the arguments is told when the command runs.
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
                f"Say it after it: `{context.command_path} {rest[0]} {name} ...`.",
            )
        if below is not None:
            _refuse_repeated(below, rest[1:], context)


def _told(error: click.ClickException) -> UsageError:
    """Return what click complains about, in our form.

    What was typed is not repeated where it may be a value: surplus arguments, values of options, and words that are
    like no known one.
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
    """Return what an option or argument takes, from its type: click's own words repeat what was typed."""
    parameter = error.param
    if parameter is None:
        return "A value is not one that is taken there."
    name = (
        max(parameter.opts, key=len)
        if isinstance(parameter, click.Option)
        else (parameter.name or "").upper()
    )
    if isinstance(parameter.type, click.Choice):
        return f"{name} can be {joined([*map(str, parameter.type.choices)], 'or')}."
    if isinstance(parameter.type, click.IntRange):
        return f"{name} is a whole number from {parameter.type.min} to {parameter.type.max}."
    return f"{name} is not a value of its kind ({parameter.type.name})."


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?")) else f"{message}."


def _run_check(arguments: Sequence[str]) -> int:
    from strongroom_cli.check.command import run

    return run(arguments)
