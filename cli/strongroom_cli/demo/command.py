"""Run `strongroom demo`: the app, a throw-away vault, connectors and a local API."""

import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from strongroom.errors import StrongroomError
from strongroom_cli.faces.app import can_draw_screen, run_app


@click.command(name="demo", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--path", metavar="FOLDER", help="Make the demo here and keep it; without, it is thrown away.")
@click.option(
    "--print", "only_print", is_flag=True, help="Start no app: print the environment, wait for Enter."
)
@click.option("--tour", is_flag=True, help="Begin with a tour: one secret is missing, and the test needs it.")
def command(path: str | None, only_print: bool, tour: bool) -> int:
    """Open the app on a throw-away vault, sample connectors and a local sample API.

    With --print the sample API answers until Enter (or the end of standard input), so that every other
    command can be tried on the demo from a second terminal, or from a script.
    """
    if not only_print and not can_draw_screen():
        raise StrongroomError(
            "The demo is a screen, and there is no terminal here to show it on.",
            "`strongroom demo --print` prepares it for other commands.",
        )
    from strongroom_cli.demo import prepare_demo

    killed = _end_in_order()
    with _folder(path) as folder, prepare_demo(folder, tour=tour) as demo:
        if only_print:
            _print(demo.environment, demo.workspace, demo.api_url)
            return 0
        os.environ.update(demo.environment)
        try:
            return run_app(demo.workspace, demo.vault_path, demo.community, tour=tour)
        except Exception:
            # Without its terminal the app may fail to restore it. The signal is the reason for the end of the demo.
            if killed:
                return 128 + killed[0]
            raise


def _end_in_order() -> list[int]:
    """Exit when the terminal is closed or on `kill`, so that the folder is removed.

    Return a list that gets the signal's number.
    """
    killed: list[int] = []

    def leave(number: int, _frame: object) -> None:
        killed.append(number)
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        # Windows has no SIGHUP.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
    return killed


def _print(environment: Mapping[str, str], workspace: str, api: str) -> None:
    """Print lines whose `eval` by a shell makes every command work on the demo."""
    print(f"# The sample API answers at {api} until you press Enter. In another terminal:")
    for name, value in environment.items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"cd {shlex.quote(workspace)}")
    sys.stdout.flush()
    from strongroom_cli.terminal.prompts import read_line

    read_line()


@contextmanager
def _folder(path: str | None) -> Iterator[str]:
    if path is not None:
        folder = Path(path).absolute()
        if (folder / "vault").exists():
            raise StrongroomError(f"{folder} has a demo already.", "Remove it, or choose another folder.")
        yield str(folder)
        return
    with tempfile.TemporaryDirectory(prefix="strongroom-demo-") as temporary:
        yield temporary
