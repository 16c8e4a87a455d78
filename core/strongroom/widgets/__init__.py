"""Read the calls of connectors in the code of widgets: JavaScript, TypeScript, HTML, Vue and Svelte.

Tolerant: it never raises on any text, and what is not certain from the text is not known. It reads no file.
"""

from strongroom.widgets.calls import Call, CallKind
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.known import KnownConnector, KnownConnectors
from strongroom.widgets.scripts import is_widget_path, may_call
from strongroom.widgets.values import Member, Value

__all__ = [
    "Call",
    "CallKind",
    "KnownConnector",
    "KnownConnectors",
    "Member",
    "Value",
    "WidgetCode",
    "is_widget_path",
    "may_call",
]
