"""Read connector files as text with positions.

That is tolerant JSON, connectors and their fields, and template calls.

Nothing here does I/O, knows an editor's protocol, or raises on any text. Reading gives the readable part and the
problems. Offsets are code points of the source text.
"""

from strongroom.document.connector import Connector
from strongroom.document.document import Document
from strongroom.document.json_values import decode, encode
from strongroom.document.template import Call, Field, NameSlot, Template, TemplateText
from strongroom.text.lines import LineIndex

__all__ = [
    "Call",
    "Connector",
    "Document",
    "Field",
    "LineIndex",
    "NameSlot",
    "Template",
    "TemplateText",
    "decode",
    "encode",
]
