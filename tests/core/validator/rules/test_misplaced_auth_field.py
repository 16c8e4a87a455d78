"""Test the rule misplaced-auth-field."""

from core.validator.connector_texts import SECRET, authenticated, mended


def test_fields_beside_config_are_moved_into_it(check):
    more = f', "«misplaced-auth-field:key»": "X", "«misplaced-auth-field:value»": "{SECRET}", "in": "header"'
    check(authenticated("api_key", None, more.replace('"in"', '"«misplaced-auth-field:in»"')))
    plain = f', "key": "X", "value": "{SECRET}", "in": "header"'
    assert mended(authenticated("api_key", None, plain)) == authenticated("api_key", plain.removeprefix(", "))
    assert mended(authenticated("api_key", '"key": "X"', plain.replace(', "key": "X"', ""))) == authenticated(
        "api_key", plain.removeprefix(", ")
    )


def test_moved_fields_keep_the_file_s_formatting():
    tall = (
        '{\n  "name": "A",\n  "url": "https://a.example",\n  "authentication": {\n    "key": "X",\n'
        '    "type": "api_key",\n    "in": "header",\n    "value": "VALUE"\n  }\n}\n'
    ).replace("VALUE", SECRET)
    made = (
        '    "type": "api_key",\n    "config": {\n      "key": "X",\n      "in": "header",\n'
        '      "value": "VALUE"\n    }\n  }\n}\n'
    ).replace("VALUE", SECRET)
    assert mended(tall) == tall[: tall.index('    "key"')] + made
