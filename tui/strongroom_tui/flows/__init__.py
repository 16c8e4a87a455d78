"""Ask, change or run what an action is for, and say what was done.

Each flow has its own file. It takes the host and what it works on, returns what the screen is to show, and draws
nothing. It is imported when its action is first used.
"""
