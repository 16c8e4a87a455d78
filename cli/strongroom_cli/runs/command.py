"""Run `strongroom test`: connectors and test cases."""

from collections.abc import Set
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from strongroom.resolver import Policy
from strongroom.resolver.request.consent import wire_host
from strongroom.store.errors import VaultMissing
from strongroom.testcases.publishing_notes import error_notes, registry_notes
from strongroom.testcases.running import AT_ONCE, BatchOptions, Prepared, with_values
from strongroom.workspace.known_names import unknown_community
from strongroom_cli.runs.choice import ChosenTests, Wanted, choose
from strongroom_cli.runs.consent import Asker
from strongroom_cli.runs.inputs import inputs_of
from strongroom_cli.runs.plan import RunOptions
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.click_options import community_option
from strongroom_cli.terminal.messages import say
from strongroom_cli.terminal.session import CommandSession

if TYPE_CHECKING:
    from strongroom.resolver import Values
    from strongroom.store.opened import OpenStore
    from strongroom.testcases.running import ValuesOf


@click.command(name="test", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "every", is_flag=True, help="Every test; every connector if there are no tests.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Only tests with this tag (several: any).")
@community_option
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--curl", is_flag=True, help="Show it as curl, secrets as variables, and send nothing.")
@click.option("--record", is_flag=True, help="Keep what the APIs answer, for --replay.")
@click.option("--replay", is_flag=True, help="Recorded answers instead of the network; needs no vault.")
@click.option("--payload", metavar="TEXT", help="The incoming body, or @FILE; @- is standard input.")
@click.option(
    "--query", metavar="KEY=VALUE", multiple=True, help="A query parameter of the caller (several: again)."
)
@click.option("--path-param", metavar="KEY=VALUE", multiple=True, help="A path parameter (several: again).")
@click.option(
    "--user",
    metavar="USER",
    help="The caller: sample, anonymous, an email address, an id, or @FILE with a JSON object.",
)
@click.option("--yes", is_flag=True, help="Send secrets to new hosts without a question, and remember them.")
@click.option(
    "--send-to", metavar="HOST", multiple=True, help="The same for this host only (several: again)."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=AT_ONCE, show_default=True, help="Tests at once.")
@click.option("--verbose", is_flag=True, help="Also headers, the debug request and the body.")
@click.option("--json", "as_json", is_flag=True, help="Reports for programs.")
@click.option("--junit", metavar="FILE", help="Write a JUnit report for a CI server.")
@click.option("--history", is_flag=True, help="List the runs that were kept, of NAME or of all.")
@click.option(
    "--compare", nargs=2, metavar="A B", help="Compare two kept runs, by their numbers in --history."
)
def command(
    *,
    names: tuple[str, ...],
    every: bool,
    tags: tuple[str, ...],
    community: str | None,
    dry_run: bool,
    curl: bool,
    record: bool,
    replay: bool,
    payload: str | None,
    query: tuple[str, ...],
    path_param: tuple[str, ...],
    user: str | None,
    yes: bool,
    send_to: tuple[str, ...],
    jobs: int,
    verbose: bool,
    as_json: bool,
    junit: str | None,
    history: bool,
    compare: tuple[str, str] | None,
) -> int:
    """Run tests and connectors, and say what happened. Exit status 1 if one fails.

    NAME is a test of a *.tests.toml file, or a connector's permalink or name: its tests are run, or the
    connector by itself if it has none or if an input is given.
    """
    session = CommandSession(community)
    if history or compare:
        from strongroom_cli.runs.history import run_history

        return run_history(session.settings.folder, names, compare, as_json=as_json)
    if record and replay:
        raise UsageError("--record and --replay cannot be combined.", "Record once, then replay.")
    inputs = inputs_of(payload, query, path_param, user)
    chosen = choose(session.settings.folder, Wanted(names, every, tags, community, inputs))
    if chosen is None:
        return 2
    targets = [target for _, target in chosen.items if target is not None]
    for note in (*registry_notes(targets), *error_notes(targets, session.settings)):
        say(note)
    if (record or replay) and not chosen.are_tests:
        raise UsageError("Only tests can be recorded and replayed.", "Write one: see docs/test-cases.md.")
    return _run(
        session,
        chosen,
        RunOptions(dry_run, curl, record, replay, verbose, as_json, junit, jobs, yes, send_to),
    )


def _run(session: CommandSession, chosen: ChosenTests, options: RunOptions) -> int:
    if options.replay:
        return _report(session, chosen, options, None)
    meant = {case.community for case, _target in chosen.items}
    with ExitStack() as opened:
        try:
            values_of = _values_of(session, meant, opened)
        except VaultMissing as error:
            say(f"{error.message} No secret and no variable resolves.")
            values_of = None
        return _report(session, chosen, options, values_of)


def _values_of(session: CommandSession, meant: "Set[str | None]", opened: ExitStack) -> "ValuesOf":
    """Return the values of each community.

    The vault is opened if it holds one of the communities. `opened` closes all that is opened. Raises
    `VaultMissing`.
    """
    backends = session.settings.backends
    place = session.place
    needs_vault = any(name not in backends if name else place is None for name in meant)
    vault = opened.enter_context(session.unlock()) if needs_vault else None
    known = vault.communities() if vault else ()
    default = ""
    if None in meant:
        default = place.community if place else session.community(vault) if vault else ""
    stores: dict[str, OpenStore] = {}

    def values_of(community: str | None) -> "tuple[str, Values]":
        from strongroom.resolver import VaultValues

        name = community or default
        if name not in stores and name in backends:
            stores[name] = opened.enter_context(session.open_place(backends[name]))
        store = stores.get(name, vault)
        if store is None or (name not in backends and name not in known):
            raise unknown_community(name, [*known, *backends])
        return name, VaultValues(store, name)

    return values_of


def _report(
    session: CommandSession, chosen: ChosenTests, options: RunOptions, values_of: "ValuesOf | None"
) -> int:
    """Run or render the chosen tests, and show the results."""
    prepared = [
        Prepared(case, problem=chosen.problem_of(case))
        if target is None
        else with_values(case, target, values_of)
        for case, target in chosen.items
    ]
    settings = session.settings
    policy = Policy(settings.allowed_hosts, settings.ca_file)
    if options.dry_run or options.curl:
        from strongroom_cli.runs.rendering import show_requests

        return show_requests(prepared, policy, as_curl=options.curl, as_json=options.as_json)
    from strongroom_cli.runs.running import run_and_tell

    names = None
    if options.replay:
        from strongroom.workspace import resolve_names

        names = resolve_names(settings, community=session.given_community)
    asker = Asker(settings.folder, agrees=options.yes, hosts=list(map(wire_host, options.send_to)))
    batch = BatchOptions(
        policy, options.jobs, consent=asker.consent, record=options.record, replay=options.replay, names=names
    )
    return run_and_tell(prepared, batch, asker, chosen, options)
