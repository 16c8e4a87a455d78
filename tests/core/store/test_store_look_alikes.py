"""Names that look the same."""

import pytest

from strongroom.store.rows.look_alikes import look_alike


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("Prod", ["staging", "prod"], "prod"),
        ("pr\u00f6d", ["pro\u0308d"], "pro\u0308d"),
        ("\uff50rod", ["prod"], "prod"),
        ("\u2126hm", ["\u03c9hm"], "\u03c9hm"),
        ("API key", ["api_key"], "api_key"),
        ("api.key", ["api-key"], "api-key"),
        ("prod", ["prod"], None),
        ("prod", ["prod", "PROD"], "PROD"),
        ("prod", ["prod2", "pr\u00f6d"], None),
        ("prod", [], None),
    ],
)
def test_a_name_is_compared_without_case_width_accents_storage_and_signs(
    name: str, known: list[str], found: str | None
) -> None:
    assert look_alike(name, known) == found
