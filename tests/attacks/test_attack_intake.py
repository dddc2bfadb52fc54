"""Rows 56 to 58: archives and folders that would write elsewhere, read elsewhere, or never end. The class is read."""

from __future__ import annotations

import io
import os
import stat
import sys
import zipfile

import pytest
from attacks_table import HONEST

from nnedu.classroom.intake import read_submissions

LESSON, MODULES = "lesson01_targets", ("targets",)
SECRET = "the-secret-of-somebody-else"  # noqa: S105 - bait
FULL = {"targets": HONEST}
MAX_GROWTH_MIB = 64

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and devices")


@pytest.fixture
def handed_in(tmp_path):
    """A folder of submissions: an honest student on either side of whatever a test puts between them."""
    (tmp_path / "secret.py").write_text(SECRET)
    place = tmp_path / "handed-in"
    for student in ("ada", "zoe"):
        (place / student).mkdir(parents=True)
        (place / student / "targets.py").write_text(HONEST)
    return place


def read(place):
    """Read the class; return what mallory is taken to have handed in."""
    before = sorted(place.parent.rglob("*"))
    intake = read_submissions(place, LESSON, MODULES)
    received = {one.student: one for one in intake.received}
    works = {student: one.work for student, one in received.items()}
    assert works["ada"].sources == works["zoe"].sources == FULL
    assert sorted(place.parent.rglob("*")) == before, "reading has written"
    assert not [path for path in (place / "targets.py", place.parent / "targets.py") if path.exists()]
    said = [received["mallory"].problem, *works["mallory"].problems.values()] if "mallory" in received else []
    return works.get("mallory"), " ".join([*said, *intake.ignored])


def member(name, mode=stat.S_IFREG | 0o644, kind=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr, info.compress_type = 3, mode << 16, kind
    return info


def zipped(place, members, name="mallory.zip"):
    with zipfile.ZipFile(place / name, "w") as archive:
        for info, data in members:
            archive.writestr(info, data)
    return place / name


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "name",
    ["../targets.py", "../../targets.py", "/targets.py", "/tmp/targets.py", "a/../../targets.py", "..\\targets.py"],  # noqa: S108
)
def test_a_member_that_would_be_written_elsewhere(handed_in, name):
    zipped(handed_in, [(member(name), b"import os")])
    work, said = read(handed_in)
    assert work.sources == {}
    assert "targets.py" in said


@pytest.mark.parametrize(
    ("mode", "data"),
    [
        (stat.S_IFLNK | 0o777, b"../secret.py"),
        (stat.S_IFLNK | 0o777, b"/etc/passwd"),
        (stat.S_IFIFO | 0o644, b""),
        (stat.S_IFCHR | 0o644, b""),
        (stat.S_IFBLK | 0o644, b""),
        (stat.S_IFDIR | 0o755, b""),
    ],
)
def test_a_member_that_is_no_file(handed_in, mode, data):
    zipped(handed_in, [(member("targets.py", mode), data)])
    work, said = read(handed_in)
    assert work.sources == {}
    assert SECRET not in said


def test_a_link_and_a_file_through_it(handed_in):
    zipped(
        handed_in,
        [
            (member("lesson01_targets", stat.S_IFLNK | 0o777), b".."),
            (member("lesson01_targets/targets.py"), b"VALUE = 1"),
            (member("lesson01_targets/../secret.py"), b"overwritten"),
        ],
    )
    work, _ = read(handed_in)
    assert work.sources == {"targets": "VALUE = 1"}
    assert (handed_in.parent / "secret.py").read_text() == SECRET


def test_a_program_that_would_run_as_another(handed_in):
    zipped(handed_in, [(member("targets.py", stat.S_IFREG | stat.S_ISUID | 0o777), HONEST)])
    work, _ = read(handed_in)
    assert work.sources == FULL


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice(handed_in):
    zipped(handed_in, [(member("targets.py"), b"first = 1"), (member("targets.py"), b"last = 2")])
    work, _ = read(handed_in)
    assert work.sources == {"targets": "last = 2"}


