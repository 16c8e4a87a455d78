"""Test cases: files of calls and expectations that stand beside the connectors.

`keys` (what a file may hold), `outline` (its places) and `structure` (its mistakes) are for editors and import little;
`loading`, `connectors`, `running` and `writing` are what runs and keeps tests. Nothing is imported here, so
that each user pays for what it uses.
"""
