"""Run the steps of a composite connector, each with the answers before it.

See PLATFORM §2 and §6.
"""

from collections.abc import Mapping
from typing import Any

from strongroom.platform.template_names import CALLER_HEADER
from strongroom.resolver.reports.reporting import RunState
from strongroom.resolver.running.batch import RunContext
from strongroom.resolver.running.step import Step, execute
from strongroom.resolver.templates.values import Values
from strongroom.resolver.terms.failures import DOWNSTREAM_HTTP, UNEXPECTED, Failure, RunFailed, scoped
from strongroom.resolver.terms.inputs import Inputs


async def run_steps(
    connector: Mapping[str, Any], values: Values, inputs: Inputs, run: RunContext, state: RunState
) -> None:
    """Run the steps in order and stop at the first that fails.

    `RunFailed` names the step and its index.
    """
    state.is_composite = True
    steps = [step for step in connector["steps"] if isinstance(step, Mapping)]
    if not steps:
        raise RunFailed(scoped(500, UNEXPECTED, "a composite connector needs at least one step."))
    done: dict[str, Any] = {}
    for index, definition in enumerate(steps):
        name = str(definition.get("name") or index)
        step = Step(definition, run, name, index + 1, len(steps))
        state.steps.append(step)
        before = state.clock.elapsed()
        extra = {"steps": dict(done), "request": request_context(inputs)}
        failure: Failure | None = None
        try:
            await execute(step, values, inputs, state.clock, extra)
        except RunFailed as error:
            failure = _of_step(name, index, error.failure)
        finally:
            state.clock.step(name, state.clock.elapsed() - before)
        if failure is None and step.answer is not None and step.answer.status >= 400:
            reason = f"the API of the step {name} answered {step.answer.status}."
            failure = scoped(502, f"Composite step '{name}' (index {index}): {DOWNSTREAM_HTTP}", reason)
        if failure is not None:
            raise RunFailed(failure)
        done[name] = step.as_context()


def _of_step(name: str, index: int, failure: Failure) -> Failure:
    """Return a step's failure as the failure of the whole, with the step in its scope."""
    scope = failure.errors.get("scope") or failure.errors.get("code") or ""
    errors = {**failure.errors, "scope": f"Composite step '{name}' (index {index}): {scope}"}
    return failure._replace(errors=errors, reason=f"step {name}: {failure.reason}")


def request_context(inputs: Inputs) -> dict[str, Any]:
    """Return `request.*`: the incoming call, as every step sees it."""
    return {
        # None for no body, and for one that is not UTF-8, as the platform's reference says.
        "body_text": _text_or_none(inputs.payload_bytes()),
        "body_raw": inputs.payload_bytes() or None,
        "headers": _caller_headers(inputs),
        "query_parameters": dict(inputs.query),
    }


def _caller_headers(inputs: Inputs) -> dict[str, str]:
    """Return `request.headers`: only the caller's Content-Type (PLATFORM §2).

    The SDK sends a payload as JSON. No page says under which spelling the header is there, but all write it so.
    """
    given = {key.lower(): value for key, value in inputs.headers.items()}
    content_type = given.get("content-type", "application/json" if inputs.payload else "")
    return {CALLER_HEADER: content_type} if content_type else {}


def _text_or_none(payload: bytes) -> str | None:
    try:
        return payload.decode() or None
    except UnicodeDecodeError:
        return None
