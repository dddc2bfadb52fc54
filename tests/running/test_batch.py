"""A class through real grader processes: some of them are killed, and every submission gets what it earns."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import Future
from dataclasses import replace

import psutil
import pytest

from nnedu.course import load_course
from nnedu.errors import CourseFault, UsageError
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.batch import MOST, Job, Pool, run
from nnedu.running.collect import collect
from nnedu.running.cores import usable_cores
from nnedu.running.grader import Grader, pack_work, prove_solution
from nnedu.running.kit import kit_of
from nnedu.running.work import Work

SECONDS = 60
# Submissions by what their `total` gives: a grader process dies of 13, of 14 once, and never comes back from 16.
DEADLY = '''
    @points(1)
    def test_deadly(self, student):
        """is judged by a grader that dies of some answers"""
        import os, pathlib, signal
        flag = pathlib.Path(__file__).parents[3] / "died"
        found = student.total([0.0])
        if found == 13.0 or (found == 14.0 and not flag.exists()):
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        while found == 16.0:
            pass
        if found == 15.0:
            raise KeyError("W3")


@exercise("answers", sealed=True)
'''


@pytest.fixture
def deadly(tiny_copy):
    """A course with a check that some answers turn against the grader."""
    path = tiny_copy / "graders" / "lesson02_sums" / "test_sums.py"
    mark = '\n\n@exercise("answers", sealed=True)\n'
    assert path.read_text().count(mark) == 1
    path.write_text(path.read_text().replace(mark, DEADLY))
    return load_course(tiny_copy)


def sums(value, number=0):
    """Return the file of a student whose total of nothing is a value; 0 is right."""
    body = f"    return float(sum(values)) + {value}\n"
    answers = 'def answers():\n    return {"first": "b", "second": "a"}\n'
    return pack_work(Work({"sums": f"def total(values):\n{body}\n{answers}# {number}\n"}))


def kit(course):
    lesson = course.lesson("sums")
    return kit_of(course, lesson, lesson_stubs(lesson))


@pytest.fixture
def pooled():
    """Open pools that are closed at the end."""
    pools = []

    def open_pool(course, workers):
        pools.append(Pool(kit(course), workers))
        return pools[-1]

    yield open_pool
    for pool in pools:
        pool.close()


def points(result):
    return result.outcome.points


def test_results_are_those_of_their_submissions(tiny, pooled):
    """Whatever the order in which they come; and student code ran behind the layers that are named."""
    jobs = [Job(str(number), sums(0.0 if number % 3 else 1.0, number)) for number in range(9)]
    found = dict(run(jobs, pooled(tiny, 2)))
    assert {key: points(result) for key, result in found.items()} == {
        str(number): 5 if number % 3 else 3 for number in range(9)
    }
    assert {result.layers for result in found.values()} == {found["0"].layers}
    assert "seccomp" in found["0"].layers


def test_a_job_that_ends_graders_costs_nobody_else(deadly, pooled):
    """It is tried twice, then said to be nobody's fault; one whose grader died once is graded after all."""
    values = [0.0, 13.0, 0.0, 14.0, 15.0, 0.0, 1.0]
    found = dict(run((Job(str(n), sums(value, n)) for n, value in enumerate(values)), pooled(deadly, 2)))
    assert found.keys() == {str(n) for n in range(len(values))}
    assert found["1"].outcome is None
    assert "ended, twice" in found["1"].fault
    assert [points(found[str(n)]) for n in (0, 2, 3, 5, 6)] == [6, 6, 4, 6, 4]
    # A check that crashes on one submission takes its own points out, for and against.
    assert (found["4"].outcome.points, found["4"].outcome.max_points) == (3, 5)


def test_quick_jobs_that_went_together_with_a_deadly_one(deadly, pooled):
    """They are done again one by one; each has its result once, and the deadly one alone is said to be."""
    values = [13.0 if n == 50 else float(n % 2) for n in range(90)]
    found = list(run((Job(str(n), sums(value, n)) for n, value in enumerate(values)), pooled(deadly, 2)))
    assert sorted(key for key, _ in found) == sorted(str(n) for n in range(90))
    assert [key for key, result in found if result.outcome is None] == ["50"]
    assert all(points(result) == (4 if int(key) % 2 else 6) for key, result in found if key != "50")


class Told:
    """A crew that says at once that every job took so many seconds."""

    window = 2
    lost = ()
    seconds = 0.1

    def __init__(self, each):
        self._each = each
        self.sizes = []

    def submit(self, works):
        self.sizes.append(len(works))
        future = Future()
        future.set_result((self._each * len(works), [b'{"outcome":null,"fault":"%s"}' % work for work in works]))
        return future


