"""Runs one connector as the platform does (PLATFORM §6) and reports on it."""

import asyncio
import traceback
import uuid
from collections.abc import Mapping
from typing import Any

from strongroom.errors import StrongroomError
from strongroom.resolver.authentication import Context, TokenCache
from strongroom.resolver.composite import run_steps
from strongroom.resolver.failures import Failure, RunFailed, scoped
from strongroom.resolver.inputs import Inputs, Policy
from strongroom.resolver.ledger import Ledger
from strongroom.resolver.report import Report
from strongroom.resolver.reporting import Result, make_report
from strongroom.resolver.step import Step, execute
from strongroom.resolver.values import Values, snapshot


async def run_connector(
    connector: Mapping[str, Any],
    values: Values,
    inputs: Inputs | None = None,
    policy: Policy | None = None,
    *,
    transport: Any = None,
    community: str = "",
    tokens: TokenCache | None = None,
) -> Report:
    """Sends the connector's request, or each step's, and reports. Nothing that these do raises.

    `transport` is an httpx2 transport that stands in for the network. `community` is named in explanations
    only. `tokens` keeps access tokens from one run to the next; without it each run fetches its own.
    """
    inputs, ledger = inputs or Inputs(), Ledger()
    context = Context(ledger, policy or Policy(), tokens or TokenCache(), transport)
    result = Result(str(connector.get("name") or ""), str(uuid.uuid4()), ledger, community)
    fetched = snapshot(values, connector)
    try:
        if isinstance(connector.get("steps"), list):
            await run_steps(connector, fetched, inputs, context, result)
        else:
            result.steps.append(Step(connector, context))
            await execute(result.steps[-1], fetched, inputs, result.clock)
    except RunFailed as error:
        result.failure = error.failure
    except StrongroomError:
        raise
    except Exception as error:
        # A mistake of our own. Its text and its frames may hold values, so only its kind and place are told.
        result.failure = _own_mistake(error)
    # Looking for echoes in a long answer takes a while: not on the loop that a screen may share.
    return await asyncio.to_thread(make_report, result)


def _own_mistake(error: Exception) -> Failure:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "an unknown place"
    return scoped(500, "Strongroom", f"Strongroom itself failed ({type(error).__name__} in {place}).")
