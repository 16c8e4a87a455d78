"""Comments in code that silence rules about calls."""

import pytest

CALL = "s.connectors.execute({{\n  permalink: 'news',{}\n  method: '{}',\n}})"
WRONG = "«wrong-call-method:POST»"


@pytest.mark.parametrize(
    "code",
    [
        "// strongroom: ignore[wrong-call-method]\n" + CALL.format("", "POST"),
        "/* strongroom: ignore[ wrong-call-method ] since the file is old */\n" + CALL.format("", "POST"),
        CALL.format(" // strongroom: ignore[wrong-call-method]", "POST"),
        CALL.format("\n  // strongroom: ignore[wrong-call-method]", "POST"),
        CALL.format("", "POST").replace("({", "({ // strongroom: ignore[wrong-call-method]"),
    ],
)
def test_a_comment_is_for_its_line_and_the_next_one_and_for_a_call_that_begins_there(check_code, code):
    check_code(code)


def test_a_comment_is_for_no_other_line_and_no_other_rule(check_code):
    above = "// strongroom: ignore[«unused-ignore:wrong-call-method»]\n\n"
    check_code(above + CALL.format("", WRONG))
    check_code("// strongroom: ignore[«unused-ignore:string-payload»]\n" + CALL.format("", WRONG))


def test_a_comment_names_several_rules(check_code):
    check_code("// strongroom: ignore[wrong-call-method, string-payload]\ns.connectors.execute({permalink: 'news', "
               "method: 'POST', payload: JSON.stringify(x)})")  # fmt: skip


def test_comments_are_not_judged_where_no_connector_is_known(check_code):
    check_code("// strongroom: ignore[unknown-connector]\n" + CALL.format("", "GET"), registry="")


def test_a_comment_with_another_rule_is_not_removed(check_code):
    names = "«unused-ignore:string-payload», «unused-ignore:ignored-body»"
    found = check_code(f"// strongroom: ignore[{names}]\n" + CALL.format("", "GET"))
    assert [finding.fixes for finding in found] == [(), ()]
