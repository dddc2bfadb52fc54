"""A live namespace as a student's work: what is called, what is not there, and where something is wrong."""

import linecache
import signal
import textwrap
import threading

import pytest

from nnedu.notebook.cells import cells_of
from nnedu.notebook.namespace import UNDEFINED, submission_of
from nnedu.outcome import State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.submission import Limits

NAMES = {"/tmp/kernel/one.py": "cell 1", "/tmp/kernel/two.py": "cell 2"}  # noqa: S108 - no such file is there
SHORT = Limits(0.3, 20.0, 10.0)


@pytest.fixture
def notebook():
    """Run the texts of cells as a kernel does, and return what is defined then."""

    def run(*cells):
        namespace = {"__name__": "__main__"}
        for file, cell in zip(NAMES, cells, strict=False):
            text = textwrap.dedent(cell)
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
            exec(compile(text, file, "exec"), namespace)  # noqa: S102 - as a kernel does
        return namespace

    yield run
    for file in NAMES:
        linecache.cache.pop(file, None)


def student(namespace, **options):
    return Proxy(submission_of(namespace, ["m"], name_of=NAMES.get, **options), "m")


def failure(function, *arguments):
    with pytest.raises(StudentFailure) as failed:
        function(*arguments)
    return failed.value


def test_its_functions_and_classes_are_called(notebook):
    namespace = notebook(
        "K = 2\ndef double(x):\n    return K * x", "class Box:\n    def get(self):\n        return 7\n"
    )
    assert student(namespace).double(4) == 8
    assert student(namespace).Box().get() == 7


def test_the_newest_definition_counts_and_the_namespace_stays_as_it_is(notebook):
    namespace = notebook("def f(x):\n    x.append(1)\n    return 1", "def f(x):\n    return 2")
    before, given = dict(namespace), []
    assert student(namespace).f(given) == 2
    assert (namespace, given) == (before, [])


def test_a_line_is_said_with_its_cell(notebook):
    namespace = notebook(
        """
        def outer(x):
            return inner(x)
        """,
        """
        import numpy as np


        def inner(x):
            return np.zeros(3) @ x
        """,
    )
    failed = failure(student(namespace).outer, [1.0])
    assert failed.summary == "raised ValueError at cell 2:6"
    assert "    cell 1:3 in outer\n        return inner(x)\n    cell 2:6 in inner\n" in failed.message
    assert "kernel" not in failed.message


def test_a_method_is_said_with_its_cell(notebook):
    namespace = notebook("class Box:\n    def get(self):\n        return 1 / 0\n")
    assert failure(student(namespace).Box().get).summary == "raised ZeroDivisionError at cell 1:3"


def test_what_is_not_written_is_not_started(notebook):
    failed = failure(student(notebook("def f(x):\n    raise NotImplementedError")).f, 1)
    assert failed.state is State.NOT_STARTED
    assert failed.message == "f still raises NotImplementedError, at cell 1:2."


def test_what_nobody_defined_is_said_as_such(notebook):
    failed = failure(student(notebook("x = 1")).f, 1)
    assert (failed.state, failed.summary) == (State.NOT_STARTED, UNDEFINED)
    assert failed.message == "f is not defined in this notebook. Run the cell that defines it, then check again."


def test_a_module_is_not_a_function(notebook):
    assert failure(student(notebook("import math as f")).f, 1).summary == UNDEFINED


def test_a_call_in_between_that_is_not_defined_loses_no_object(notebook):
    one = student(notebook("class Box:\n    def get(self):\n        return 7\n"))
    box = one.Box()
    assert failure(one.missing).summary == UNDEFINED
    assert box.get() == 7


def test_code_that_is_not_python_is_said_with_its_cell(notebook):
    namespace = notebook(
        "def f():\n    exec(compile('x = = 1', __code(), 'exec'))\n\ndef __code():\n    return f.__code__.co_filename"
    )
    assert failure(student(namespace).f).summary == "cell 1:1 is not valid Python"


def test_warnings_are_said_with_their_cell(notebook):
    submission = submission_of(
        notebook("import warnings\ndef f():\n    warnings.warn('odd')"), ["m"], name_of=NAMES.get
    )
    Proxy(submission, "m").f()
    assert submission.take_notes() == ("numpy warned: cell 1:3: odd",)


def test_prints_are_notes_and_nothing_is_printed(notebook, capfd):
    submission = submission_of(notebook("def f():\n    print('here')"), ["m"], name_of=NAMES.get)
    Proxy(submission, "m").f()
    assert submission.take_notes() == ("printed: here",)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers")
