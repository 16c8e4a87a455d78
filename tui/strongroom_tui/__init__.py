"""Hold the terminal app of Strongroom."""

import os

# Textual collects changes of the screen for 1/60 s by default; at 1/120 s a key is answered 8 ms earlier.
os.environ.setdefault("TEXTUAL_FPS", "120")
