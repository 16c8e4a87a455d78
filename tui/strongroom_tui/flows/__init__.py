"""What actions do, a module each: ask, change the vault or make a run, say what was done.

Loaded when an action is first used. A flow is given what it works on, and gives back what the screen is to show.
"""
