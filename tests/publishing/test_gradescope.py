"""Gradescope's harness, played in a clean folder: unzip, setup.sh, a submission, run_autograder, results.json."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import msgspec
import pytest

from nnedu.classroom.gradescope import read_submission
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State
from nnedu.publishing.gradescope.results import HiddenChecks, results, ungraded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Gradescope's machines run Linux")

TINY = Path(__file__).parents[1] / "courses" / "tiny"
RIGHT = (TINY / "solutions" / "lesson01_lines" / "lines.py").read_text()
WORTH = 18
VISIBILITIES = {"visible", "hidden", "after_due_date", "after_published"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
TOP = {"score": float, "execution_time": float, "output": str, "extra_data": dict, "tests": list}
TEST = {"score": int, "max_score": int, "name": str, "number": str, "output": str, "tags": list, "visibility": str}
PIP = """#!/bin/sh
# Plays `pip install -r requirements.txt nnedu-*.whl` without an index: what nnedu needs is found beside.
grep -E '^numpy==[0-9.]+$' "$2" > /dev/null || exit 9
grep -vE '^[a-z0-9._-]+==[0-9a-z.]+$' "$2" && exit 8
echo "{deps}" > "$({venv}/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/deps.pth"
exec {venv}/bin/python -m pip install --quiet --no-index --no-deps --disable-pip-version-check "$3"
"""


def export(out, *options):
    command = [sys.executable, "-m", "nnedu", "export", "gradescope", "lesson1", "--course", TINY, "--out", out]
    return subprocess.run([*map(str, command), *options], check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    path = tmp_path_factory.mktemp("gradescope") / "autograder.zip"
    export(path)
    return path


@pytest.fixture(scope="module")
def image(zipped, tmp_path_factory):
    """The image that Gradescope builds: the zip unpacked as the system's unzip does, and setup.sh run."""
    root = tmp_path_factory.mktemp("autograder")
    unpack(zipped, root / "source")
    venv, pip = root / "venv", root / "pip.sh"
    pip.write_text(PIP.format(venv=venv, deps=sysconfig.get_path("purelib")))
    pip.chmod(0o755)
    given = {"NNEDU_VENV": str(venv), "NNEDU_PYTHON": sys.executable, "NNEDU_PIP": str(pip)}
    plain = {"PATH": os.environ["PATH"], "HOME": str(root)}
    done = subprocess.run(
        [root / "source" / "setup.sh"], cwd="/", env=plain | given, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return root, plain | {"NNEDU_AUTOGRADER": str(root), "NNEDU_VENV": str(venv)}


def unpack(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        for info in archive.infolist():
            (folder / info.filename).chmod(info.external_attr >> 16 & 0o777)


@pytest.fixture
def graded(image):
    """Put a submission in its place, run run_autograder as Gradescope does, and return results.json."""
    root, environment = image

    def run(submission, metadata='{"users": [{"email": "ada@example.edu", "id": 1, "name": "Ada"}]}'):
        for name in ("submission", "results"):
            shutil.rmtree(root / name, ignore_errors=True)
        (root / "submission").mkdir()
        for name, data in submission.items():
            path = root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        (root / "submission_metadata.json").write_text(metadata)
        subprocess.run(
            [root / "source" / "run_autograder"],
            cwd=root,
            env=environment,
            check=False,
            capture_output=True,
            timeout=120,
        )
        return valid(json.loads((root / "results" / "results.json").read_text()))

    return run


def valid(found):
    """Return a results.json that is as Gradescope documents it."""
    known = {*TOP, "output_format", "test_output_format", "test_name_format", "visibility", "stdout_visibility"}
    assert found.keys() <= known
    for name, kind in TOP.items():
        assert isinstance(found[name], kind), name
    assert {found["visibility"], found["stdout_visibility"]} <= VISIBILITIES
    assert found["stdout_visibility"] == "hidden"
    assert {found["output_format"], found["test_output_format"], found["test_name_format"]} <= FORMATS
    for test in found["tests"]:
        assert test.keys() <= {*TEST, "status", "name_format", "output_format", "extra_data"}
        for name, kind in TEST.items():
            assert isinstance(test[name], kind), name
        assert test["visibility"] in VISIBILITIES
        assert test.get("status") in {"passed", "failed", None}
        assert 0 <= test["score"] <= test["max_score"]
    return found


def failed(found):
    return {test["name"] for test in found["tests"] if test.get("status") == "failed"}


def test_the_zip_is_as_gradescope_wants_it(zipped):
    """Files at its root, two of them programs; nothing of another lesson, and the same bytes each time."""
    with zipfile.ZipFile(zipped) as archive:
        infos = {info.filename: info for info in archive.infolist()}
    assert {"setup.sh", "run_autograder"} <= infos.keys()
    assert {name for name, info in infos.items() if info.external_attr >> 16 & 0o111} == {"setup.sh", "run_autograder"}
    assert {info.date_time for info in infos.values()} == {(2020, 1, 1, 0, 0, 0)}
    assert not [name for name in infos if "lesson02" in name or "__pycache__" in name or "bundles/" in name]
    again = zipped.with_name("again.zip")
    export(again)
    assert again.read_bytes() == zipped.read_bytes()


def test_a_right_submission_has_all_points(graded):
    found = graded({"lines.py": RIGHT})
    assert (found["score"], failed(found)) == (WORTH, set())
    assert sum(test["max_score"] for test in found["tests"]) == sum(test["score"] for test in found["tests"]) == WORTH
    assert {test["visibility"] for test in found["tests"]} == {"visible"}
    assert "seccomp" in found["extra_data"]["sandbox"]
    assert "nnedu 0" in found["extra_data"]["engine"]


def test_a_wrong_submission_is_told_what_is_wrong_and_nothing_hidden(graded):
    found = graded({"lines.py": RIGHT.replace("return slope *", "return 2 * slope *")})
    assert 0 < found["score"] < WORTH
    line = {test["name"]: test["output"] for test in found["tests"] if test["tags"] == ["line"]}
    assert "expected" in line["line agrees with the reference"]
    assert line["line agrees with the reference far away"] == "checked on other inputs, which are not shown"
    assert "41.5" not in json.dumps(found)


@pytest.mark.parametrize(
    "files",
    [
        {"lesson01_lines/lines.py": RIGHT, "README.md": "hello"},
        {"my work/deep/lines.py": RIGHT},
        {"lines.py": RIGHT.replace("\n", "\r\n")},
    ],
)
def test_it_may_lie_in_a_folder(graded, files):
    assert graded(files)["score"] == WORTH


def test_it_may_be_a_zip(graded, tmp_path):
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        archive.writestr("lesson01_lines/lines.py", RIGHT)
    assert graded({"work.zip": (tmp_path / "work.zip").read_bytes()})["score"] == WORTH


def test_nothing_at_all_earns_nothing_and_is_said(graded):
    found = graded({"notes.txt": "later"})
    assert found["score"] == 0
    assert "It holds none of lines.py." in found["output"]


FORGES = """
import functools
os, sys = map(functools.__builtins__["__import__"], ("os", "sys"))  # around the rule of the course
for place in ("results", "source", "submission"):
    try:
        os.makedirs("{root}/" + place, exist_ok=True)
        with open("{root}/results/results.json", "w") as file:
            file.write('{{"score": 1000}}')
    except BaseException:
        pass
print('{{"score": 1000}}')
def line(x, slope, intercept):
    try:
        os._exit(0)
    except BaseException:
        sys.exit(0)
"""
LOOPS = "def line(x, slope, intercept):\n    while True:\n        pass\n"
STARTS = "while True:\n    pass\n"


@pytest.mark.parametrize("hostile", ["forges", "reads", "loops", "starts"])
def test_a_hostile_submission_earns_nothing(graded, image, hostile):
    root, _ = image
    text = {
        "forges": FORGES.format(root=root),
        "reads": f"text = open('{root}/source/course/solutions/lesson01_lines/lines.py').read()\nexec(text)\n",
        "loops": LOOPS,
        "starts": STARTS,
    }[hostile]
    found = graded({"lines.py": text})
    assert found["score"] == 0
    assert not any(test["score"] for test in found["tests"])
    assert len(found["tests"]) == 10


def test_a_file_that_leads_elsewhere_is_not_followed(image, graded):
    root, _ = image
    graded({"lines.py": RIGHT})
    (root / "submission" / "lines.py").unlink()
    (root / "submission" / "lines.py").symlink_to(root / "source/course/solutions/lesson01_lines/lines.py")
    work, _ = read_submission(root / "submission", "lesson01_lines", ["lines"])
    assert work.sources == {}


@pytest.mark.parametrize("metadata", ["", "[]", '{"users": 3}', '{"users": []}'])
def test_metadata_that_says_nothing_stops_nothing(graded, metadata):
    assert graded({"lines.py": RIGHT}, metadata)["score"] == WORTH


class TestFaults:
    """Of the course, the machine, nnedu: never counted as the student's."""

    @pytest.fixture
    def broken(self, image, graded):
        """Break a file of the image for one run."""
        root, _ = image
        kept = {}

        def run(name, change):
            path = root / "source" / name
            kept[path] = path.read_bytes()
            path.write_bytes(change(path.read_text()).encode())
            return graded({"lines.py": RIGHT})

        yield run
        for path, data in kept.items():
            path.write_bytes(data)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("course/graders/lesson01_lines/test_lines.py", lambda text: "import nonsense\n" + text),
            ("course/solutions/lesson01_lines/lines.py", lambda text: text.replace("return slope *", "return 3 *")),
            ("course/course.toml", lambda text: text.replace("minimum = [", 'minimum = ["uid", "nothing", ')),
            ("nnedu.json", lambda _: "{"),
        ],
    )
    def test_what_cannot_be_graded_is_said_to_be_nobodys_fault(self, broken, name, change):
        found = broken(name, change)
        assert found["tests"] == []
        assert "not the fault of your code" in found["output"]
        assert found["extra_data"]["fault"]
        assert found["extra_data"]["fault"] != "nnedu was ended before it was done"

    def test_without_nnedu_there_is_a_results_file_too(self, image, graded):
        root, _ = image
        python = root / "venv" / "bin" / "python"
        python.rename(python.with_name("gone"))
        shutil.rmtree(root / "results", ignore_errors=True)
        try:
            subprocess.run([root / "source" / "run_autograder"], env=image[1], check=False, capture_output=True)
        finally:
            python.with_name("gone").rename(python)
        found = json.loads((root / "results" / "results.json").read_text())
        assert found == {"score": 0, "stdout_visibility": "hidden", "output": ungraded(0.0, {})["output"]}


