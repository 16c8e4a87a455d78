"""Run `strongroom hosts`: the hosts to which secrets may be sent from a folder."""

import os

import click

from strongroom.resolver.request.consent import wire_host
from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom.text.phrases import counted
from strongroom.text.terminal import visible
from strongroom_cli.terminal.click_options import community_option
from strongroom_cli.terminal.session import CommandSession, print_json, print_lines


@click.group(
    name="hosts", invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> int:
    """List the hosts to which secrets may be sent, with folder and community."""
    if context.invoked_subcommand is not None:
        return 0
    agreements = TrustedHosts().agreements()
    if as_json:
        print_json([one._asdict() for one in agreements])
    elif not agreements:
        print("No host yet: `strongroom test` asks before it sends secrets to one for the first time.")
    print_lines(
        f"{visible(one.host)}  {visible(one.community)}  {visible(one.folder)}"
        for one in agreements
        if not as_json
    )
    return 0


@command.command(name="allow")
@click.argument("hosts", nargs=-1, required=True, metavar="HOST...")
@community_option
def allow(*, hosts: tuple[str, ...], community: str | None) -> int:
    """Agree that secrets go to HOST (or HOST:PORT) from this folder."""
    session = CommandSession(community)
    if session.place is not None:
        meant = session.place.community
    else:
        with session.reader() as reader:
            meant = session.community(reader)
    TrustedHosts().agree(session.settings.folder, meant, list(map(wire_host, hosts)))
    print(f'Secrets of "{visible(meant)}" may go to {visible(", ".join(hosts))} from this folder.')
    return 0


@command.command(name="forget")
@click.argument("hosts", nargs=-1, required=True, metavar="HOST...")
@click.option("--everywhere", is_flag=True, help="In all folders, not only in this one.")
def forget(*, hosts: tuple[str, ...], everywhere: bool) -> int:
    """Ask again before secrets go to HOST."""
    trusted = TrustedHosts()
    folder = None if everywhere else CommandSession().settings.folder
    forgotten = sum(trusted.forget(wire_host(host), folder) for host in hosts)
    where = "anywhere" if everywhere else os.path.abspath(folder or os.curdir)
    print(
        f"Forgot {counted(forgotten, 'agreement')}."
        if forgotten
        else f"Nothing to forget in {visible(where)}."
    )
    return 0
