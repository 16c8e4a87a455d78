"""Templates are kept, or not."""

import pytest

from strongroom.platform.places import FieldPlace
from strongroom.validator.template_cache import TemplateCache


@pytest.mark.parametrize(("is_on", "expected"), [(True, 1), (False, 2)])
def test_a_template_is_looked_at_once_where_it_is_kept(is_on, expected):
    cache = TemplateCache(is_on=is_on)
    looked = []
    for _ in range(2):
        cache.marks(
            "{{ a }}", FieldPlace.URL, in_composite=False, look=lambda text: looked.append(text) or ()
        )
    assert len(looked) == expected
    assert (cache.parsed("{{ b }}") is cache.parsed("{{ b }}")) is is_on
