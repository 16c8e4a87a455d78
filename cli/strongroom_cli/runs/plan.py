"""Hold the options of one `strongroom test`."""

from typing import NamedTuple

from strongroom.testcases.running import AT_ONCE


class RunOptions(NamedTuple):
    """Hold how the tests are run, and how their results are shown."""

    dry_run: bool = False
    curl: bool = False
    record: bool = False
    replay: bool = False
    verbose: bool = False
    as_json: bool = False
    junit: str | None = None
    jobs: int = AT_ONCE
    yes: bool = False
    send_to: tuple[str, ...] = ()
