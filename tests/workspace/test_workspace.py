"""Finding a workspace, its lessons, the lesson that is meant, and the settings."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from nnedu.errors import UsageError, WorkspaceError
from nnedu.outcome import CheckOutcome, ExerciseOutcome, LessonOutcome, State
from nnedu.workspace.fetch import fetch
from nnedu.workspace.progress import Progress
from nnedu.workspace.workspace import Settings, Workspace

LESSON = "lesson02_layers"


def test_is_found_from_any_folder_inside(workspace):
    """a workspace is found from any folder inside it"""
    inside = workspace.root / "a" / "b"
    inside.mkdir(parents=True)
    assert Workspace.find(inside).root == workspace.root
    assert Workspace.open_or_create(inside).root == workspace.root
    assert not (inside / ".nnedu").exists()


def test_none_says_how_to_make_one(tmp_path):
    """where there is no workspace, the next step is to fetch a lesson"""
    with pytest.raises(WorkspaceError, match="no workspace") as caught:
        Workspace.find(tmp_path)
    assert "nnedu fetch LESSON" in caught.value.next_step
    assert Workspace.open_or_create(tmp_path).marker.is_dir()


@pytest.mark.parametrize("way", [Workspace.find, Workspace.create, Workspace.open_or_create])
def test_the_course_itself_is_not_one(tmp_path, way):
    """inside a checkout of the course, another folder is asked for, and nothing is made"""
    (tmp_path / "course.toml").touch()
    (tmp_path / "solutions").mkdir()
    (tmp_path / "docs").mkdir()
    with pytest.raises(WorkspaceError, match="is the course itself"):
        way(tmp_path / "docs")
    assert not list(tmp_path.rglob(".nnedu"))


def test_a_file_in_its_place_is_said(tmp_path):
    """a workspace that cannot be made is a sentence"""
    (tmp_path / ".nnedu").write_text("mine")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        Workspace.create(tmp_path)
    assert (tmp_path / ".nnedu").read_text() == "mine"


def test_lessons_are_in_the_order_of_their_numbers(workspace, make_bundle):
    """lesson 10 comes after lesson 2, and what nnedu left half done is not a lesson"""
    fetch(workspace, make_bundle("lesson10_words"))
    fetch(workspace, make_bundle("lesson9_sounds"))
    (workspace.marker / "lessons" / ".abc.tmp").mkdir()
    assert workspace.lessons() == [LESSON, "lesson9_sounds", "lesson10_words"]
    assert Workspace.create(workspace.root / "new").lessons() == []


@pytest.mark.parametrize("name", ["2", "lesson2", "lesson02", "layers", LESSON, f"{LESSON}/"])
def test_resolves_a_name(workspace, name):
    """a lesson is found by whatever people call it"""
    assert workspace.resolve(name, workspace.root) == LESSON


def test_resolves_the_folder(workspace, make_bundle):
    """without a name, the lesson is that of the folder, however deep"""
    fetch(workspace, make_bundle("lesson10_words"))
    deep = workspace.folder("lesson10_words") / "notes"
    deep.mkdir()
    assert workspace.resolve(None, deep) == "lesson10_words"
    assert workspace.lesson_at(deep / "x.py") == "lesson10_words"
    assert workspace.lesson_at(workspace.root) is None
    assert workspace.lesson_at(workspace.root.parent) is None
    assert workspace.lesson_at(workspace.root / "lesson10_words_old") is None


def test_resolves_to_the_one_last_checked_and_goes_on_with_the_first_that_is_not_done(workspace, make_bundle):
    """elsewhere, the lesson is the one last checked; the one to go on with is the first that is not complete"""
    fetch(workspace, make_bundle("lesson10_words"))
    assert workspace.resolve(None, workspace.root) == LESSON
    assert workspace.upcoming(workspace.root) == LESSON
    assert workspace.upcoming(workspace.folder("lesson10_words")) == "lesson10_words"
    progress = Progress.load(workspace)
    for lesson, expected in (("lesson10_words", LESSON), (LESSON, "lesson10_words")):
        done = [
            ExerciseOutcome(name, "m", "", State.PASSED, 1, 1, "", checks=(CheckOutcome("c", "", State.PASSED, 1, 1),))
            for name in ("forward", "relu")
        ]
        progress.record(LessonOutcome(lesson, tuple(done)), datetime.now(UTC))
        progress.save()
        assert workspace.resolve(None, workspace.root) == lesson
        assert workspace.upcoming(workspace.root) == expected


def test_a_lesson_not_fetched_says_how(workspace):
    """a lesson of the course that was not fetched says the command that fetches it"""
    with pytest.raises(WorkspaceError, match="not fetched") as caught:
        workspace.resolve("words", workspace.root)
    assert caught.value.next_step == "nnedu fetch lesson10"


def test_an_unknown_lesson_is_not_a_workspace_matter(workspace):
    """a name that no lesson has offers those that look like it"""
    with pytest.raises(UsageError, match="no lesson 'layrs'") as caught:
        workspace.resolve("layrs", workspace.root)
    assert "layers" in caught.value.next_step


def test_nothing_fetched(tmp_path):
    """an empty workspace says how to begin"""
    with pytest.raises(WorkspaceError, match="No lesson was fetched"):
        Workspace.create(tmp_path).resolve(None, tmp_path)


def test_a_damaged_bundle_stands_in_nobodys_way(workspace, make_bundle):
    """another lesson is still found when one bundle is damaged"""
    fetch(workspace, make_bundle("lesson10_words"))
    (workspace.bundle_folder(LESSON) / "bundle.json").write_bytes(b"{")
    assert workspace.resolve("words", workspace.root) == "lesson10_words"
    assert workspace.resolve(None, workspace.root) == LESSON
    with pytest.raises(WorkspaceError, match="lesson01_basics was not fetched"):
        workspace.resolve("1", workspace.root)
    with pytest.raises(UsageError, match="damaged"):
        workspace.bundle(LESSON)


def test_work_is_what_the_student_wrote(workspace, dense):
    """work holds the text of each module, and a sentence where there is none"""
    dense.write_bytes(b"x = 1\r\n")
    (workspace.folder(LESSON) / "relu.py").unlink()
    work = workspace.work(LESSON)
    assert work.sources == {"dense": "x = 1\n"}
    assert "relu.py is missing" in work.problems["relu"]


def test_settings_come_back(workspace):
    """settings come back as they were saved, whatever stands in them"""
    assert workspace.settings == Settings()
    for settings in (
        Settings("ada", "C:\\class\\new"),
        Settings('Zoë "x" \x7f', "/srv/\u2028é"),
        Settings("", r"\1\g<0>"),
    ):
        workspace.save_settings(settings)
        assert workspace.settings == settings


def test_settings_keep_what_was_typed(workspace):
    """comments that a student wrote into the settings stay"""
    path = workspace.marker / "settings.toml"
    path.write_text('# mine\nstudent = "ada" # me\n')
    workspace.save_settings(Settings("grace", "/srv"))
    assert path.read_text() == '# mine\nstudent = "grace"\nclassroom = "/srv"\n'


@pytest.mark.parametrize(
    ("text", "says", "step"),
    [
        (b"studnt = 'ada'", "unknown setting 'studnt'", "student"),
        (b"student = ", "cannot be read", "student ="),
        (b"student = 3", "cannot be read", "student ="),
        (b"student = '\xff'", "cannot be read", "student ="),
    ],
)
def test_bad_settings_are_refused(workspace, text, says, step):
    """settings that cannot be understood name the file and what may have been meant"""
    (workspace.marker / "settings.toml").write_bytes(text)
    with pytest.raises(WorkspaceError, match=says) as caught:
        workspace.settings  # noqa: B018
    assert "settings.toml" in caught.value.sentence
    assert step in caught.value.next_step


def test_importing_is_light():
    """the workspace brings in neither numpy nor pytest nor click, nor what reads zips"""
    code = (
        "import sys, nnedu.workspace, nnedu.workspace.fetch, nnedu.workspace.reset, nnedu.workspace.submission\n"
        "print(sorted({'numpy', 'pytest', 'click', 'zipfile', 'shutil', 'tomllib', 'dataclasses'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
