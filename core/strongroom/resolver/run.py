"""One run of one connector: see `strongroom.resolver.runner`."""

from strongroom.resolver.runner import run_connector

__all__ = ["run_connector"]
