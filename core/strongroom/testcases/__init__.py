"""Test cases: files of calls and expectations that stand beside the connectors.

`keys` (what a file may hold) and `outline` (where it stands) are for editors and import next to nothing;
`loading`, `connectors`, `running` and `writing` are what runs and keeps tests. Nothing is imported here, so
that each user pays for what it uses.
"""
