"""Bundles: the same bytes every time, everything a student needs, and no answer."""

import ast
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from nnedu.course import load_course
from nnedu.diagnosis.known import Known
from nnedu.diagnosis.trace import agree, answers_from_bytes, same_values, trace_from_bytes
from nnedu.outcome import State
from nnedu.publishing.build import build
from nnedu.publishing.bundle import Bundle, contents
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
