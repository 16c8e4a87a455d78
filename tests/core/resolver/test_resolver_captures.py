"""Captures: for the owner only, out of git, bounded, literals only."""

import os
import stat

import pytest

from strongroom.resolver import Inputs, captures, load_capture, save_capture
from strongroom.values.secret_value import MASK


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_run_is_saved_for_its_owner_and_kept_out_of_git(run, tmp_path):
    report = run(secrets={"k": "s3cr3t"}, headers=[{"key": "X", "value": "{{ get_secret('k') }}"}])
    path = save_capture(tmp_path, report, community="acme")
    data = load_capture(path)
    assert data["debug"]["headers"] == {"X": "{{ get_secret('k') }}"}
    assert (data["community"], data["status"], data["request_id"]) == ("acme", 200, report.request_id)
    assert (mode(path), mode(tmp_path / ".strongroom/captures"), mode(tmp_path / ".strongroom")) == (
        0o600,
        0o700,
        0o700,
    )
    assert (tmp_path / ".strongroom/.gitignore").read_text() == "*\n"
    assert captures(tmp_path) == [path]


def test_the_oldest_captures_go_first(run, tmp_path):
    paths = [save_capture(tmp_path, run(), keep=3) for _ in range(5)]
    assert captures(tmp_path) == paths[:1:-1]


def test_cookies_and_credentials_of_the_api_are_masked(run, api, tmp_path):
    api.answers(200, "", set_cookie="session=abc", x_auth_token="t", x_plain="p")
    headers = load_capture(save_capture(tmp_path, run()))["headers"]
    assert (headers["set-cookie"], headers["x-auth-token"], headers["x-plain"]) == (MASK, MASK, "p")


def test_credentials_of_the_caller_are_masked_and_templates_stay(run, tmp_path):
    headers = [
        {"key": "Authorization", "value": "", "overridable": True},
        {"key": "X-Api-Key", "value": "{{ get_secret('k') }}"},
        {"key": "X-Plain", "value": "p"},
    ]
    inputs = Inputs(headers={"Authorization": "Bearer of-the-caller"})
    report = run(secrets={"k": "s3cr3t"}, headers=headers, inputs=inputs)
    expected = {"Authorization": MASK, "X-Api-Key": "{{ get_secret('k') }}", "X-Plain": "p"}
    assert load_capture(save_capture(tmp_path, report))["debug"]["headers"] == expected
    report = run(
        steps=[{"name": "a", "url": "https://api.example.com", "headers": headers}], url=None, inputs=inputs
    )
    (step,) = load_capture(save_capture(tmp_path, report))["debug"]["steps"]
    assert step["headers"]["Authorization"] == MASK


@pytest.mark.parametrize(
    ("template", "is_kept"),
    [
        ("Bearer {{ get_secret('k') }}", True),
        ("Bearer {{ get_secret ('k') }}", True),
        ("{{ get_variable('live_literal') }} {{ get_secret('k') }}", True),
        ("{{ get_secret('absent') }}", True),
        ("Basic {{ (get_secret('k') ~ ':' ~ get_secret('k')) | base64_encode }}", True),
        ("{{ (get_secret('json') | from_json)['token'] }}", True),
        ("Bearer {{ jwt_encode({'iss': 'me'}, get_secret('k'), 'HS256') }}", True),
        ("Bearer live_literal {{ get_secret('k') }}", False),
        ("Bearer live_literal {{ get_secret ('k') }}", False),
        ("{{ 'live_literal' ~ get_secret('k') }}", False),
        ("{{ get_secret('k') or 'live_literal' }}", False),
        ("{# live_literal #}{{ get_secret('k') }}", False),
        ("Bearer {{ jwt_encode({'iss': get_secret('k')}, 'live_literal', 'HS256') }}", False),
        ("Bearer {{ jwt_encode({'iss': get_secret('k')}, key='live_literal') }}", False),
        ("Bearer {{ jwt_encode({'iss': 'me'}, key=get_secret('k'), algorithm='HS256') }}", True),
        ("Bearer live_literal", False),
        ("{% raw %}get_secret('k') live_literal{% endraw %}", False),
    ],
)
def test_a_credential_header_is_kept_where_its_template_holds_no_literal(run, tmp_path, template, is_kept):
    headers = [{"key": "Authorization", "value": template}]
    secrets = {"k": "s3cr3t", "json": '{"token": "t0ken-value"}'}
    expected = {"Authorization": template if is_kept else MASK}
    data = load_capture(save_capture(tmp_path, run(secrets=secrets, headers=headers)))
    assert data["debug"]["headers"] == expected
    steps = [{"name": name, "url": "https://api.example.com", "headers": headers} for name in "ab"]
    data = load_capture(save_capture(tmp_path, run(secrets=secrets, steps=steps, url=None)))
    assert [step["headers"] for step in data["debug"]["steps"]] == [expected, expected]


def test_of_two_rows_with_one_name_the_literal_is_masked(run, tmp_path):
    rows = [{"key": "X-Api-Key", "value": value} for value in ("{{ get_secret('k') }}", "live_literal")]
    data = load_capture(save_capture(tmp_path, run(secrets={"k": "s3cr3t"}, headers=rows)))
    assert data["debug"]["headers"] == {"X-Api-Key": MASK}


def test_the_connectors_name_cannot_lead_elsewhere(run, tmp_path):
    path = save_capture(tmp_path, run(name="../../etc/passwd \n x"))
    assert os.path.dirname(path) == str(tmp_path / ".strongroom/captures")


def test_a_link_in_the_place_of_the_folder_is_refused(run, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "w").mkdir()
    (tmp_path / "w/.strongroom").symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError):
        save_capture(tmp_path / "w", run())
    assert not list(elsewhere.iterdir())


def test_what_is_there_already_is_made_private(run, tmp_path):
    (tmp_path / ".strongroom/captures").mkdir(parents=True, mode=0o755)
    save_capture(tmp_path, run())
    assert mode(tmp_path / ".strongroom/captures") == 0o700
