"""The gradebook, in SQLite and on a PostgreSQL server: what is written is read, and nothing is ever changed."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.exc import StatementError

from nnedu.classroom.gradebook import schema
from nnedu.classroom.records import Comment, Extension, GradedWith, Override, Scored, Student
from nnedu.errors import FaultError, UsageError
from nnedu.outcome import CheckOutcome, Curve, Diagnosis, ExerciseOutcome, Grid, Kind, LessonOutcome, State

NOON = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
USED = GradedWith("Lines and sums", "1.0", "abc", "nnedu 0.1", ())
HOSTILE = "=1+1 <b>é\u202e\x1b[2J'\"; DROP TABLE students; --"


@pytest.fixture(autouse=True)
def _only_adds(request):
    """Watch every statement of every test here: rows are added, and nothing else happens to them."""
    if "book" not in request.fixturenames:
        yield
        return
    said = []
    engine = request.getfixturevalue("book")._engine
    event.listen(engine, "before_cursor_execute", lambda *about: said.append(about[2].split()[0].upper()))
    yield
    assert set(said) <= {"SELECT", "INSERT", "BEGIN", "PRAGMA"}


def check(name, state=State.PASSED, points=1, **more):
    return CheckOutcome(name, f"is {name}", state, points, 1, **more)


def outcome(*checks, **more):
    points = sum(one.points for one in checks)
    state = State.PASSED if all(one.state is State.PASSED for one in checks) else State.FAILED
    exercise = ExerciseOutcome("total", "sums", "the sum", state, points, len(checks), "a line", checks=checks, **more)
    return LessonOutcome("lesson02_sums", (exercise,), 0.25)


RIGHT = outcome(check("right"), check("short"))
WRONG = outcome(check("right", State.FAILED, 0, message="2 times too large"), check("short"))


def hand_in(book, student="ada", lesson="lesson02_sums", data=b"zip", at=NOON, **more):
    return book.add_attempt(student=student, lesson=lesson, data=data, submitted_at=at, received_at=at, **more)


def grade(book, *rows, used=USED, **more):
    run = book.begin_run("lesson02_sums", "sam", used)
    book.save(run, rows, **more)
    book.end_run(run)
    return run


# Students


def test_a_roster_is_read_as_it_was_written(book):
    ada = Student("ada", "Ada Lovelace", "ada@example.org", "17", "B")
    book.enrol([Student("zoe"), ada], "sam")
    assert book.students() == [ada, Student("zoe")]


def test_only_what_is_new_or_has_changed_is_written(book):
    roster = [Student("ada", "Ada"), Student("ben", "Ben")]
    for changed in (roster, roster, [Student("ada", "Ada King"), roster[1]], [Student("ben", "Ben", listed=False)]):
        book.enrol(changed, "sam")
    assert book.students() == [Student("ada", "Ada King"), Student("ben", "Ben", listed=False)]
    with book._reading() as connection:
        written = connection.execute(schema.roster.select().order_by(schema.roster.c.id)).all()
    assert [(row.login, row.name, row.by) for row in written] == [
        ("ada", "Ada", "sam"),
        ("ben", "Ben", "sam"),
        ("ada", "Ada King", "sam"),
        ("ben", "Ben", "sam"),
    ]


def test_who_hands_in_without_being_on_the_roster_is_known_and_not_listed(book):
    hand_in(book, "eve")
    book.enrol([Student("ada")], "sam")
    assert book.students() == [Student("ada"), Student("eve", listed=False)]
    book.enrol([Student("eve", "Eve")], "sam")
    assert book.students()[1] == Student("eve", "Eve")


# Attempts


def test_an_attempt_is_kept_with_all_that_is_known_of_it(book):
    at = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    attempt, new = hand_in(book, at=at, source="ada.zip", problem="none of it", hints=[("total", 2), ("answers", 1)])
    assert new
    assert book.attempts() == [attempt]
    assert (attempt.submitted_at, attempt.received_at) == (NOON, NOON)
    assert attempt.submitted_at.utcoffset() == timedelta()
    assert (attempt.source, attempt.problem) == ("ada.zip", "none of it")
    assert attempt.hints == (("total", 2), ("answers", 1))
    assert attempt.digest == hashlib.sha256(b"zip").hexdigest()
    assert book.archive(attempt.digest) == b"zip"


def test_the_same_attempt_is_kept_once(book):
    first, _ = hand_in(book, source="one.zip")
    assert hand_in(book, source="two.zip") == (first, False)
    others = [
        hand_in(book, "ben"),
        hand_in(book, lesson="lesson01_lines"),
        hand_in(book, data=b"other"),
        hand_in(book, at=NOON + timedelta(microseconds=1)),
    ]
    assert all(new for _, new in others)
    assert len({one.id for one, _ in others} | {first.id}) == 5


def test_attempts_come_by_student_then_moment(book):
    late, early = NOON + timedelta(days=1), NOON - timedelta(days=1)
    for student, at in (("ben", late), ("ada", late), ("ben", early), ("Zoe", NOON), ("ada", early)):
        hand_in(book, student, at=at)
    hand_in(book, "cat", "lesson01_lines")
    found = [(one.student, one.submitted_at) for one in book.attempts("lesson02_sums")]
    assert found == [("Zoe", NOON), ("ada", early), ("ada", late), ("ben", early), ("ben", late)]
    assert len(book.attempts()) == 6


def test_an_archive_may_hold_any_bytes(book):
    data = bytes(range(256)) * 4096
    attempt, _ = hand_in(book, data=data)
    assert book.archive(attempt.digest) == data
    with pytest.raises(FaultError, match="holds no archive ffff"):
        book.archive("f" * 64)


def test_a_moment_without_a_time_zone_is_nothing_to_keep(book):
    with pytest.raises(StatementError, match="without a time zone"):
        hand_in(book, at=NOON.replace(tzinfo=None))


# Runs and results


def test_a_run_is_known_by_who_began_it_and_with_what(book):
    attempt, _ = hand_in(book)
    used = GradedWith("Course", "2.0", "lesson", "engine", ("seccomp",))
    run = book.begin_run("lesson02_sums", "sam", used)
    [begun] = book.runs()
    assert (begun.id, begun.lesson, begun.by, begun.used, begun.ended) == (run, "lesson02_sums", "sam", used, None)
    for _ in range(2):
        book.save(run, [(attempt.id, RIGHT)], sandbox=["seccomp, landlock"])
        book.end_run(run)
    [ended] = book.runs()
    assert ended.used.sandbox == ("seccomp", "seccomp, landlock")
    assert ended.began <= ended.ended <= datetime.now(UTC)


def test_runs_come_in_their_order_and_by_lesson(book):
    ids = [book.begin_run(lesson, "sam", USED) for lesson in ("b", "a", "b")]
    assert [one.id for one in book.runs()] == ids
    assert [one.id for one in book.runs("b")] == [ids[0], ids[2]]


def test_the_latest_run_that_graded_an_attempt_counts(book):
    ada, _ = hand_in(book)
    ben, _ = hand_in(book, "ben")
    hand_in(book, "cat")
    first = grade(book, (ada.id, WRONG), (ben.id, RIGHT))
    second = grade(book, (ada.id, RIGHT))
    assert book.scored() == [Scored(ada, second, RIGHT), Scored(ben, first, RIGHT)]
    assert book.scored("lesson01_lines") == []
    assert book.outcome(ada.id) == RIGHT
    assert book.outcome(ada.id, first) == WRONG
    assert book.outcome(ben.id, second) is None
    assert book.outcome(999) is None
    assert book.results(first) == {ada.id: outcome(check("right", State.FAILED, 0), check("short")), ben.id: RIGHT}


def test_what_checks_say_at_length_is_read_for_one_attempt_only(book):
    attempt, _ = hand_in(book)
    grid = Grid("dW", (2, 2), ("x.", ".."))
    curve = Curve("loss", (0, 1), (0.5, None), (0.5, 0.25))
    full = outcome(
        check("right", State.FAILED, 0, message=f"says\n{HOSTILE}", summary="in a line", hidden=True, picture=grid),
        check("short", State.RAISED, 0, message="raised", picture=curve),
        check("left"),
        diagnosis=Diagnosis("mean", "the mean is forgotten"),
        notes=("a note",),
        line=7,
        broken_at="sums.py:3",
    )
    quiz = ExerciseOutcome("quiz", "quiz", "questions", State.PASSED, 1, 1, "", checks=(check("a"),), kind=Kind.QUIZ)
    full = LessonOutcome(full.lesson, (*full.exercises, quiz), 1.5)
    grade(book, (attempt.id, full))
    assert book.outcome(attempt.id) == full
    [scored] = book.scored()
    shown = scored.outcome.exercises[0].checks
    assert [(one.message, one.picture) for one in shown] == [("", None)] * 3
    assert [(one.state, one.summary, one.hidden) for one in shown][:2] == [
        (State.FAILED, "in a line", True),
        (State.RAISED, "", False),
    ]
    assert scored.outcome.exercises[0].diagnosis == Diagnosis("mean", "the mean is forgotten")


def test_each_check_is_a_row(book):
    attempt, _ = hand_in(book)
    run = grade(book, (attempt.id, WRONG))
    with book._reading() as connection:
        rows = connection.execute(schema.checks.select().order_by(schema.checks.c.position)).all()
    assert [tuple(row) for row in rows] == [
        (attempt.id, run, 0, "total", "right", "failed", 0, 1, "2 times too large", None),
        (attempt.id, run, 1, "total", "short", "passed", 1, 1, "", None),
    ]


def test_what_is_saved_twice_is_there_once(book):
    attempt, _ = hand_in(book)
    run = grade(book, (attempt.id, WRONG))
    book.save(run, [(attempt.id, WRONG)])
    book.save(run, [])
    assert book.outcome(attempt.id) == WRONG
    assert len(book.scored()) == 1


def test_a_batch_is_saved_as_a_whole_or_not_at_all(book):
    attempt, _ = hand_in(book)
    run = book.begin_run("lesson02_sums", "sam", USED)
    with pytest.raises(FaultError, match="belongs to nothing that it holds"):
        book.save(run, [(attempt.id, RIGHT), (999, RIGHT)])
    assert book.scored() == []
    with pytest.raises(FaultError, match="belongs to nothing that it holds"):
        book.save(999, [(attempt.id, RIGHT)])


# What people decided


def test_what_people_decided_is_kept_in_its_order(book):
    book.enrol([Student("ada"), Student("ben")], "sam")
    hour = timedelta(hours=1)
    overrides = [
        Override("ada", "lesson02_sums", "total", 3.5, HOSTILE, "sam", NOON),
        Override("ada", "lesson02_sums", "total", None, "a slip of mine", "sam", NOON + hour),
        Override("ben", "lesson01_lines", "", 0.0, "copied", "kim", NOON - hour),
    ]
    comments = [Comment("ada", "lesson02_sums", "", f"{HOSTILE}\nwell done", "sam", NOON)]
    extensions = [
        Extension("ada", "lesson02_sums", NOON + 48 * hour, "ill", "sam", NOON),
        Extension("ada", "lesson02_sums", NOON + 24 * hour, "well again", "sam", NOON + hour),
    ]
    for one in overrides * 2:
        book.override(one)
    for one in comments * 2:
        book.comment(one)
    for one in extensions * 2:
        book.extend(one)
    assert book.overrides() == overrides
    assert book.overrides("lesson01_lines") == overrides[2:]
    assert book.comments() == comments
    assert book.comments("lesson01_lines") == []
    assert book.extensions() == extensions
    assert book.extensions("lesson01_lines") == []


def test_nothing_can_be_decided_about_nobody(book):
    for decide, what in (
        (book.override, Override("eve", "l", "", 1.0, "why", "sam", NOON)),
        (book.comment, Comment("eve", "l", "", "text", "sam", NOON)),
        (book.extend, Extension("eve", "l", NOON, "why", "sam", NOON)),
    ):
        with pytest.raises(UsageError, match="knows no student 'eve'"):
            decide(what)


# The database itself


def test_no_text_is_too_strange_to_be_kept(book):
    strange = "a\0b\ud800c \U0001f600"
    kept = "a\ufffdb?c \U0001f600"
    attempt, new = hand_in(book, f"ada {HOSTILE}", source=strange, problem=HOSTILE)
    assert new
    assert (attempt.student, attempt.source, attempt.problem) == (f"ada {HOSTILE}", kept, HOSTILE)
    assert hand_in(book, strange)[0].student == kept
    assert hand_in(book, strange)[1] is False
    full = outcome(check("right", State.FAILED, 0, message="NUL \0 and so on", summary="NUL \0"))
    grade(book, (attempt.id, full))
    found = book.outcome(attempt.id).exercises[0].checks[0]
    assert (found.message, found.summary) == ("NUL \ufffd and so on", "NUL \0")


def test_the_migrations_lead_to_the_tables_that_are_used(book):
    with book._reading() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
