"""Make code of widgets for the tests of rules, and the connectors that it is held against."""

from strongroom.document import Document
from strongroom.validator.call_validator import CallValidator
from strongroom.validator.calls.connectors import known_connectors
from strongroom.validator.fixing import fix_all
from strongroom.widgets.code import WidgetCode

REGISTRY = """{
  "connectors": [
    {"name": "Latest news", "permalink": "news", "url": "https://api.example.com/news"},
    {"name": "Add Topic", "url": "https://api.example.com/topics", "method": "POST"},
    {"name": "Topic", "permalink": "topic", "method": "GET",
     "url": "https://api.example.com/topics/{{ pathParams.topicId }}/{{ pathParams.lang }}",
     "path_parameters": [{"key": "topicId"}, {"key": "lang", "value": "en", "overridable": true}]},
    {"name": "Both", "permalink": "both", "method": "PUT", "url": "https://api.example.com/both"}
  ],
  "composite_connectors": [
    {"name": "Profile", "permalink": "profile", "steps": [{"name": "a", "url": "https://api.example.com/a"}]},
    {"name": "Both", "permalink": "both", "steps": [{"name": "a", "url": "https://api.example.com/a"}]}
  ]
}"""
"""The connectors that the code of tests is held against."""


def mended_code(text, *, path="app.ts", unsafe=False):
    """Return the code after all fixes that are safe, applied until nothing changes."""
    known = known_connectors([Document.parse(REGISTRY)])
    return fix_all(
        WidgetCode(path, text), lambda code: CallValidator().findings(code, known), unsafe=unsafe
    ).document.text