class TestStopping:
    LOOP = "def f():\n    while True:\n        pass\n\ndef g():\n    return 3"
    STUBBORN = """
        def f():
            while True:
                try:
                    while True:
                        pass
                except:
                    break
    """

    def test_a_loop_that_never_ends_is_stopped_in_its_line(self, notebook):
        one = student(notebook(self.LOOP), limits=SHORT)
        failed = failure(one.f)
        assert failed.state is State.STOPPED
        assert failed.message == "f was stopped after 0.3 s (limit 0.3 s) at cell 1:2, in the loop `while True`."
        assert one.g() == 3

    def test_who_catches_everything_is_stopped_too(self, notebook):
        assert failure(student(notebook(self.STUBBORN), limits=SHORT).f).state is State.STOPPED

    def test_nothing_of_it_is_left(self, notebook):
        before = signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGINT)
        failure(student(notebook(self.LOOP), limits=SHORT).f)
        assert (signal.getsignal(signal.SIGALRM), signal.getsignal(signal.SIGINT)) == before
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)

    def test_who_interrupts_the_kernel_ends_the_check(self, notebook):
        namespace = notebook("import signal\ndef f():\n    signal.raise_signal(signal.SIGINT)\n    return 1")
        with pytest.raises(KeyboardInterrupt):
            student(namespace).f()

    def test_a_function_that_raises_the_like_is_only_wrong(self, notebook):
        failed = failure(student(notebook("def f():\n    raise KeyboardInterrupt")).f)
        assert failed.summary == "leaves the program instead of returning"

    def test_another_thread_has_no_timer_and_works(self, notebook):
        found, namespace = [], notebook(self.LOOP)
        thread = threading.Thread(target=lambda: found.append(student(namespace, limits=SHORT).g()))
        thread.start()
        thread.join()
        assert found == [3]


def test_a_script_is_named_as_a_file(tmp_path):
    path = tmp_path / "homework.py"
    path.write_text("def f():\n    return 1 / 0\n")
    namespace = {"__name__": "__main__"}
    exec(compile(path.read_text(), str(path), "exec"), namespace)  # noqa: S102 - as `python homework.py` does
    one = Proxy(submission_of(namespace, ["m"]), "m")
    assert failure(one.f).summary == "raised ZeroDivisionError at homework.py:2"


def test_places(notebook):
    namespace = notebook(
        "# a comment\n\nimport functools\n\n\ndef f(x):\n    return x\n", "\nclass Box:\n    def get(self): ...\n"
    )
    cells = cells_of(namespace, NAMES.get)
    assert [cells.place(namespace[name]) for name in ("f", "Box", "functools")] == ["cell 1:6", "cell 2:2", ""]


class TestLesson:
    """The checks of a whole lesson."""

    @pytest.fixture
    def examine(self, tiny):
        def examined(namespace, **options):
            lesson = tiny.lesson("lines")
            exercises = collect(lesson.graders_folder, lesson.modules)
            stubs = lesson_stubs(lesson)
            submission = submission_of(namespace, lesson.modules, stubs=stubs, name_of=NAMES.get, **options)
            return Bench(lesson.id, exercises, Live(tiny, lesson), stubs).examine(submission)

        return examined

    def test_the_solution_has_all_points(self, tiny, notebook, examine):
        outcome = examine(notebook(tiny.lesson("lines").solution_sources()["lines"]))
        assert outcome.complete
        assert outcome.points == 18

    def test_what_was_handed_out_is_not_started(self, tiny, notebook, examine):
        outcome = examine(notebook(lesson_stubs(tiny.lesson("lines"))["lines"]))
        assert {one.state for one in outcome.exercises} == {State.NOT_STARTED}

    def test_a_broken_stub_is_not_started_until_it_is_changed(self, notebook):
        stub = "def f(x):\n    return [][0]\n"
        for written, known in ((stub, True), (stub.replace("[0]", "[1]"), False), (f"# mine\n{stub}", True)):
            submission = submission_of(notebook(written), ["m"], stubs={"m": stub}, name_of=NAMES.get)
            assert (submission.sources.get("m") == stub) is known

    def test_a_mistake_is_named(self, tiny, notebook, examine):
        source = tiny.lesson("lines").solution_sources()["lines"]
        outcome = examine(notebook(source.replace("FRICTION * velocity + gradient", "gradient")))
        step = next(one for one in outcome.exercises if one.id == "step")
        assert step.diagnosis.mistake == "forgets"