def grown(act):
    """Return what an act returns, and by how many MiB it made this process grow at the most."""
    import tracemalloc

    tracemalloc.start()
    try:
        result = act()
        return result, tracemalloc.get_traced_memory()[1] >> 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("lies", [False, True])
def test_a_bomb(handed_in, lies):
    path = zipped(handed_in, [(member("targets.py"), bytes(200 << 20))])
    assert path.stat().st_size < 1 << 20
    if lies:
        data = path.read_bytes()
        path.write_bytes(data.replace((200 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    (work, said), growth = grown(lambda: read(handed_in))
    assert work.sources == {}
    assert "larger than 256 KiB" in said or "damaged" in said
    assert growth < MAX_GROWTH_MIB


def test_a_bomb_of_many_members(handed_in):
    """A hundred thousand names cost what they weigh, and no more."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50_000):
            archive.writestr(f"{number}", b"")
        archive.writestr("targets.py", HONEST)
    (handed_in / "mallory.zip").write_bytes(buffer.getvalue())
    (work, _), growth = grown(lambda: read(handed_in))
    assert work.sources in ({}, FULL)
    assert growth < 2 * MAX_GROWTH_MIB


def test_a_bomb_in_a_bomb(handed_in):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("targets.py", bytes(50 << 20))
    zipped(handed_in, [(member("targets.zip"), inner.getvalue())])
    work, said = read(handed_in)
    assert work.sources == {}
    assert "none of targets.py" in said


MAKERS = {
    "a link to a secret": lambda path: path.symlink_to("../../secret.py"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "ten gigabytes": lambda path: (path.touch(), os.truncate(path, 10 << 30)),
    "bytes that are no text": lambda path: path.write_bytes(b"x = '\xff\xfe'"),
    "another coding, by its cookie": lambda path: path.write_bytes("# coding: latin-1\nx = 'é'".encode("latin-1")),
    "UTF-7, by its cookie": lambda path: path.write_bytes(b"# coding: utf-7\nx = 1 +AAo-import os"),
    "a NUL": lambda path: path.write_bytes(b"x = 1\0\nimport os"),
    "UTF-16": lambda path: path.write_bytes(HONEST.encode("utf-16")),
    "another case": lambda path: path.with_name("TARGETS.PY").write_text(HONEST),
    "a reserved name": lambda path: path.with_name("con.py").write_text(HONEST),
    "a name that is no text": lambda path: open(os.fsencode(path.parent) + b"/targets\xff.py", "w").close(),  # noqa: PTH123
    "a longer name": lambda path: path.with_name("targets.py\n").write_text(HONEST),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_file_that_is_none(handed_in, make):
    (handed_in / "mallory").mkdir()
    make(handed_in / "mallory" / "targets.py")
    (work, said), growth = grown(lambda: read(handed_in))
    assert SECRET not in str(work) + said
    assert growth < MAX_GROWTH_MIB
    # What a cookie promises is not believed: text is UTF-8, and only as such is it ever compiled.
    assert work.sources in ({}, {"targets": "# coding: utf-7\nx = 1 +AAo-import os"})
    assert work.sources or said


@pytest.mark.parametrize("kind", ["link to a folder", "link to a zip", "pipe", "device"])
def test_an_entry_that_is_no_submission(handed_in, kind):
    path = handed_in / ("mallory.zip" if kind != "link to a folder" else "mallory")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to a folder":
        path.symlink_to(handed_in / "ada")
    else:
        path.symlink_to("/dev/zero" if kind == "device" else handed_in / "other.zip")
    work, said = read(handed_in)
    assert work is None
    assert "mallory" in said


def test_a_submission_that_poses_as_another(handed_in):
    """Who says to be somebody else is told to the instructor, whose word it is then."""
    manifest = b'{"format": 1, "lesson": "lesson01_targets", "student": "ada", "submitted_at": "2999-01-01T00:00:00Z"}'
    zipped(handed_in, [(member("manifest.json"), manifest), (member("targets.py"), b"x = 0")])
    intake = read_submissions(handed_in, LESSON, MODULES)
    assert [one.student for one in intake.received] == ["ada", "zoe"]
    assert [line for line in intake.ignored if "ada is graded by" in line]
