"""Render the requests of tests without sending them."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from strongroom.resolver import Inputs, RenderedRequest, Values, render_request
from strongroom.resolver.composite import request_context
from strongroom.resolver.reports.notices import notices_of
from strongroom.resolver.templates.rendering import Renderer
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.testcases.cases import Case
from strongroom.testcases.running import Prepared


class DryRun(NamedTuple):
    """Hold the request that a test would send.

    `request` is None if the request cannot be known, and `problem` is the reason.

    For a composite it is the first step's request. The later ones are made from the answers of the APIs.
    """

    case: Case
    request: RenderedRequest | None
    problem: str = ""
    later: tuple[str, ...] = ()
    """The names of the later steps."""

    @property
    def failed(self) -> bool:
        """Return True if a run would fail before sending or send an unresolved expression."""
        return self.request is None or self.request.failure is not None or bool(self.request.unresolved)

    @property
    def notices(self) -> list[str]:
        """Return what is noticed before anything is sent, a line each."""
        return [] if self.request is None else notices_of(self.request)

    @property
    def reason(self) -> str:
        """Return the reason why a run would fail before it is sent, or ""."""
        if self.request is None:
            return self.problem
        return "" if self.request.failure is None else self.request.failure.reason


def render_cases(prepared: Iterable[Prepared]) -> list[DryRun]:
    """Render the requests that tests would send, without the skipped ones."""
    return [_rendered(item) for item in prepared if item.case.skip is None]


def _rendered(item: Prepared) -> DryRun:
    case = item.case
    if item.problem:
        return DryRun(case, None, item.problem)
    steps = item.connector.get("steps")
    if not isinstance(steps, list):
        return DryRun(case, render_request(item.connector, item.values, case.inputs))
    known = [step for step in steps if isinstance(step, Mapping)]
    if not known:
        return DryRun(case, None, "a composite connector needs at least one step.")
    later = tuple(str(step.get("name") or index) for index, step in enumerate(known))[1:]
    return DryRun(case, _first(known[0], item.values, case.inputs), "", later)


def _first(step: Mapping[str, Any], values: Values, inputs: Inputs) -> RenderedRequest:
    extra = {"steps": {}, "request": request_context(inputs)}
    renderer = Renderer(values, inputs, StandIns(), in_composite=True, extra=extra)
    return render_request(step, values, inputs, renderer=renderer)
