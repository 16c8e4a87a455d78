"""Ask, change or run what an action is for, and say what was done; one file each.

A flow takes the host and what it works on, returns what the screen is to show, and draws nothing.
It is imported when its action is first used.
"""
