"""Choose the tests and connectors that a command line means."""

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from strongroom.resolver import Inputs
from strongroom.testcases.cases import Case
from strongroom.testcases.connectors import Connectors, SeveralMeant, Target
from strongroom.testcases.loading import find_test_files, load
from strongroom.text.terminal import visible
from strongroom_cli.terminal.arguments import UsageError
from strongroom_cli.terminal.messages import say


class Wanted(NamedTuple):
    """Hold the choice on the command line. `inputs` is None if no input is given."""

    names: Sequence[str]
    every: bool
    tags: Sequence[str]
    community: str | None
    inputs: Inputs | None


class ChosenTests(NamedTuple):
    """Hold the tests to run, each with its connector, or None for a missing one.

    A connector by itself is a test without expectations.
    """

    items: tuple[tuple[Case, Target | None], ...]
    connectors: Connectors
    are_tests: bool

    def problem_of(self, case: Case) -> str:
        """Return the reason why a test without a connector cannot be run."""
        if case.skip is not None:
            return ""
        found = self.connectors.meant(case.connector, case.file)
        if len(found) > 1:
            return str(SeveralMeant.of(case.connector, found))
        way_out = self.connectors.suggest(case.connector)
        return f'No connector here is named "{case.connector}". {way_out}'.rstrip()


def choose(folder: str, wanted: Wanted) -> ChosenTests | None:
    """Return the tests and connectors to run. Raises `UsageError`.

    If the tests have mistakes, they are printed, and the result is None.
    """
    if wanted.inputs is not None and (wanted.every or wanted.tags):
        raise UsageError(
            "--payload, --query, --path-param and --user need the name of a connector.",
            "Tests have their inputs in their files.",
        )
    connectors = Connectors.of_folder(folder)
    for problem in connectors.problems:
        say(str(problem))
    if wanted.inputs is not None:
        targets = [target for name in _named(wanted, connectors) for target in _targets(name, connectors, ())]
        return ChosenTests(tuple((_alone(t, wanted.inputs), t) for t in targets), connectors, are_tests=False)
    files = [os.path.relpath(path) for path in find_test_files(folder)]
    loaded = load(files)
    if loaded.problems:
        for mistake in loaded.problems:
            print(visible(str(mistake)), file=sys.stderr)
        return None
    if wanted.every or wanted.tags:
        return _every(wanted, loaded.cases, connectors)
    return _by_name(wanted, loaded.cases, connectors)


def _every(wanted: Wanted, cases: Sequence[Case], connectors: Connectors) -> ChosenTests:
    if wanted.names:
        flag = "--all" if wanted.every else "--tag"
        raise UsageError(f"{flag} and names cannot be combined.", "Give one of the two.")
    if not cases and not wanted.tags:
        targets = connectors.unique()
        if not targets:
            raise UsageError(
                "There are no connectors here.", "`strongroom doctor` says where connector files are."
            )
        return ChosenTests(tuple((_alone(t, Inputs()), t) for t in targets), connectors, are_tests=False)
    meant = [case for case in cases if _is_meant(case, wanted)]
    if not meant:
        tags = sorted({tag for case in cases for tag in case.tags})
        way_out = f"There are the tags {', '.join(tags)}." if tags and wanted.tags else ""
        both = "has this tag and is" if wanted.tags else "is"
        what = f"No test {both} for this community." if wanted.community else "No test has this tag."
        raise UsageError(what, way_out)
    return _tests(meant, connectors)


def _is_meant(case: Case, wanted: Wanted) -> bool:
    if wanted.tags and not set(wanted.tags) & set(case.tags):
        return False
    # A test for one community must not run against another one.
    return not wanted.community or case.community in (None, wanted.community)


def _tests(cases: Sequence[Case], connectors: Connectors) -> ChosenTests:
    return ChosenTests(
        tuple((case, _target_of(case, connectors)) for case in cases), connectors, are_tests=True
    )


def _target_of(case: Case, connectors: Connectors) -> Target | None:
    """Return the connector of a test, or None if it is missing or several are meant."""
    found = connectors.meant(case.connector, case.file)
    return found[0] if len(found) == 1 else None


def _by_name(wanted: Wanted, cases: Sequence[Case], connectors: Connectors) -> ChosenTests:
    meant = [case for case in cases if _is_meant(case, wanted)]
    items: list[tuple[Case, Target | None]] = []
    are_tests = True
    for name in _named(wanted, connectors, cases):
        tests = [case for case in meant if case.name == name]
        if tests:
            items += _tests(tests, connectors).items
            continue
        for target in _targets(name, connectors, [case.name for case in cases]):
            tests = [case for case in meant if _target_of(case, connectors) == target]
            if tests:
                items += ((case, target) for case in tests)
            else:
                are_tests = False
                items.append((_alone(target, Inputs()), target))
    return ChosenTests(tuple(items), connectors, are_tests)


def _named(wanted: Wanted, connectors: Connectors, cases: Sequence[Case] = ()) -> Sequence[str]:
    if wanted.names:
        return wanted.names
    known = [*(target.permalink for target in connectors.unique()), *(case.name for case in cases)]
    shown = ", ".join(known[:10]) + (", …" if len(known) > 10 else "")
    raise UsageError(
        "No connector or test was named.", f"Name one, or say --all. There are: {shown}." if known else ""
    )


def _targets(name: str, connectors: Connectors, tests: Sequence[str]) -> list[Target]:
    """Return the connector that a name means, and a composite of that permalink."""
    targets = connectors.meant(name)
    if not targets:
        from strongroom.text.suggest import did_you_mean

        unique = connectors.unique()
        known = [*(t.permalink for t in unique), *(t.name for t in unique), *tests]
        what = "connector and no test" if tests else "connector"
        raise UsageError(f'No {what} here is named "{name}".', did_you_mean(name, known))
    return targets


def _alone(target: Target, inputs: Inputs) -> Case:
    return Case(target.name, target.permalink, target.path, 1, inputs, {}, "")
