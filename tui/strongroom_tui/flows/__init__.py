"""What the actions of the Secrets place do, a module each: ask, change the vault, say what was done.

Loaded when an action is first used. Each begins by making sure that the vault is unlocked.
"""
