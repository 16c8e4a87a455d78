"""The demo: a throw-away workspace with sample connectors, a vault, and a local API for them to call."""

from strongroom_cli.demo.workspace import Demo, prepare_demo

__all__ = ["Demo", "prepare_demo"]
