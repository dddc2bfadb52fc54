"""Collecting: every attempt once, whoever it is from and whatever it is; and what is said of it."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from collect_cases import (
    CANVAS,
    FOLDERS,
    GRADESCOPE,
    LESSON,
    MOODLE,
    NBGRADER,
    RIGHT,
    ROSTER,
    STUB,
    desk_of,
    laid,
    submission,
    zipped,
)

from nnedu.classroom.archive import open_archive
from nnedu.classroom.exchange import When, collect
from nnedu.errors import UsageError

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
WRITTEN = "2026-03-04T05:06:08Z"


@pytest.fixture
def desk(tiny_copy):
    with desk_of(tiny_copy) as desk:
        yield desk


@pytest.fixture
def lesson(desk):
    return desk.course.lesson(LESSON)


@pytest.fixture
def take(desk, lesson, tmp_path):
    """Collect files of a zip, once."""

    def collect_files(files, *, now=NOW, name="download.zip"):
        path = tmp_path / name
        path.write_bytes(zipped(files))
        return collect(desk, lesson, [path], now)

    return collect_files


def attempts(desk):
    return {one.student: one for one in desk.book.attempts(LESSON)}


def work(desk, attempt):
    return open_archive(desk.book.archive(attempt.digest), LESSON, ("lines",)).work.sources.get("lines", "").encode()


@pytest.mark.parametrize("files", [CANVAS, MOODLE, GRADESCOPE, NBGRADER, FOLDERS])
def test_collecting_twice_adds_nothing(desk, take, files):
    first = take(files)
    before = desk.book.attempts(LESSON)
    again = take(files, now=NOW + timedelta(hours=1))
    assert (again.new, again.already) == (0, first.new)
    assert desk.book.attempts(LESSON) == before
    assert (again.unlisted, again.unreadable) == (first.unlisted, first.unreadable)


def test_a_download_that_is_made_anew_adds_nothing_although_its_dates_are_new(desk, take, tmp_path, lesson):
    first = take(MOODLE)
    path = tmp_path / "later.zip"
    path.write_bytes(zipped(MOODLE, date=(2026, 3, 9, 9, 9, 8)))
    again = collect(desk, lesson, [path], NOW)
    assert (again.new, again.already) == (0, first.new)


def test_what_is_the_same_in_two_places_is_one_attempt(desk, take, lesson):
    laid(desk.exchange / LESSON, {"ada_20260301T120000Z_0123abcd.zip": submission()})
    assert collect(desk, lesson, [], NOW).new == 1
    assert take(CANVAS).already == 1


def test_canvas(desk, take):
    found = take(CANVAS)
    assert found.places[0][1:] == ("a download of Canvas", 5)
    assert (found.new, found.already) == (5, 0)
    assert found.unlisted == ["strangereve: nobody on the roster"]
    assert found.unreadable == [
        "cleo: essay.pdf: It holds none of lines.py.",
        "dan: latedan_5_text.html: It holds none of lines.py.",
    ]
    assert found.missing == []
    assert dict(found.times) == {When.FILES: 4, When.MANIFEST: 1}
    of = attempts(desk)
    assert {login: bool(one.problem) for login, one in of.items()} == {
        "ada": False,
        "bob": False,
        "cleo": True,
        "dan": True,
        "strangereve": False,
    }
    assert work(desk, of["bob"]) == RIGHT
    assert of["ada"].submitted_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert of["bob"].submitted_at == datetime(2026, 3, 4, 5, 6, 8, tzinfo=UTC)
    assert of["bob"].source == "download.zip/lines.py, notes.txt"
    strangers = [one for one in desk.book.students() if not one.listed]
    assert [one.login for one in strangers] == ["strangereve"]


def test_gradescope_says_when(desk, take):
    found = take(GRADESCOPE)
    assert found.times[When.PLATFORM] == 3
    assert attempts(desk)["cleo"].submitted_at == datetime(2026, 3, 1, 12, 34, 56, 789012, tzinfo=UTC)
    assert found.unlisted == ["Eve Stranger: nobody on the roster", "submission_13: nobody on the roster"]
    assert [one.login for one in found.missing] == ["bob", "dan"]


def test_folders_by_number_address_and_login(desk, take):
    assert take(FOLDERS).left_out == ["readme.txt"]
    assert set(attempts(desk)) == {"ada", "bob", "cleo", "eve"}


def test_without_a_roster_everybody_is_taken_and_nobody_is_missing(tiny_copy, tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(zipped(CANVAS))
    with desk_of(tiny_copy, ()) as desk:
        found = collect(desk, desk.course.lesson(LESSON), [path], NOW)
        assert (found.has_roster, found.unlisted, found.missing, found.new) == (False, [], [], 5)
        assert "lovelaceada" in attempts(desk)  # as the platform says, not the zip


def test_of_two_with_one_name_the_zip_may_decide_and_else_a_person(tiny_copy, tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(
        zipped(
            {
                "lovelaceada_1_11_lines.py": STUB,
                "lovelaceada_2_12_work.zip": submission("ada2"),
                "lovelaceada_3_13_work.zip": submission("dan"),
            }
        )
    )
    with desk_of(tiny_copy, (*ROSTER, replace(ROSTER[0], login="ada2", email="", number=""))) as desk:
        found = collect(desk, desk.course.lesson(LESSON), [path], NOW)
        assert found.unlisted == ["lovelaceada (1): could be ada or ada2", "lovelaceada (3): could be ada or ada2"]
        assert set(attempts(desk)) == {"lovelaceada (1)", "ada2", "lovelaceada (3)"}


def test_what_a_zip_says_inside_does_not_take_anothers_place(desk, take):
    """Neither where a platform says whose it is, nor where its own name does; and it is said."""
    found = take({"lovelaceada_1_11_work.zip": submission("bob", WRITTEN)})
    assert set(attempts(desk)) == {"ada"}
    assert found.doubts == ["ada: what was handed in says inside that it is bob's"]
    found = take({"cleo.zip": submission("dan", WRITTEN), "x.txt": b""}, name="two.zip")
    assert set(attempts(desk)) == {"ada", "cleo"}
    assert found.doubts == ["cleo: what was handed in says inside that it is dan's"]
    take({"whatever.zip": submission("dan", WRITTEN), "x.txt": b""}, name="three.zip")
    assert set(attempts(desk)) == {"ada", "cleo", "dan"}


def test_hints_come_with_the_manifest_and_only_if_they_are_well_formed(desk, take):
    take(
        {
            "ada.zip": submission("ada", hints={"line": 2, "fit": 0}),
            "bob.zip": submission("bob", hints={"line": -1}),
            "cleo.zip": submission("cleo", hints="many"),
            "dan.zip": submission("dan", hints={"line": 10**9}),
        }
    )
    assert {login: one.hints for login, one in attempts(desk).items()} == {
        "ada": (("line", 2),),
        "bob": (),
        "cleo": (),
        "dan": (),
    }
    assert not any(one.problem for one in attempts(desk).values())


def test_a_moment_that_cannot_be_is_not_believed_and_said(desk, take):
    found = take(
        {
            "ada.zip": submission("ada", "2999-01-01T00:00:00Z"),
            "bob.zip": submission("bob", "0001-01-01T00:00:00+14:00"),
        }
    )
    assert {one.submitted_at for one in attempts(desk).values()} == {datetime(2026, 3, 4, 5, 6, 8, tzinfo=UTC)}
    assert found.doubts == [
        "ada: ada.zip says it was handed in at 2999-01-01",
        "bob: bob.zip says it was handed in at 0001-01-01",
    ]


def test_a_moment_long_before_the_file_was_written_is_said(desk, lesson):
    folder = laid(
        desk.exchange / LESSON, {"ada.zip": submission("ada", "2026-03-09T10:00:00Z"), "bob.zip": submission("bob")}
    )
    os.utime(folder / "ada.zip", (NOW.timestamp(), NOW.timestamp()))
    os.utime(folder / "bob.zip", (datetime(2026, 3, 1, 12, 30, tzinfo=UTC).timestamp(),) * 2)
    found = collect(desk, lesson, [], NOW)
    assert found.doubts == ["ada: ada.zip says it was handed in 26 h before it was written"]


def test_a_late_flag_is_only_compared(tiny_copy, tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(zipped({"lovelaceada_LATE_1_11_work.zip": submission("ada")}, date=(2026, 3, 1, 12, 0, 0)))
    text = (
        (tiny_copy / "course.toml")
        .read_text("utf-8")
        .replace('title = "Straight lines"', 'title = "Straight lines"\ndue = 2026-03-05')
    )
    (tiny_copy / "course.toml").write_text(text, "utf-8")
    with desk_of(tiny_copy) as desk:
        found = collect(desk, desk.course.lesson(LESSON), [path], NOW)
        assert attempts(desk)["ada"].submitted_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found.doubts == ["ada: the platform calls it late, work.zip says it is in time"]


def test_without_any_date_the_moment_of_collecting_counts_once(desk, lesson, tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"ada/lines.py": RIGHT, "bob/lines.py": STUB}, date=(1980, 1, 1, 0, 0, 0)))
    found = collect(desk, lesson, [path], NOW)
    assert dict(found.times) == {When.NOW: 2}
    assert collect(desk, lesson, [path], NOW + timedelta(days=1)).new == 0
    assert attempts(desk)["ada"].submitted_at == NOW


def test_several_attempts_of_one_student_are_all_kept(desk, lesson):
    early, late = submission(at="2026-03-01T12:00:00Z"), submission(at="2026-03-02T12:00:00Z", code=STUB)
    back = submission(at="2026-03-03T12:00:00Z")
    laid(desk.exchange / LESSON, {"ada_1.zip": early, "ada_2.zip": late, "ada_3.zip": back})
    assert collect(desk, lesson, [], NOW).new == 3
    assert [one.submitted_at.day for one in desk.book.attempts(LESSON)] == [1, 2, 3]


def test_what_cannot_be_read_is_kept_with_why(desk, lesson):
    broken = b"PK\x03\x04 cut off"
    folder = laid(
        desk.exchange / LESSON,
        {
            "ada_20260301T120000Z_0123abcd.zip": broken,
            "bob.zip": submission("bob", lesson="lesson02_sums"),
            "note.txt": b"",
        },
    )
    os.mkfifo(folder / "cleo.zip")
    found = collect(desk, lesson, [], NOW)
    assert found.unreadable == [
        "ada: ada_20260301T120000Z_0123abcd.zip: The zip is damaged; submit it again.",
        "bob: bob.zip: It is a submission of lesson02_sums, not of lesson01_lines.",
        "cleo: cleo.zip: It is not an ordinary file.",
    ]
    assert found.left_out == ["note.txt"]
    of = attempts(desk)
    assert desk.book.archive(of["ada"].digest) == broken
    assert [one.login for one in found.missing] == ["dan"]


def test_hostile_names_and_texts_are_kept_as_plain_ones(desk, lesson):
    names = ["x\x1b[2J", "=cmd()", "a\nb", "a\u202eb", "<script>"]
    laid(desk.exchange / LESSON, {f"{name}/lines.py": name.encode() for name in names})
    found = collect(desk, lesson, [], NOW)
    logins = list(attempts(desk))
    assert len(logins) == len(names)
    for text in [*logins, *found.unlisted]:
        assert text.isprintable()
        assert not text.startswith("=")
        assert "<" not in text


def test_nothing_handed_in_yet(desk, lesson):
    with pytest.raises(UsageError, match="Nobody has handed in") as error:
        collect(desk, lesson, [], NOW)
    assert "nnedu release" in error.value.next_step
    (desk.exchange / LESSON).mkdir(parents=True)
    found = collect(desk, lesson, [], NOW)
    assert (found.new, len(found.missing)) == (0, 4)


def test_what_is_read_is_never_unpacked(desk, take, tmp_path):
    before = set(tmp_path.rglob("*"))
    take(MOODLE)
    after = set(tmp_path.rglob("*")) - before
    assert {path.name for path in after} <= {"download.zip", "gradebook.db-wal", "gradebook.db-shm"}
