"""The workflow as GitHub runs it: its own shell steps, in a repository of a student's, with what GitHub sets."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from nnedu.errors import UsageError
from nnedu.publishing.actions import quiet, read_checked, result, summary, workflow

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: pip install 'nnedu[classroom]'")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="GitHub's runner of this workflow is Linux")

TINY = Path(__file__).parents[1] / "courses" / "tiny"
LESSON = "lesson01_lines"
RIGHT = (TINY / "solutions" / LESSON / "lines.py").read_text()
PYTHON = '#!/bin/sh\n[ "$1 $2 $3" = "-m pip install" ] || exit 9\nshift 3\necho "$@" > "$RUNNER_TEMP/installed"\n'
NNEDU = f'#!/bin/sh\nexec {sys.executable} -m nnedu "$@"\n'
MOMENT = r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ"
OBEYED = re.compile(r"^\s*::|##\[", re.MULTILINE)
NASTY = "::set-output name=x::y ##[error]z | <img src=x> `a` [b](javascript:c) \n::stop-commands::d"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A repository for students, as `nnedu export actions` fills it, with a lesson of their own."""
    folder = tmp_path_factory.mktemp("template")
    command = [sys.executable, "-m", "nnedu", "export", "actions", "lesson1", "--course", str(TINY), "--bundle"]
    subprocess.run([*command, "--out", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def github(template, tmp_path):
    """Run every step of the workflow as GitHub's runner does, up to the one that fails."""
    repository = shutil.copytree(template, tmp_path / "repository")
    shims = tmp_path / "bin"
    shims.mkdir()
    for name, text in (("python", PYTHON), ("nnedu", NNEDU)):
        (shims / name).write_text(text)
        (shims / name).chmod(0o755)
    (tmp_path / "temp").mkdir()
    environment = {
        "PATH": f"{shims}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTOR": "ada",
        "GITHUB_REPOSITORY": "nn/backprop-ada",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": "a1b2c3d4" * 5,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
    }

    def run(source, **more):
        (repository / LESSON).mkdir(exist_ok=True)
        (repository / LESSON / "lines.py").write_text(source)
        (job,) = read(repository)["jobs"].values()
        said, code = "", 0
        for step in job["steps"]:
            if "run" in step and not code:
                script = tmp_path / "step.sh"
                script.write_text(step["run"])
                done = subprocess.run(
                    ["bash", "-e", str(script)],
                    cwd=repository,
                    env=environment | more,
                    check=False,
                    capture_output=True,
                    text=True,
                )
                said, code = said + done.stdout + done.stderr, done.returncode
        summary_file, result_file = tmp_path / "summary.md", repository / "result.json"
        return (
            code,
            said,
            summary_file.read_text() if summary_file.exists() else "",
            json.loads(result_file.read_text()) if result_file.exists() else None,
        )

    return run


def read(repository):
    (path,) = (repository / ".github" / "workflows").iterdir()
    return yaml.safe_load(path.read_text())


def valid(found):
    """Return a result.json that keeps the rules of classroom50/result/v1."""
    texts = {"classroom", "assignment", "owner", "submission", "commit", "release", "review", "datetime"}
    assert found.keys() == {"schema", "assignment_type", "score", "max-score", "tests", "graded_at"} | texts
    assert found["schema"] == "classroom50/result/v1"
    assert found["assignment_type"] in {"individual", "group"}
    assert all(isinstance(found[name], str) and found[name] for name in texts)
    assert found["submission"].startswith("submit/")
    assert re.fullmatch(MOMENT, found["datetime"])
    assert re.fullmatch(MOMENT, found["graded_at"])
    for one in (found, *found["tests"]):
        assert type(one["score"]) is type(one["max-score"]) is int
        assert 0 <= one["score"] <= one["max-score"]
    for one in found["tests"]:
        assert one["test-name"]
        assert type(one["passed"]) is bool
    return found


def test_nothing_of_others_is_used_but_checkout_and_python(template):
    (job,) = (loaded := read(template))["jobs"].values()
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert [re.fullmatch(r"actions/(checkout|setup-python)@v\d+", one) is not None for one in used] == [True, True]
    assert loaded["permissions"] == {"contents": "read"}
    assert "${{" not in json.dumps(loaded, default=str)  # what is put in there, the shell would run


def test_a_right_submission(github):
    code, said, table, found = github(RIGHT)
    assert code == 0, said
    assert "| ✅ | `line` | right | 4 / 4 |" in table
    assert "| | **all** | | **15 / 15** |" in table
    assert (valid(found)["score"], found["max-score"]) == (15, 15)
    assert all(test["passed"] for test in found["tests"])
    assert (found["classroom"], found["assignment"], found["owner"]) == ("nn", "lesson1", "ada")


def test_a_wrong_submission(github):
    code, said, table, found = github(RIGHT.replace("return slope *", "return 2 * slope *"))
    assert code == 1, said
    assert "| ❌ | `line` | not yet | 0 / 4 |" in table
    assert valid(found)["score"] == 11
    assert "11 of 15 points" in said


def test_what_classroom_50_says_is_taken_over(github):
    runner = {
        "CLASSROOM": "nn101",
        "ASSIGNMENT": "backprop",
        "ASSIGNMENT_TYPE": "group",
        "OWNER": "team-3",
        "SUBMISSION_TAG": "submit/2026-11-20T10-00-00Z-a1b2c3d",
        "COMMIT_URL": "https://github.com/nn/1",
        "RELEASE_URL": "https://github.com/nn/2",
        "REVIEW_URL": "https://github.com/nn/3",
    }
    _, _, _, found = github(RIGHT, **runner)
    named = ("classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review")
    assert [valid(found)[name] for name in named] == list(runner.values())


def test_student_text_is_neither_obeyed_nor_shown(github):
    source = f"print({NASTY!r})\nraise ValueError({NASTY!r})\n"
    code, said, table, found = github(source)
    assert code == 1
    assert not OBEYED.search(said)
    assert "set-output" not in said + table
    assert "<img" not in table
    assert valid(found)["score"] == 0


def test_a_check_that_did_not_come_to_its_end_is_said(github, tmp_path):
    (tmp_path / "repository" / ".nnedu-release" / f"{LESSON}.zip").write_bytes(b"::error::broken")
    code, said, _, found = github(RIGHT)
    assert (code, found) == (2, None)
    assert "The check did not come to its end. That file is not a lesson" in said
    assert not OBEYED.search(said)


def test_the_wheels_own_lessons_are_fetched_by_default(tmp_path):
    text = workflow("lesson05_backpropagation")
    steps = yaml.safe_load(text)["jobs"]["check"]["steps"]
    assert "nnedu fetch lesson5 >" in steps[3]["run"]
    assert re.search(r'pip-version-check "nnedu==[\d.]+"$', steps[2]["run"])


@pytest.mark.parametrize("install", ['x"; curl evil', "$(id)", "a\nb", "`id`", "${{ secrets.X }}"])
def test_what_pip_installs_is_no_shell(install):
    with pytest.raises(UsageError):
        workflow("lesson01_lines", install)


NAMES = {"id": NASTY, "sentence": NASTY, "state": "failed", "points": 0, "max_points": 2}
CHECKED = {
    "lesson": "lesson01_lines",
    "points": 0,
    "max_points": 2,
    "exercises": [{"id": NASTY, "state": "failed", "points": 0, "max_points": 2, "checks": [NAMES]}],
}


def test_names_are_made_harmless():
    """Even those of the course: a file that somebody wrote over says what it likes."""
    checked = read_checked(msgspec.json.encode(CHECKED))
    table = summary(checked)
    assert len(table.splitlines()) == 8
    assert not set("<>&[]`|*_") & set(quiet(NASTY))
    assert not OBEYED.search(quiet(NASTY))
    found = valid(msgspec.to_builtins(result(checked, {}, datetime(2026, 11, 20, tzinfo=UTC))))
    assert "\n" not in found["tests"][0]["test-name"]


@pytest.mark.parametrize("change", [{"points": "12"}, {"points": 1.5}, {"exercises": 3}, {"lesson": None}])
def test_what_is_no_result_is_refused(change):
    with pytest.raises(UsageError, match="did not come to its end"):
        read_checked(msgspec.json.encode(CHECKED | change))


@pytest.mark.parametrize("points", [3, -1])
def test_points_that_cannot_be_are_refused(points):
    with pytest.raises(UsageError):
        read_checked(msgspec.json.encode(CHECKED | {"points": points}))
    with pytest.raises(UsageError):
        read_checked(msgspec.json.encode(CHECKED | {"exercises": [CHECKED["exercises"][0] | {"points": points}]}))
