"""Applies the fixes of made-up connector files, and stops at the first that breaks a template or changes what it means.
Jinja2 is the judge: `tests/template_meaning.py`.

    python benchmarks/fuzz_fixes.py --seconds 600 --seed 1
"""

import argparse
import itertools
import sys
import time
from pathlib import Path
from random import Random

from strongroom.validator import validate

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mistaken_templates import NAMES, Maker
from template_meaning import check_every_fix


def main() -> int:
    """Go on until the time is over; the seed of a failure makes it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    end = time.monotonic() + chosen.seconds
    for seed in itertools.count(chosen.seed):
        if time.monotonic() > end:
            print(f"{seed - chosen.seed} files, nothing broken")
            return 0
        text = Maker(Random(seed)).file()
        try:
            check_every_fix(text, lambda document: validate(document, NAMES))
        except Exception:
            print(f"seed {seed}: {text}")
            raise
    return 1


if __name__ == "__main__":
    sys.exit(main())
