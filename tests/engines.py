"""Real engines on loopback, for the tests: OpenBao, and moto's server in place of AWS.

Both come from packages of the extra `test`, so nothing is skipped.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT_TOKEN = "root-of-the-tests"


class Server(NamedTuple):
    """One engine, and its process."""

    address: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def start_openbao(port: int = 0, tls: Path | None = None) -> Iterator[Server]:
    """Run an empty OpenBao, unsealed, with a KV engine of version 2 at `secret`.

    With a folder for `tls`, it answers HTTPS with a certificate of an authority that it makes there.
    """
    port = port or free_port()
    program = str(Path(sys.executable).parent / "bao")
    kind = ["-dev-tls", f"-dev-tls-cert-dir={tls}"] if tls else ["-dev"]
    command = [
        *(program, "server", *kind, "-dev-no-store-token"),
        *(f"-dev-root-token-id={ROOT_TOKEN}", f"-dev-listen-address=127.0.0.1:{port}"),
    ]
    with _run(command, port, "" if tls else "/v1/sys/health") as server:
        yield server._replace(address=f"https://127.0.0.1:{port}") if tls else server


@contextmanager
def start_moto(port: int = 0) -> Iterator[Server]:
    """Run an empty stand-in for AWS."""
    port = port or free_port()
    with _run(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port, "/moto-api/"
    ) as server:
        yield server


@contextmanager
def _run(command: Sequence[str], port: int, health: str) -> Iterator[Server]:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait(server, health)
        yield server
    finally:
        stop(server)


def stop(server: Server) -> None:
    """End an engine as a power cut would, with the processes that it started."""
    if server.process.poll() is None:
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


def _wait(server: Server, health: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.process.poll() is None:
        try:
            if health:
                urllib.request.urlopen(server.address + health, timeout=5).close()
            else:
                host, _, port = server.address.rpartition("/")[2].partition(":")
                socket.create_connection((host, int(port)), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{server.address} did not start")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def aws_environment(server: Server) -> dict[str, str]:
    """Return the variables that send AWS's client to a stand-in, with a login that it accepts."""
    return {
        "AWS_ENDPOINT_URL": server.address,
        "AWS_ACCESS_KEY_ID": "of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "of-the-tests",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
