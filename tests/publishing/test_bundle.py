"""Bundles: the same bytes every time, everything a student needs, and no answer."""

import ast
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.course import load_course
from nnedu.diagnosis.known import Known
from nnedu.diagnosis.trace import agree, answers_from_bytes, same_values, trace_from_bytes
from nnedu.errors import CourseFault, UsageError
from nnedu.outcome import State
from nnedu.publishing.build import build, build_all, load_hints
from nnedu.publishing.bundle import Bundle, contents
from nnedu.publishing.public import without_hidden
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Recorded, local_submission

TINY = Path(__file__).parents[1] / "courses" / "tiny"


@pytest.fixture(scope="module")
def course():
    return load_course(TINY)


@pytest.fixture(scope="module")
def bundles(course):
    return {lesson.id: build(course, lesson) for lesson in course.lessons}


@pytest.fixture
def unpacked(bundles, tmp_path):
    """The bundles as they lie in a workspace."""

    def unpack(lesson):
        for name, data in contents(bundles[lesson]).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
        return Bundle(tmp_path)

    return unpack


def test_the_same_course_gives_the_same_bytes(bundles, course):
    """No date, no order of a set, no path is in them."""
    assert {lesson.id: build(course, lesson) for lesson in course.lessons} == bundles


def test_another_process_builds_the_same_bundle(bundles, tmp_path):
    """With another hash seed and environment. The last digit of a sum may differ: it depends on where arrays lie."""
    code = (
        "import sys; from pathlib import Path; from nnedu.publishing.build import build_all\n"
        "build_all(*map(Path, sys.argv[1:]))"
    )
    subprocess.run([sys.executable, "-c", code, str(TINY), str(tmp_path)], check=True, env={"PYTHONHASHSEED": "7"})
    for lesson, data in bundles.items():
        here, there = contents(data), contents((tmp_path / f"{lesson}.zip").read_bytes())
        assert list(here) == list(there)
        for name in here:
            if name.endswith(".mistakes.trace"):
                ours, theirs = answers_from_bytes(here[name]), answers_from_bytes(there[name])
                assert list(ours) == list(theirs)
                assert all(all(map(agree, ours[one], theirs[one])) for one in ours)
            elif name.endswith(".trace"):
                ours, theirs = trace_from_bytes(here[name]), trace_from_bytes(there[name])
                assert same_values(ours.draws, theirs.draws)
                assert all(map(agree, ours.student + ours.reference, theirs.student + theirs.reference))
            else:
                assert here[name] == there[name]


def test_a_bundle_holds_what_a_student_needs(bundles):
    """The text, the stubs, the public checks, their recordings, the hints."""
    files = contents(bundles["lesson01_lines"])
    assert {name for name in files if not name.startswith("traces/")} == {
        "README.md",
        "bundle.json",
        "graders/test_lines.py",
        "stubs/lines.py",
    }
    assert len([name for name in files if name.startswith("traces/")]) == 2 * 9
    manifest = msgspec.json.decode(files["bundle.json"])
    assert manifest["lessons"] == ["lesson01_lines", "lesson02_sums"]
    assert [(e["id"], e["points"]) for e in manifest["exercises"]] == [
        ("line", 4),
        ("fit", 3),
        ("slope_gradient", 2),
        ("step", 3),
        ("shuffled", 1),
        ("RunningMean", 2),
    ]
    assert len(manifest["mistakes"]) == 12


