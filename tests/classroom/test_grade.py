"""What is graded of a class: each different submission once, by a grader in this process."""

from concurrent.futures import Future

import msgspec
import pytest

from nnedu.classroom.grade import ClassGrades, Grading
from nnedu.classroom.intake import Received
from nnedu.classroom.results import Results
from nnedu.course import load_course
from nnedu.course.quiz import load_quizzes
from nnedu.outcome import State
from nnedu.running.grader import Grader, Result, unpack_work
from nnedu.running.work import Work

RIGHT = (
    'def total(values):\n    return float(sum(values))\n\ndef answers():\n    return {"first": "b", "second": "a"}\n'
)


class Here:
    """A crew of one that works when it is asked, and lets the answer wait for others."""

    window = 8
    seconds = 0.05
    lost = ()

    def __init__(self, kit):
        self._grader = Grader(kit)
        self.asked = []

    def submit(self, works):
        self.asked += works
        future = Future()
        future.set_result((0.01, [msgspec.json.encode(self._grade(work)) for work in works]))
        return future

    def _grade(self, work):
        return Result(None, fault="It is lost") if b"lost" in work else self._grader.grade(unpack_work(work))

    def close(self):
        self._grader.close()


@pytest.fixture
def graded(tiny, tmp_path):
    """Grade texts, a student each; return the grades, what was asked, and who was said to be done."""
    grading = Grading(tiny, tiny.lesson("sums"))

    def grade(texts):
        crews, done = [], []

        def open_crew(kit):
            crews.append(Here(kit))
            return crews[-1]

        received = [
            Received(f"s{n}", lambda text=text: Work({"sums": text}), f"s{n}", None) for n, text in enumerate(texts)
        ]
        grades = ClassGrades(grading, Results(tmp_path / "results", grading.kit))
        grades.grade(received, open_crew, lambda student, judged: done.append((student, judged())))
        return grades, [work for crew in crews for work in crew.asked], done

    return grade


def test_students_who_hand_in_the_same_are_graded_once(graded):
    """Next to each other or apart, each has a row, in the order of students, and each is said to be done once."""
    other = RIGHT.replace("sum", "max")
    grades, asked, done = graded([RIGHT, RIGHT, other, *[RIGHT] * 10, other])
    assert len(asked) == 2
    assert [one.student for one in grades] == [f"s{n}" for n in range(14)]
    assert [one.outcome.points for one in grades] == [5, 5, 3, *[5] * 10, 3]
    assert all(student == one.student for student, one in done)
    assert sorted(student for student, _ in done) == sorted(f"s{n}" for n in range(14))
    assert (grades.earlier, grades.graded) == (0, 2)
    again, asked, done = graded([other, RIGHT, RIGHT])
    assert (asked, len(done), again.earlier, again.graded) == ([], 3, 3, 0)
    assert again.graded_with == grades.graded_with


def test_answers_are_judged_as_their_student_gave_them(quizzed, tmp_path):
    """Each in its own row, the same in the end as when it was done: right, none, and what could not be read."""
    course = load_course(quizzed)
    grading = Grading(course, course.lesson("lines"))
    quiz = load_quizzes(course, course.lesson("lines"))[-1]
    right = "".join(f"{item.id} = {item.right!r}\n" for item in quiz.of("s0"))
    answers = [f'student = "s0"\n[{quiz.id}]\n{right}'.encode(), None, "It cannot be opened.", b"\xff"]
    received = [
        Received(f"s{n}", lambda given=given: Work({"lines": "# all the same"}, answers=given), f"s{n}", None)
        for n, given in enumerate(answers)
    ]
    done = {}
    grades = ClassGrades(grading, Results(tmp_path / "results", grading.kit))
    grades.grade(received, Here, lambda student, judged: done.update({student: judged()}))
    assert {one.student: one for one in grades} == done
    found = [one.outcome.exercises[-1] for one in grades]
    assert [one.state for one in found] == [State.PASSED, State.NOT_STARTED, State.FAILED, State.FAILED]
    assert found[2].summary == "It cannot be opened."
    assert list(grades) == list(done.values())  # as often as it is read


def test_what_could_not_be_graded_counts_for_nobody(graded):
    """No points of none, in every exercise; the reason is for the instructor, and the next run tries again."""
    for _ in range(2):
        grades, asked, _ = graded([RIGHT, RIGHT + "# lost"])
        (_, lost) = grades
        assert (lost.outcome.points, lost.outcome.max_points) == (0, 0)
        assert {exercise.state for exercise in lost.outcome.exercises} == {State.FAULT}
        assert lost.outcome.exercises[0].checks[0].message.startswith("It is lost; ")
        assert any(b"lost" in work for work in asked)
    assert len(asked) == 1
