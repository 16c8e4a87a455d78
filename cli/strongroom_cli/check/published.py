"""Permalinks that two files of one workspace use (`duplicate-permalink`)."""

import os
from collections.abc import Mapping, Sequence

from strongroom.document import Document
from strongroom.validator import Finding
from strongroom.validator.permalinks import duplicates_across
from strongroom.workspace import read_source
from strongroom.workspace.published import at_level, root_of
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import Checker


def add_duplicates(checker: Checker, checked: Sequence[CheckedFile]) -> None:
    """Add the findings between the files of one run to the files that they are in.

    The rule reads only files with a permalink that another file of the same root has, too.
    """
    owners: dict[tuple[str, str], int] = {}
    widgets = [(file, root) for file in checked if (root := root_of(file.path)) is not None]
    for file, root in widgets:
        for permalink in set(file.permalinks):
            owners[root, permalink] = owners.get((root, permalink), 0) + 1
    # By absolute paths, because one run may name a folder in several ways.
    suspects = {
        os.path.abspath(file.path): file
        for file, root in widgets
        if any(owners[root, permalink] > 1 for permalink in file.permalinks)
    }
    if not suspects:
        return
    documents = []
    for path, file in suspects.items():
        # The text of a file without findings was not kept.
        file.text = file.text or read_source(file.path).text
        documents.append((path, Document.parse(file.text)))
    for path, findings in duplicates_across(documents).items():
        file = suspects[path]
        levels = checker.levels(checker.context_of(file.path).settings, file.path)
        added = [_as_named(finding, suspects) for finding in at_level(findings, levels)]
        file.findings = sorted([*file.findings, *added], key=lambda f: (f.start, f.end, f.rule))


def _as_named(finding: Finding, files: Mapping[str, CheckedFile]) -> Finding:
    """Return the finding with the other file's path as the user named it."""
    other = finding.data["file"]
    return finding._replace(message=finding.message.replace(other, files[other].path))
