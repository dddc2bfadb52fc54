"""answers.toml: written one answer at a time, and nothing that a person wrote is lost."""

import re
import zipfile
from datetime import UTC, datetime

import pytest

from nnedu.course.asked import Asked, AskedQuestion, AskedQuiz, Form
from nnedu.errors import UsageError, WorkspaceError
from nnedu.outcome import Kind
from nnedu.publishing.bundle import QUIZ, BundledExercise, Manifest
from nnedu.workspace import history
from nnedu.workspace.answers import AnswerFile
from nnedu.workspace.fetch import fetch
from nnedu.workspace.reset import reset
from nnedu.workspace.submission import pack

LESSON = "lesson02_layers"
SHAPE = Asked("shape", Form.SINGLE, 1, "What is\nthe shape of W?\n\n    X @ W\n\nIn rows.", ("(n, k)", "(k, n)"))
SIZE = Asked("size", Form.NUMERIC, 1, "How many weights?", places=0)
QUIZZES = (AskedQuiz("quiz_layers", "layers", (AskedQuestion("s", (SHAPE,)), AskedQuestion("s", (SIZE,)))),)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def file(workspace):
    made = AnswerFile(workspace, LESSON)
    made.begin("ada", QUIZZES)
    return made


@pytest.fixture
def with_quiz(workspace, make_bundle):
    """A workspace whose lesson has a quiz."""
    quiz = BundledExercise("quiz_layers", "answers", "layers", 0, (), Kind.QUIZ)
    exercises = (BundledExercise("forward", "dense", "the forward pass", 3, ()), quiz)
    fetch(workspace, make_bundle(exercises=exercises))
    return workspace


def write(file, text):
    file.path.write_text(text, "utf-8")


def test_the_file_is_laid_out_with_every_question(file):
    text = file.path.read_text("utf-8")
    assert 'student = "ada"' in text
    assert """
[quiz_layers]

# 1  shape  (1 point, judged when graded)
# What is the shape of W?
#
#     X @ W
#
# In rows.
#   a) (n, k)
#   b) (k, n)
# Answer: one letter.
shape = ""

# 2  size  (1 point, judged when graded)
# How many weights?
# Answer: a whole number.
size = ""
""" in re.sub(r"(?m)^# $", "#", text)
    answers = file.read()
    assert (answers.student, answers.given) == ("ada", {"quiz_layers": {"shape": "", "size": ""}})


def test_what_is_there_is_not_laid_out_anew(file):
    write(file, 'student = "ben"\n')
    assert file.begin("ada", QUIZZES).student == "ben"
    assert file.path.read_text() == 'student = "ben"\n'


def test_an_answer_changes_its_own_line_alone(file):
    before = file.path.read_text("utf-8").splitlines()
    file.put("quiz_layers", SHAPE, 1, "b")
    after = file.path.read_text("utf-8").splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [('shape = ""', 'shape = "b"')]


MINE = [
    '# mine\nstudent = "ada"\n\n[quiz_layers]   # here\nsize = [\n  12, # twelve\n]\nshape = "a" # sure?\n[o]\nx = 1\n',
    'quiz_layers.shape = "a"\nquiz_layers.size = 3\n',
    'quiz_layers = { shape = "a", size = 3 }\n',
    '[quiz_layers]\nshape = """\na"""\n',
    "[quiz_layers]\r\nshape = 'a'\r\n# end\r\n",
    "[other]\nx = 1\n",
    "",
]


@pytest.mark.parametrize("text", MINE)
def test_whatever_a_person_wrote_stays(file, text):
    file.path.write_bytes(text.encode())
    before = file.read()
    file.put("quiz_layers", SHAPE, 1, 'b "quoted" \\')
    answers = file.read()
    expected = before.given.get("quiz_layers", {}) | {"shape": 'b "quoted" \\'}
    assert answers.given == before.given | {"quiz_layers": expected}
    assert answers.student == before.student
    now = file.path.read_bytes().decode()
    assert [part for part in re.findall(r"#.*", text) if part.strip() not in now] == []


def test_a_question_that_is_not_in_the_file_is_added_as_it_is_asked(file):
    write(file, '[quiz_layers]\nsize = "3"\n')
    file.put("quiz_layers", SHAPE, 1, "a")
    assert "# 1  shape" in file.path.read_text()
    assert file.read().given == {"quiz_layers": {"size": "3", "shape": "a"}}


