"""`strongroom lsp`."""

import click


@click.command(name="lsp")
@click.option("--stdio", count=True, help="Standard input and output: the default, and what editors say.")
def command(stdio: int) -> int:  # noqa: ARG001 - editors pass the flag, and the server has only this transport
    """Start the language server, on standard input and output. Editors do this."""
    from strongroom_lsp.serving import serve_standard_streams

    return serve_standard_streams()
