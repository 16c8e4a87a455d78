"""Options that several commands share, for click."""

from collections.abc import Callable
from typing import Any

import click

Decorated = Callable[..., Any]

community_option = click.option("--community", metavar="NAME", help="The community that is meant.")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show.",
)