@pytest.mark.parametrize("lesson", ["lesson01_lines", "lesson02_sums"])
def test_no_answer_leaves(bundles, course, lesson):
    """No line of a solution's body, of a mistake, of a variant; nothing hidden."""
    files = contents(bundles[lesson])
    text = "\n".join(data.decode("utf-8", "replace") for data in files.values())
    folder = course.lesson(lesson)
    public = "\n".join(
        data.decode("utf-8", "replace") for name, data in files.items() if name.startswith(("graders", "stubs"))
    )
    for path in [
        *folder.solutions_folder.glob("*.py"),
        *folder.graders_folder.glob("mistakes_*.py"),
        *folder.graders_folder.glob("variants/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.Return, ast.Assign, ast.AugAssign)) and not isinstance(node, ast.Constant):
                line = ast.unparse(node)
                assert len(line) < 20 or line not in text or line in public, f"{path.name}: {line}"
    for hidden in (
        "test_far_away",
        "_far(",
        "HIDDEN_CONSTANT",
        "41.5",
        "# This comment belongs",
        "test_right",
        "_SECRET",
        "_centred",
    ):
        assert hidden not in text
    assert "hidden" not in {node.id for node in ast.walk(ast.parse(public_grader(files))) if isinstance(node, ast.Name)}


def public_grader(files):
    return next(data.decode() for name, data in files.items() if name.startswith("graders/"))


def test_a_sealed_exercise_leaves_no_answers(bundles):
    """Neither what the solution answers nor what its mistakes do, nor what they are called."""
    files = contents(bundles["lesson02_sums"])
    assert trace_from_bytes(files["traces/answers.form.trace"]).student == []
    assert answers_from_bytes(files["traces/answers.form.mistakes.trace"]) == {}
    assert trace_from_bytes(files["traces/total.sum.trace"]).student != []
    manifest = msgspec.json.decode(files["bundle.json"])
    assert {known["exercise"] for known in manifest["mistakes"]} == {"total"}
    assert b"traces/answers.right" not in b"".join(name.encode() for name in files)


def recorded_bench(bundle):
    manifest = bundle.manifest
    known = [Known(k.id, k.exercise, k.sentence, k.hints) for k in manifest.mistakes]
    return Bench(manifest.lesson, collect(bundle.graders, manifest.modules), Recorded(bundle.traces, known))


@pytest.mark.parametrize("lesson", ["lesson01_lines", "lesson02_sums"])
def test_a_bundle_judges_as_the_course_does(unpacked, course, lesson):
    """From recordings alone: the solution passes, stubs and an empty folder do not."""
    bench = recorded_bench(unpacked(lesson))
    outcome = bench.examine(local_submission(course.lesson(lesson).solution_sources(), course.imports))
    assert outcome.complete
    assert outcome.points == outcome.max_points == {"lesson01_lines": 15, "lesson02_sums": 3}[lesson]
    module = course.lesson(lesson).modules[0]
    stubs = {module: (bench.evidence._folder.parent / "stubs" / f"{module}.py").read_text()}
    assert not bench.examine(local_submission(stubs, course.imports)).complete
    assert bench.examine(local_submission(stubs, course.imports)).points == 0


def test_a_bundle_names_mistakes(unpacked, course):
    """Without their sources."""
    bench = recorded_bench(unpacked("lesson01_lines"))
    source = course.lesson("lines").solution_sources()["lines"]
    wrong = source.replace("velocity = FRICTION * velocity + gradient", "velocity = gradient")
    outcome = bench.examine(local_submission({"lines": wrong}, course.imports), only="step")
    assert outcome.exercises[0].diagnosis.mistake == "forgets"
    assert unpacked("lesson01_lines").manifest.hints("step", "forgets") == (
        "Which way?",
        "y = slope x + intercept, shape (m,).",
        "Look at the sign.",
    )
    assert unpacked("lesson01_lines").manifest.hints("line", None)[0] == "What is the value at 0?"


def test_a_mistake_that_answers_right_is_not_named(unpacked, course):
    """Public checks do not tell it from the solution; a student who fails them fails for another reason."""
    bench = recorded_bench(unpacked("lesson01_lines"))
    source = course.lesson("lines").solution_sources()["lines"]
    fails_once = (
        source.replace("    return slope *", "    CALLS.append(1)\n    return (len(CALLS) > 1) * slope *")
        + "\nCALLS = []\n"
    )
    (line,) = bench.examine(local_submission({"lines": fails_once}, course.imports), only="line").exercises
    assert line.state is State.FAILED
    assert line.diagnosis is None


@pytest.mark.parametrize("kind", [".trace", ".mistakes.trace"])
def test_a_missing_recording_is_a_fault_that_counts_neither_way(unpacked, course, kind):
    """And says to fetch the lesson again."""
    bundle = unpacked("lesson01_lines")
    for path in bundle.traces.glob(f"step.*{kind}"):
        path.unlink()
    source = course.lesson("lines").solution_sources()["lines"].replace("value - velocity", "value + velocity")
    if kind == ".trace":
        (exercise,) = (
            recorded_bench(bundle).examine(local_submission({"lines": source}, course.imports), only="step").exercises
        )
        assert (exercise.state, exercise.points, exercise.max_points) == (State.FAULT, 0, 0)
        assert "nnedu fetch LESSON" in exercise.checks[0].message


# ------------------------------------------------------------------------------------------------------ hidden checks

GRADER = '''
import nnedu.checking
from nnedu.checking import exercise, hidden, points

SHARED = 1
ONLY_HIDDEN = 2
ANNOTATED: int = 3


def helper():
    return inner()


def inner():
    return ONLY_HIDDEN


@exercise("f")
class TestF:
    """f"""

    @points(1)
    def test_public(self, student):
        """is public"""
        assert SHARED

    {mark}
    @points(1)
    def test_secret(self, student):
        """is secret"""
        assert helper() + ANNOTATED


@exercise("g")
class TestG:
    """g"""

    @points(2)
    {mark}
    def test_all(self, student):
        """is secret, all of it"""
'''


@pytest.mark.parametrize("mark", ["@hidden", "@nnedu.checking.hidden"])
def test_hidden_checks_are_cut_out_with_what_only_they_used(mark):
    """However the mark is written, and above or below the points."""
    text = without_hidden(GRADER.format(mark=mark))
    assert "test_public" in text
    assert "SHARED" in text
    for gone in ("secret", "helper", "inner", "ONLY_HIDDEN", "ANNOTATED", "TestG"):
        assert gone not in text


def test_a_hidden_check_that_would_leave_is_a_fault_of_the_course(tiny_copy):
    """A mark under another name is not seen, and nothing is released."""
    path = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    path.write_text(path.read_text().replace("    hidden,\n", "    hidden as later,\n").replace("@hidden", "@later"))
    course = load_course(tiny_copy)
    with pytest.raises(CourseFault, match="The hidden check line/far_away would leave with the students"):
        build(course, course.lessons[0])


def test_checks_whose_recordings_have_one_name_are_a_fault_of_the_course(tiny_copy):
    """On a file system without case, too."""
    path = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    text = path.read_text().replace('"slope", [3.0, -0.5]', '"slope", [3.0, -0.5], ids=["a", "A"]')
    path.write_text(text)
    course = load_course(tiny_copy)
    with pytest.raises(CourseFault, match="would take the place of another one's"):
        build(course, course.lessons[0])


def test_what_cannot_be_recorded_is_a_fault_of_the_course(tiny_copy):
    """A draw of text, for example."""
    path = tiny_copy / "graders" / "lesson02_sums" / "test_sums.py"
    path.write_text(
        path.read_text().replace(
            "values = rng.normal(size=6)", 'rng.choice(["a"])\n        values = rng.normal(size=6)'
        )
    )
    course = load_course(tiny_copy)
    with pytest.raises(CourseFault, match="The check total/sum cannot be recorded"):
        build(course, course.lessons[1])


def test_hints_that_cannot_be_read_are_a_fault_of_the_course(tiny_copy):
    """With the file."""
    (tiny_copy / "graders" / "lesson02_sums" / "hints.toml").write_text("[total]\nhints = 3\n")
    with pytest.raises(CourseFault, match=r"hints\.toml cannot be read"):
        load_hints(load_course(tiny_copy).lessons[1])


def test_all_bundles_are_built_at_once(tmp_path, bundles):
    """As the wheel needs them."""
    paths = build_all(TINY, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in paths} == {f"{name}.zip": data for name, data in bundles.items()}


# -------------------------------------------------------------------------------------------------------- what arrives


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["../evil.py", "stubs/../../evil.py", "/etc/passwd", "C:evil.py", "..\\evil.py", "stubs\\..\\evil.py"]
)
def test_names_that_lead_elsewhere_are_refused(name):
    """On any system."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bundle.json", b"{}")
        archive.writestr(info, b"evil")
    with pytest.raises(UsageError, match="a file that leads outside it"):
        contents(buffer.getvalue())


def test_a_bundle_that_swells_is_refused():
    """A few bytes that say they are a gigabyte."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", bytes(80 << 20))
    assert len(buffer.getvalue()) < 200_000
    with pytest.raises(UsageError, match="larger than 64 MiB"):
        contents(buffer.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"PK\x05\x06", b"text", zipped([("other.json", b"{}")])], ids=["empty", "cut", "text", "other"]
)
def test_what_is_no_bundle_is_said(data):
    """With what a bundle is."""
    with pytest.raises(UsageError, match="not a lesson's bundle") as error:
        contents(data)
    assert error.value.exit_code == 2


@given(st.data())
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_damaged_bundle_is_refused_or_read(bundles, data):
    """A byte flipped, an end cut off: never another exception."""
    whole = bytearray(bundles["lesson02_sums"])
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, 3))
    try:
        contents(bytes(whole[: len(whole) - cut * place // 3]))
    except UsageError:
        return


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[1]", b"\xff"])
def test_a_damaged_manifest_says_to_fetch_again(tmp_path, manifest):
    """The lesson is not lost."""
    (tmp_path / "bundle.json").write_bytes(manifest)
    with pytest.raises(UsageError, match="is damaged") as error:
        Bundle(tmp_path)
    assert "nnedu fetch" in error.value.next_step


def test_a_bundle_of_another_format_says_what_to_do(unpacked):
    """Fetch again, or upgrade."""
    bundle = unpacked("lesson02_sums")
    path = bundle.folder / "bundle.json"
    path.write_text(re.sub(r'"format": \d+', '"format": 99', path.read_text()))
    with pytest.raises(UsageError, match="has format 99"):
        Bundle(bundle.folder)
