"""Turn templates and values into a request, a run, and a report without values.

See `run_connector` and `render_request`.

Jinja2, httpx2 and PyJWT are imported when they are first needed, not here.
"""

from strongroom.resolver.authentication import TokenCache
from strongroom.resolver.network.cache import AnswerCache
from strongroom.resolver.reports.capture import captures, load_capture, save_capture
from strongroom.resolver.reports.report import Report
from strongroom.resolver.request.build import render_request
from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.runner import Runner, run_connector
from strongroom.resolver.templates.values import NO_VALUES, MappingValues, NamedValues, Values, VaultValues
from strongroom.resolver.terms.exchange import Answered, Asked, Exchange, NoAnswer, Progress, Sender
from strongroom.resolver.terms.inputs import ANONYMOUS, SAMPLE_USER, Inputs, Policy

__all__ = [
    "ANONYMOUS",
    "NO_VALUES",
    "SAMPLE_USER",
    "AnswerCache",
    "Answered",
    "Asked",
    "Exchange",
    "Inputs",
    "MappingValues",
    "NamedValues",
    "NoAnswer",
    "Policy",
    "Progress",
    "RenderedRequest",
    "Report",
    "Runner",
    "Sender",
    "TokenCache",
    "Values",
    "VaultValues",
    "captures",
    "load_capture",
    "render_request",
    "run_connector",
    "save_capture",
]
