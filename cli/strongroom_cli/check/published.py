"""Find what differs between the files of a project."""

from collections.abc import Iterable

from strongroom.document import Document
from strongroom.workspace import read_source
from strongroom.workspace.published import Published, project_of
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.checking import Checker


def add_findings_between(checker: Checker, checked: Iterable[CheckedFile]) -> None:
    """Add the findings between the files of a project to the checked files.

    Findings between files are not among a file's own findings, which are kept as long as the file stays the
    same.
    """
    published = Published()
    for file in checked:
        if file.problem is not None or project_of(file.path) is None:
            continue
        context = checker.context_of(file.path)
        validator = context.validators.of(checker.levels(context.settings, file.path))
        publication = published.publication(file.path)
        if publication is None or not (
            file.text or validator.has_findings_between(published.own(file.path), publication)
        ):
            continue
        # The text of a file without findings was not kept. Then it is as it is on the disk.
        file.text = file.text or read_source(file.path).text
        found = validator.findings_between(Document.parse(file.text), publication)
        file.findings = sorted([*file.findings, *found], key=lambda one: (one.start, one.end, one.rule))
