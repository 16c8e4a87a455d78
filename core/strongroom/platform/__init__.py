"""Hold the platform's facts as data, with a source per row.

Nothing here computes more than a look-up.

`PLATFORM §n` in a docstring or a row names the subject of a fact in the public documentation of Gainsight Customer
Communities, Developer Studio (developer-portal.gainsight.com/docs): §1 secrets and variables, §2 functions and names by
field, §3 names that do not resolve, §4 connector files, §5 authentication, §6 running a connector, §7 Test Connection,
§8 calls in the code of widgets, §9 project layout and command line, §10 what no page says.
"""
