"""Make the demo: a throw-away workspace with a vault, connectors and a local API."""

from strongroom_cli.demo.workspace import Demo, prepare_demo

__all__ = ["Demo", "prepare_demo"]