def outcome(*checks):
    exercise = ExerciseOutcome(
        "fit",
        "m",
        "t",
        State.FAILED,
        sum(check.points for check in checks),
        sum(check.max_points for check in checks),
        "",
        checks=checks,
    )
    return LessonOutcome("lesson01", (exercise,))


PASSED = CheckOutcome("a", "is right", State.PASSED, 3, 3)
FAILED = CheckOutcome("b", "is round\x1b[31m", State.FAILED, 0, 2, "secret\x07 <b>")
UNSEEN = CheckOutcome("c", "is right far away", State.FAILED, 0, 5, "the value 41.5", hidden=True)
FAULTY = CheckOutcome("d", "is odd", State.FAULT, 0, 0, "the solution fails: 41.5")


def test_a_faulty_check_takes_nothing_away():
    found = valid(msgspec.to_builtins(results(outcome(PASSED, FAULTY), 8, HiddenChecks.SHOWN, 1.0, {})))
    assert found["score"] == 8.0
    assert "A mistake in the course, not in your code." in found["output"]
    assert "41.5" not in json.dumps(found)
    assert found["tests"][1]["output"] == "A mistake in the course, not in your code. It is not counted."
    assert failed(found) == set()


def test_a_share_of_what_could_be_earned():
    assert results(outcome(PASSED, FAILED, FAULTY), 10, HiddenChecks.SHOWN, 1.0, {})["score"] == 6.0