BROKEN = ['[quiz_layers]\nshape = "a\n', "shape = 1\n", "a = [[[", "student = 3\n"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_said_and_left_as_it_is(file, text):
    write(file, text)
    for act in (file.read, lambda: file.begin("ada", QUIZZES), lambda: file.put("quiz_layers", SHAPE, 1, "b")):
        with pytest.raises(WorkspaceError) as caught:
            act()
        assert "was left as it is" in caught.value.sentence
        assert "nnedu quiz lesson2" in caught.value.next_step
    assert file.path.read_text() == text


def test_an_answer_that_could_not_be_read_again_is_not_written(file):
    """There is no room for it in a file that may not be larger."""
    text = "[quiz_layers]\n" + "# my notes\n" * 2977
    write(file, text)
    assert file.read().given == {"quiz_layers": {}}
    with pytest.raises(WorkspaceError, match="larger than 32 KiB"):
        file.put("quiz_layers", SHAPE, 1, "b")
    assert file.path.read_text() == text


def test_an_answer_is_written_whole_or_not_at_all(file, monkeypatch):
    before = file.path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(WorkspaceError, match="no room"):
        file.put("quiz_layers", SHAPE, 1, "b")
    assert file.path.read_bytes() == before
    assert [path.name for path in file.path.parent.iterdir() if path.name.endswith(".tmp")] == []


# ------------------------------------------------------------------------------------------------- snapshots


def test_undo_brings_answers_back(workspace, file):
    file.put("quiz_layers", SHAPE, 1, "a")
    history.snapshot(workspace, LESSON, "check")
    file.put("quiz_layers", SHAPE, 1, "b")
    assert history.undo(workspace, LESSON).files == ("answers.toml",)
    assert file.read().to("quiz_layers", "shape") == "a"


def test_undo_brings_a_lost_file_back_and_never_takes_one_away(workspace, file):
    without = file.path.read_bytes()
    file.path.unlink()
    history.snapshot(workspace, LESSON, "check")
    file.path.write_bytes(without)
    with pytest.raises(WorkspaceError, match="nothing to undo"):
        history.undo(workspace, LESSON)
    assert file.path.read_bytes() == without
    history.snapshot(workspace, LESSON, "check")
    file.path.unlink()
    assert history.undo(workspace, LESSON).files == ("answers.toml",)
    assert file.path.read_bytes() == without


# ------------------------------------------------------------------------------------------------- submissions


def test_answers_are_handed_in(with_quiz):
    AnswerFile(with_quiz, LESSON).begin("ada", QUIZZES)
    packed = pack(with_quiz, LESSON, "ada", NOON)
    assert [one.name for one in packed.manifest.files] == ["dense.py", "relu.py", "answers.toml"]
    assert packed.left_out == ()
    path = with_quiz.root / "s.zip"
    path.write_bytes(packed.data)
    with zipfile.ZipFile(path) as archive:
        assert archive.read(f"{LESSON}/answers.toml") == (with_quiz.folder(LESSON) / "answers.toml").read_bytes()


def test_without_answers_there_are_none_and_without_a_quiz_they_stay(with_quiz, workspace, make_bundle):
    assert [one.name for one in pack(with_quiz, LESSON, "ada", NOON).manifest.files] == ["dense.py", "relu.py"]
    fetch(workspace, make_bundle())
    AnswerFile(workspace, LESSON).begin("ada", QUIZZES)
    packed = pack(workspace, LESSON, "ada", NOON)
    assert ([one.name for one in packed.manifest.files], packed.left_out) == (
        ["dense.py", "relu.py"],
        ("answers.toml",),
    )


def test_answers_that_cannot_be_read_are_said(with_quiz):
    (with_quiz.folder(LESSON) / "answers.toml").mkdir()
    assert pack(with_quiz, LESSON, "ada", NOON).missing == ("answers.toml is not an ordinary file.",)


def test_a_quiz_has_no_stub_to_put_back(with_quiz):
    with pytest.raises(UsageError) as caught:
        reset(with_quiz, LESSON, "quiz_layers")
    assert "is a quiz" in caught.value.sentence
    assert "nnedu quiz lesson02_layers --again" in caught.value.next_step
    assert isinstance(with_quiz.bundle(LESSON).manifest, Manifest)
    assert not (with_quiz.bundle_folder(LESSON) / QUIZ).exists()
