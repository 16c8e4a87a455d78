"""Many files: those that did not change come from the cache, the others are shared out to a process per core.

The processes are forks, which start within a millisecond or two and have everything that this one has read.
Where there is no fork (Windows), one process does the work.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.workspace import UnreadableFile, read_source
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import Checker
from strongroom_cli.check.file_results import Plain, from_plain, to_plain

if TYPE_CHECKING:
    from strongroom_cli.check.result_cache import ResultCache

Result = tuple[int, str, Plain | None, str]
"""The number of a file, its key in the cache, what was found in it (None: unreadable), and its text
(of a file without findings: nothing; of an unreadable one: the message and the way out)."""

FEW = 8
"""Fewer files than this are not worth another process."""


def check_many(checker: Checker, paths: Sequence[str]) -> list[CheckedFile]:
    """What was found in each file, in the order of `paths`."""
    cache = None
    if "no_cache" not in checker.parsed.flags:
        from strongroom_cli.check.result_cache import ResultCache

        cache = ResultCache.open(checker)
    checked: dict[int, CheckedFile] = {}
    for number, path in enumerate(paths):
        known = cache.look_up(path) if cache else None
        if known is not None:
            checked[number] = known
    missing = [number for number in range(len(paths)) if number not in checked]
    for number, key, plain, text in _shared_out(checker, cache, paths, missing):
        if plain is None:
            # The text is the reason then: an exception does not travel through a pipe.
            message, _, way_out = text.partition("\n")
            checked[number] = CheckedFile(paths[number], problem=UnreadableFile(message, way_out))
            continue
        checked[number] = from_plain(paths[number], text, plain)
        if cache and key:
            cache.add(key, plain)
    if cache:
        cache.save()
    return [checked[number] for number in range(len(paths))]


def _shared_out(
    checker: Checker, cache: "ResultCache | None", paths: Sequence[str], missing: Sequence[int]
) -> list[Result]:
    """The results for the files whose numbers are in `missing`, from as many processes as there are cores."""
    processes = min(_cores(), len(missing) // FEW) if hasattr(os, "fork") else 1
    if processes < 2:
        return _results(checker, cache, paths, missing)
    for number in missing:
        # Read before the fork, so that settings and vault are read once, and a mistake in them is told once.
        checker.surroundings(paths[number])
    shares = [missing[start::processes] for start in range(processes)]
    children = [_start(checker, cache, paths, share) for share in shares[1:]]
    results = _results(checker, cache, paths, shares[0])
    for share, (pid, pipe) in zip(shares[1:], children, strict=True):
        answer = _answer(pid, pipe)
        # A process that was killed (out of memory) leaves its files to this one.
        results += answer if answer is not None else _results(checker, cache, paths, share)
    return results


def _results(
    checker: Checker, cache: "ResultCache | None", paths: Sequence[str], numbers: Sequence[int]
) -> list[Result]:
    results: list[Result] = []
    for number in numbers:
        try:
            source = read_source(paths[number])
        except UnreadableFile as problem:
            results.append((number, "", None, f"{problem.message}\n{problem.way_out}"))
            continue
        found = checker.check(source)
        key = cache.key(source.path, source.encode(source.text)) if cache else ""
        results.append((number, key, to_plain(found), source.text if found.findings else ""))
    return results


def _start(
    checker: Checker, cache: "ResultCache | None", paths: Sequence[str], share: Sequence[int]
) -> tuple[int, int]:
    """A child that checks its share, and the pipe that it answers on."""
    import marshal

    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write_end)
        return pid, read_end
    status = 1
    try:
        os.close(read_end)
        answer = marshal.dumps(_results(checker, cache, paths, share))
        with open(write_end, "wb") as pipe:
            pipe.write(answer)
        status = 0
    finally:
        # Whatever happened, the child must not go on as a second parent; the parent does its work again.
        os._exit(status)


def _answer(pid: int, pipe: int) -> list[Result] | None:
    """What a child found, or None where it did not come to its end."""
    import marshal

    with open(pipe, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(pid, 0)
    if status:
        return None
    results: list[Result] = marshal.loads(answer)  # noqa: S302 - written by our own child
    return results


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
