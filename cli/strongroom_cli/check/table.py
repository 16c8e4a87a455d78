"""Describe `strongroom check` as data."""

from typing import Final

from strongroom_cli.terminal.arguments import Argument, Command, Option

SUMMARY: Final = "Find mistakes in connector files and in widgets' calls, and fix those that have a safe fix."
PATHS: Final = "Files, or folders to look through (the current one). - reads standard input."

_OPTIONS: Final = (
    Option(
        "--format",
        "FORMAT",
        "The format of the report.",
        ("text", "json", "sarif", "github", "junit"),
        default="text",
    ),
    Option("--fix", "", "Apply every safe fix; nothing else in the file changes."),
    Option("--diff", "", "Show what --fix would change, change nothing, and exit with 1 if there is any."),
    Option("--unsafe-fixes", "", "With --fix or --diff: also fixes that may not be what was meant."),
    Option("--select", "RULE", "Only these rules (several: again, or with commas).", many=True, commas=True),
    Option("--ignore", "RULE", "Not these rules.", many=True, commas=True),
    Option(
        "--exclude", "PATTERN", "Leave out what matches, also where it is named (several: again).", many=True
    ),
    Option("--include", "PATTERN", "Also JSON files that match, whatever they are called.", many=True),
    Option("--names", "FILE", "A names file to know names from, instead of the vault.", many=True),
    Option("--community", "NAME", "The community whose names count (several: again).", many=True),
    Option("--unused", "", "Also say which connectors no widget calls."),
    Option("--baseline", "FILE", "Findings that are known and not reported again."),
    Option("--write-baseline", "FILE", "Save the findings of this run as a baseline, and exit with 0."),
    Option("--no-cache", "", "Check every file, also those that did not change since they were checked."),
    Option("--stdin-filename", "FILE", "The name of the text from standard input (-).", default="<stdin>"),
)

CHECK: Final = Command(
    "check",
    f"{SUMMARY}\n\nPATH: {PATHS}",
    _OPTIONS,
    (Argument("PATH...", PATHS, many=True),),
    "Exit status: 0 clean, 1 findings of severity error, 2 bad usage or a file that cannot be read, "
    "130 on interrupt.",
)
