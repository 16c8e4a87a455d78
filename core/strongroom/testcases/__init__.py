"""Read, run and write test cases, which are files beside the connectors.

A test case is a call with expectations. `keys` (the keys of a file), `outline` (its places) and `structure` (its
mistakes) are for editors and import little. `loading`, `connectors`, `running` and `writing` run and keep tests.
Nothing is imported here, so that each user pays only for the parts in use.
"""