@pytest.mark.parametrize(("each", "most"), [(1e-4, MOST), (0.02, 4), (0.2, 1)])
def test_as_many_go_together_as_take_a_moment(each, most):
    """One at first, when nothing is known; each comes back under its own key."""
    crew = Told(each)
    found = list(run((Job(str(n), str(n).encode()) for n in range(300)), crew))
    assert [result.fault for _, result in found] == [key for key, _ in found] == [str(n) for n in range(300)]
    assert crew.sizes[:2] == [1, 1]
    assert crew.sizes[:-1] == sorted(crew.sizes[:-1])
    assert max(crew.sizes) == most


@pytest.mark.skipif(usable_cores() < 2, reason="one core")
def test_as_many_graders_as_cores_have_one_each(tiny, pooled):
    """What waits for each other does not move between cores. Fewer graders go where there is room."""

    def affinities(workers):
        pool = pooled(tiny, workers)
        assert len(list(run([Job("a", sums(0.0))], pool))) == 1
        found = [child.cpu_affinity() for child in graders()]
        assert len(found) == workers
        pool.close()
        return found

    assert {len(one) for one in affinities(1)} == {usable_cores()}
    for _ in range(20):  # meanwhile the cores may belong to the graders of another test
        found = affinities(usable_cores())
        if {len(one) for one in found} == {1}:
            break
    assert sorted(found) == [[core] for core in sorted(os.sched_getaffinity(0))]


def test_a_grader_that_never_ends_costs_nobody_else(deadly, pooled):
    """Its process is ended after a multiple of what a submission may take."""
    file = deadly.root / "course.toml"
    file.write_text(file.read_text().replace("submission_seconds = 30.0", "submission_seconds = 1.0"))
    jobs = [Job("endless", sums(16.0)), Job("right", sums(0.0))]
    found = dict(run(jobs, pooled(load_course(deadly.root), 2)))
    assert points(found["right"]) == 6
    assert "ended, twice" in found["endless"].fault


def test_a_killed_grader_process_costs_nothing(tiny, pooled):
    """Kill -9, whether it works or waits: every result comes, once."""
    pool = pooled(tiny, 2)
    killed, found = [], []
    # The second one goes when what the first one had is done: a job that loses two processes alone is given up.
    for key, result in run((Job(str(n), sums(0.0, n)) for n in range(200)), pool):
        found.append((key, points(result)))
        if len(found) in {3, 3 + pool.window * MOST + 1}:
            victim = next(child for child in graders() if child.pid not in killed)
            killed.append(victim.pid)
            victim.kill()
    assert len(killed) == 2
    assert sorted(found) == sorted((str(n), 5) for n in range(200))


def graders():
    """Return the grader processes of this process."""
    mine = psutil.Process().children()
    return [child for child in mine if alive(child) and "multiprocessing.spawn" in " ".join(child.cmdline())]


def alive(process):
    """Whether a process has not ended: a zombie has no command any more."""
    return process.status() != psutil.STATUS_ZOMBIE


def test_submissions_are_taken_as_they_are_needed(tiny, pooled):
    """Never more of them are in memory than keep the processes busy."""
    taken = []

    def jobs():
        for n in range(100):
            taken.append(n)
            yield Job(str(n), sums(0.0, n))

    pool = pooled(tiny, 1)
    for done, _ in enumerate(run(jobs(), pool)):
        assert len(taken) <= done + 1 + pool.window * MOST


def test_a_pool_that_is_closed_leaves_nothing_behind(deadly):
    """Neither processes, whatever they are doing, nor changes in the environment."""
    before = dict(os.environ)
    pool = Pool(kit(deadly), 2)
    next(run([Job("right", sums(0.0)), Job("endless", sums(16.0))], pool))
    children = psutil.Process().children(recursive=True)
    assert len(children) > 2
    closing = threading.Thread(target=pool.close, daemon=True)
    closing.start()
    closing.join(SECONDS)
    assert not closing.is_alive()
    _, alive = psutil.wait_procs(graders(), timeout=SECONDS)
    assert alive == []
    # The sandbox of a grader ends with it.
    _, alive = psutil.wait_procs([one for one in children if "zygote" in " ".join(cmdline(one))], timeout=SECONDS)
    assert alive == []
    assert dict(os.environ) == before


