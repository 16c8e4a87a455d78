"""Start the language server, for `strongroom lsp`."""

import click

from strongroom.errors import StrongroomError


@click.command(name="lsp")
@click.option("--stdio", count=True, help="Standard input and output: the default, and what editors say.")
@click.option("--tcp", metavar="HOST:PORT", help="Wait for one client on a TCP address.")
@click.option(
    "--ws", metavar="HOST:PORT", help="Wait for one WebSocket client, as an editor in a browser is."
)
def command(stdio: int, tcp: str | None, ws: str | None) -> int:
    """Start the language server. Editors do this."""
    if sum(map(bool, (stdio, tcp, ws))) > 1:
        raise StrongroomError("--stdio, --tcp and --ws exclude each other.", "Name one of them.")
    from strongroom_lsp.quick_import import quick_import

    with quick_import():
        from strongroom_lsp.serving import serve_standard_streams
    if tcp is None and ws is None:
        return serve_standard_streams()
    from strongroom_lsp.listening import Address, serve_tcp, serve_websocket

    return serve_tcp(Address.of(tcp)) if tcp is not None else serve_websocket(Address.of(ws or ""))
