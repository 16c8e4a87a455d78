"""Fixes of made-up valid templates, with Jinja2 as the judge: alone, in pairs and all together.

A longer run of the same: `python benchmarks/fuzz_fixes.py --seconds 600`.
"""

from random import Random

import pytest

from mistaken_templates import NAMES, Maker
from strongroom.validator import validate
from template_meaning import check_every_fix


@pytest.mark.parametrize("seed", range(150))
def test_a_fix_breaks_no_template_and_says_what_its_rule_says(seed):
    text = Maker(Random(seed)).file()
    check_every_fix(text, lambda document: validate(document, NAMES))