def cmdline(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


ORPHANS = """
    import sys, time
    from pathlib import Path
    from nnedu.course import load_course
    from nnedu.publishing.stubs import lesson_stubs
    from nnedu.running.batch import Job, Pool, run
    from nnedu.running.kit import kit_of

    if __name__ == "__main__":
        course = load_course(Path(sys.argv[1]))
        lesson = course.lesson("sums")
        pool = Pool(kit_of(course, lesson, lesson_stubs(lesson)), 2)
        endless = b'[{"sums":"def total(values):\\\\n    while True:\\\\n        pass\\\\n"},{}]'
        next(run([Job("a", b"[{},{}]")], pool))
        print("ready", flush=True)
        next(run([Job("b", endless), Job("c", endless)], pool))
"""


def test_graders_end_with_a_command_that_is_killed(tiny, tmp_path):
    """Nobody tells them; in the middle of a submission, too."""
    (tmp_path / "main.py").write_text(textwrap.dedent(ORPHANS))
    command = subprocess.Popen([sys.executable, "main.py", str(tiny.root)], cwd=tmp_path, stdout=subprocess.PIPE)
    assert command.stdout.readline() == b"ready\n"
    children = psutil.Process(command.pid).children(recursive=True)
    command.send_signal(signal.SIGKILL)
    command.wait()
    command.stdout.close()
    # The worker of an endless loop began after the list was made; it ends with its zygote.
    _, alive = psutil.wait_procs(children, timeout=SECONDS)
    assert alive == []


@pytest.mark.parametrize("change", ["solutions/lesson02_sums/sums.py", "graders/lesson02_sums/test_sums.py"])
def test_a_lesson_that_is_changed_meanwhile_is_not_mixed(tiny_copy, pooled, change):
    """A process that finds another lesson than the command had says so, and grades nobody."""
    course = load_course(tiny_copy)
    made = kit(course)
    with (tiny_copy / change).open("a") as file:
        file.write("\n# later\n")
    with pytest.raises(UsageError, match="lesson02_sums was changed while a class was being graded"):
        Grader(made)


def test_another_engine_is_refused(tiny):
    """Its sources, Python's version and numpy's decide."""
    made = kit(tiny)
    with pytest.raises(UsageError, match="another engine") as refused:
        Grader(replace(made, engine=made.engine.replace("numpy ", "numpy 0")))
    assert "Have the same nnedu" in refused.value.next_step


def test_a_lesson_can_be_sent(tiny, tmp_path):
    """Where no folder is shared it is unpacked, grades the same, and is removed afterwards."""
    packed = kit(tiny).packed()
    assert set(packed.files) >= {"solutions/lesson02_sums/sums.py", "graders/lesson02_sums/mistakes_sums.py"}
    assert not any("cache" in name or "lesson01" in name for name in packed.files)
    nowhere = replace(packed.lesson, course_root=tmp_path / "gone")
    grader = Grader(replace(packed, lesson=nowhere, course=replace(packed.course, root=tmp_path / "gone")))
    folder = grader._bench.evidence.lesson.course_root
    assert grader.grade(Work({"sums": "def total(values):\n    return float(sum(values))\n"})).outcome.points == 2
    assert folder.is_dir()
    grader.close()
    assert not folder.exists()


def test_versions_change_with_what_they_are_versions_of(tiny_copy):
    """A grader, a solution, a limit: another version. A cache, or another lesson: the same."""
    course = load_course(tiny_copy)
    before = kit(course).lesson_version
    lesson = course.lesson("sums")
    (lesson.graders_folder / "__pycache__").mkdir()
    (lesson.graders_folder / "__pycache__" / "a.pyc").write_bytes(b"a")
    other = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    other.write_text(other.read_text() + "\n")
    assert kit(load_course(tiny_copy)).lesson_version == before
    (tiny_copy / "course.toml").write_text((tiny_copy / "course.toml").read_text().replace("30.0", "31.0"))
    limited = kit(load_course(tiny_copy)).lesson_version
    mistakes = lesson.graders_folder / "mistakes_sums.py"
    mistakes.write_text(mistakes.read_text() + "\n")
    assert len({before, limited, kit(load_course(tiny_copy)).lesson_version}) == 3


def proved(course, name):
    lesson = course.lesson(name)
    prove_solution(course, lesson, collect(lesson.graders_folder, lesson.modules))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("solutions/{}/lines.py", "dtype=float) + intercept", "dtype=float) - intercept", "line/slope"),
        ("solutions/{}/lines.py", "- y) * x)])", "- y) * x) * 2])", "not the derivative of the loss"),
        ("graders/{}/test_lines.py", "        x = _far(rng)\n", "        x = {}['far']\n", "KeyError: 'far'"),
    ],
)
def test_a_broken_solution_is_found_before_anybody_is_graded(tiny_copy, file, old, new, said):
    """It loses a point, its reference is no derivative, or a check crashes on it: the check is named."""
    proved(load_course(tiny_copy), "lines")
    path = tiny_copy / file.format("lesson01_lines")
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CourseFault, match="Nobody has been graded") as fault:
        proved(load_course(tiny_copy), "lines")
    assert said in fault.value.sentence
