"""What comes of a template for certain is said where it is certain alone."""

import pytest

from strongroom.document import TemplateText
from strongroom.document.template_answers import escaped_texts, lost_headers
from strongroom.platform.places import FieldPlace


def test_nothing_is_said_of_a_template_with_a_mistake() -> None:
    template = TemplateText(
        "{{ response.headers.A }}{{ response.body }}{{ ", FieldPlace.RESPONSE_BODY, in_composite=False
    )
    assert [*lost_headers(template), *escaped_texts(template)] == []


@pytest.mark.parametrize(("place", "found"), [(FieldPlace.HEADER, 0), (FieldPlace.REQUEST_BODY, 1)])
def test_only_a_body_is_broken_by_html_escapes(place: FieldPlace, found: int) -> None:
    assert len([*escaped_texts(TemplateText("{{ steps.a.body }}", place, in_composite=True))]) == found


def test_a_name_that_is_not_there_does_not_hide_the_headers_behind_it() -> None:
    text = "{{ steps.a.headers.B }}{{ response.headers.A }}"
    template = TemplateText(text, FieldPlace.RESPONSE_BODY, in_composite=False)
    assert [lost.name for lost in lost_headers(template)] == ["A"]
