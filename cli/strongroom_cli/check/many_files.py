"""Check many files, with a cache for unchanged ones and a process per core.

The processes are forks. A fork starts within two milliseconds and has everything that its parent has read. On a system
without fork (Windows), one process does the work.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.widgets.scripts import is_widget_path
from strongroom.workspace import UnreadableFile, read_source
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import Checker
from strongroom_cli.check.file_results import Plain, from_plain, to_plain

if TYPE_CHECKING:
    from strongroom_cli.check.result_cache import ResultCache

Result = tuple[int, str, Plain | None, str]
"""A file's number, its cache key, its findings, and its text.

The findings are None for an unreadable file. The text is empty for a file without findings. For an unreadable file it
has the message and the way out.
"""

FEW = 8
"""The smallest number of files for which another process is started."""


def check_many(checker: Checker, paths: Sequence[str]) -> list[CheckedFile]:
    """Return each file with its findings, in the order of `paths`."""
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
            # The text has the message, because an exception does not go through a pipe.
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
    """Return the results for the files `missing` by number, from one process per core."""
    processes = min(_cores(), len(missing) // FEW) if hasattr(os, "fork") else 1
    if processes < 2:
        return _results(checker, cache, paths, missing)
    for number in missing:
        # Read before the fork, so that settings and vault are read once and a mistake in them is reported once.
        checker.context_of(paths[number])
        if is_widget_path(paths[number]):
            checker.projects.connectors(paths[number])
    shares = [missing[start::processes] for start in range(processes)]
    children = [_start(checker, cache, paths, share) for share in shares[1:]]
    results = _results(checker, cache, paths, shares[0])
    for share, (pid, pipe) in zip(shares[1:], children, strict=True):
        answer = _answer(pid, pipe)
        # This process checks the files of one that was killed, for example without memory.
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
        # A key covers the bytes of one file only.
        is_kept = cache is not None and not found.depends_on_others
        key = cache.key(source.path, source.encode(source.text)) if cache is not None and is_kept else ""
        results.append((number, key, to_plain(found), source.text if found.findings else ""))
    return results


def _start(
    checker: Checker, cache: "ResultCache | None", paths: Sequence[str], share: Sequence[int]
) -> tuple[int, int]:
    """Start a child that checks its share.

    Return the id of the child, and the pipe with its answer.
    """
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
        # The child ends here in any case, and must not continue as a second parent. The parent repeats failed work.
        os._exit(status)


def _answer(pid: int, pipe: int) -> list[Result] | None:
    """Return the results of a child, or None if it did not end well."""
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
