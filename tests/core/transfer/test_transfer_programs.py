"""The files that people have: of spreadsheets and of password managers, with a remark on what was seen in them."""

import json

import pytest

from strongroom.transfer import csv_format, dotenv
from strongroom.transfer.errors import SourceUnreadable
from strongroom.transfer.parsed_file import ParsedFile
from strongroom.transfer.sources import read_text_file


def held(source: ParsedFile) -> list[tuple[str, str]]:
    return [(item.name, item.value.reveal()) for item in source.entries]


@pytest.mark.parametrize("before", ["", "sep=%s\r\n", '"sep=%s"\n'])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen_in_the_header_or_in_a_line_before(separator: str, before: str) -> None:
    rows = [["name", "value", "kind"], ["api_key", '"a,b;c\t|d"', "secret"], ["url", "x", "variable"]]
    text = (before % separator if before else "") + "\n".join(separator.join(row) for row in rows)
    source = csv_format.read(text)
    assert held(source) == [("api_key", "a,b;c\t|d"), ("url", "x")]
    first = source.entries[0]
    assert first.line == (3 if before else 2)
    assert source.refusals == []


def test_a_wrong_separator_line_and_a_header_of_no_program_are_refused() -> None:
    for text in ("sep=;\nname,value\na,b\n", "title,secret\na,b\n"):
        with pytest.raises(SourceUnreadable, match="not a header that is known") as caught:
            csv_format.read(text)
        assert "semicolon or a tab" in caught.value.way_out


EXPORTS = {
    "KeePassXC": '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"\n'
    '"Root","api_key","me","canary","https://example.com","a note","","0","2026-01-01","2026-01-01"\n',
    "1Password": "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n"
    "api_key,https://example.com,me,canary,,false,false,,a note\n",
    "Bitwarden": "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n"
    ",,login,api_key,a note,,0,https://example.com,me,canary,\n",
    "LastPass": "url,username,password,totp,extra,name,grouping,fav\n"
    "https://example.com,me,canary,,a note,api_key,,0\n",
    "a browser": "name,url,username,password,note\napi_key,https://example.com,me,canary,a note\n",
}


@pytest.mark.parametrize("program", EXPORTS)
def test_the_csv_file_of_a_password_manager_gives_names_and_passwords_and_no_notes(program: str) -> None:
    source = read_text_file("csv", EXPORTS[program].encode())
    assert source.what == f"a CSV file of {program}"
    assert held(source) == [("api_key", "canary")]
    assert source.entries[0].note is None
    assert "notes, which may be secret there" in source.remarks[0].text


def test_the_json_file_of_bitwarden_gives_its_logins_and_names_what_is_not_one() -> None:
    items = [
        {"type": 1, "name": "api_key", "notes": "a note", "login": {"username": "me", "password": "canary"}},
        {"type": 2, "name": "a_note", "notes": "text", "secureNote": {"type": 0}},
    ]
    text = json.dumps({"encrypted": False, "folders": [], "items": items}, indent=2)
    source = read_text_file("json", text.encode())
    assert source.what == "a JSON file of Bitwarden"
    assert held(source) == [("api_key", "canary")]
    assert [(refusal.name, refusal.reason) for refusal in source.refusals] == [
        ("a_note", "it has no password")
    ]
    with pytest.raises(SourceUnreadable, match="encrypted export of Bitwarden"):
        read_text_file("json", json.dumps({"encrypted": True, "data": "x"}).encode())


def test_an_object_that_has_a_name_called_encrypted_is_still_names_and_values() -> None:
    assert held(read_text_file("json", b'{"encrypted": "yes", "items": "x"}')) == [
        ("encrypted", "yes"),
        ("items", "x"),
    ]


@pytest.mark.parametrize(
    ("form", "text", "says"),
    [
        ("csv", "name,value\na,1.23E+15\n", "a spreadsheet shortened"),
        ("csv", "name;value\na;1,23E+15\n", "a spreadsheet shortened"),
        ("csv", "name;value\na;1234567890123450000\n", "a spreadsheet shortened"),
        ("csv", 'name,value\na," x"\n', "begins with a blank"),
        ("csv", 'name,value\na,"x\n"\n', "ends with a line break"),
        ("json", '{"a": "\\u0000x"}', "holds a null character"),
        ("json", '{"a": "\\ufeffx"}', "begins with a byte order mark"),
        ("env", "a=$'x\\ny'\n", "is not read as a shell reads it"),
        ("env", "a=x\\\n", "ends with a backslash"),
        ("env", "a='x '\n", "ends with a blank"),
    ],
)
def test_what_is_unusual_in_a_value_is_remarked_with_its_line(form: str, text: str, says: str) -> None:
    source = read_text_file(form, text.encode())
    assert len(source.entries) == 1
    assert [says in remark.text for remark in source.remarks] == [True], source.remarks
    assert source.remarks[0].line == source.entries[0].line


@pytest.mark.parametrize("line", ["a=x\\\\", "a=$x", "a='$x'", "a=x"])
def test_nothing_is_said_of_what_is_read_as_everywhere(line: str) -> None:
    remarks = [remark.text for remark in dotenv.read(line).remarks]
    assert not [text for text in remarks if "shell" in text]