@pytest.mark.parametrize("hidden", HiddenChecks)
def test_what_is_seen_of_hidden_checks(hidden):
    found = valid(results(outcome(UNSEEN, PASSED, FAILED), 10, hidden, 1.0, {}))
    visible = [test["name"] for test in found["tests"] if test["visibility"] == "visible"]
    assert ("fit is right far away" in visible) is (hidden is HiddenChecks.SHOWN)
    assert ("fit on other inputs" in visible) is (hidden is HiddenChecks.SUMMED)
    assert (len(visible) < len(found["tests"])) is hidden.hides_the_total
    assert sum(test["max_score"] for test in found["tests"]) == 10
    assert "41.5" not in json.dumps(found)


def test_what_a_terminal_would_obey_is_taken_out():
    said = json.dumps(results(outcome(PASSED, FAILED), 5, HiddenChecks.SHOWN, 1.0, {}), ensure_ascii=False)
    assert not re.search(r"[\x00-\x08\x1b]|\\u00", said)


def test_a_wheel_may_be_given_and_has_to_be_one(tmp_path):
    (tmp_path / "nnedu-9.9-py3-none-any.whl").write_bytes(b"wheel")
    export(tmp_path / "a.zip", "--wheel", str(tmp_path / "nnedu-9.9-py3-none-any.whl"))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.read("nnedu-9.9-py3-none-any.whl") == b"wheel"
    (tmp_path / "numpy-9.9.whl").write_bytes(b"")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        export(tmp_path / "b.zip", "--wheel", str(tmp_path / "numpy-9.9.whl"))
    assert "is not a wheel of nnedu" in refused.value.stderr
    assert not (tmp_path / "b.zip").exists()


def test_a_choice_that_hides_the_total_is_said(tmp_path):
    done = export(tmp_path / "a.zip", "--hidden-checks", "after_published")
    assert "Gradescope will show students no total" in done.stdout
    assert "no total" not in export(tmp_path / "b.zip", "--hidden-checks", "summed").stdout
