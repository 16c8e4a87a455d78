"""Hold the platform's facts as data, with a source per row.

Nothing here computes more than a look-up.
"""
