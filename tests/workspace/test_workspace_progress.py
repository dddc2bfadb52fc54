"""Progress: what came of every exercise, and the hints that were given."""

from datetime import UTC, datetime

import pytest

from nnedu.errors import WorkspaceError
from nnedu.outcome import State
from nnedu.workspace.progress import Progress

LESSON = "lesson02_layers"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_comes_back_as_it_was_recorded(workspace, make_outcome):
    """an exercise is kept with its points, its mistake and the first message"""
    progress = Progress.load(workspace)
    assert progress.exercise(LESSON, "forward") is None
    progress.record(make_outcome(State.FAILED, points=1, mistake="no-mean"), NOW)
    progress.save()
    found = Progress.load(workspace).exercise(LESSON, "forward")
    assert found is not None
    assert (found.state, found.points, found.max_points, found.best_points, found.attempts) == ("failed", 1, 3, 1, 1)
    assert (found.mistake, found.message, found.checked_at) == ("no-mean", "3 times too large", NOW)
    assert b"\n" in (workspace.marker / "progress.json").read_bytes()


def test_best_points_and_attempts(workspace, make_outcome):
    """the best is remembered, and an untouched stub is no attempt"""
    progress = Progress.load(workspace)
    for state, points in ((State.NOT_STARTED, 0), (State.PASSED, 3), (State.RAISED, 0)):
        progress.record(make_outcome(state, points=points), NOW)
    found = progress.exercise(LESSON, "forward")
    assert found is not None
    assert (found.state, found.points, found.best_points, found.attempts) == (State.RAISED, 0, 3, 2)
    assert progress.points(LESSON) == (0, 3)


def test_hints_are_counted_by_mistake(workspace):
    """hints of one mistake leave those of another, and of the exercise as such, alone"""
    progress = Progress.load(workspace)
    progress.give_hint(LESSON, "forward", "a", 2)
    progress.give_hint(LESSON, "forward", None, 1)
    progress.give_hint(LESSON, "forward", "a", 1)
    progress.save()
    progress = Progress.load(workspace)
    assert [progress.hint_level(LESSON, "forward", mistake) for mistake in ("a", None, "b")] == [2, 1, 0]
    assert Progress(workspace.marker / "other.json").hint_level(LESSON, "forward", "a") == 0


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"lessons": 3}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_set_aside(workspace, data):
    """a damaged file is said once, kept under another name, and never over an earlier one"""
    path = workspace.marker / "progress.json"
    for name in ("progress.json.damaged", "progress.json.damaged2"):
        path.write_bytes(data)
        with pytest.raises(WorkspaceError, match="set aside"):
            Progress.load(workspace)
        assert (workspace.marker / name).read_bytes() == data
    assert Progress.load(workspace).exercise(LESSON, "forward") is None


def test_a_newer_format_is_left_alone(workspace):
    """progress of a newer nnedu is refused, not set aside"""
    path = workspace.marker / "progress.json"
    path.write_text('{"format": 2}')
    with pytest.raises(WorkspaceError, match="format 2"):
        Progress.load(workspace)
    assert path.exists()
