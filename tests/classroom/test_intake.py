"""Reading submissions: whatever one of them is, the others are read."""

import json
import os
import random
import stat
import zipfile

import pytest

from nnedu.classroom.intake import read_submissions
from nnedu.errors import UsageError

LESSON = "lesson02_layers"
MODULES = ("dense", "relu")
GOOD = {"dense.py": b"x = 1\n", "relu.py": b"y = 2\n"}
SOURCES = {"dense": "x = 1\n", "relu": "y = 2\n"}


def manifest(student="ada", at="2026-01-02T03:04:05+00:00", lesson=LESSON):
    return {
        "manifest.json": json.dumps(
            {"format": 1, "lesson": lesson, "student": student, "submitted_at": at, "files": []}
        ).encode()
    }


def inside(folder, files=GOOD):
    return {f"{folder}/{name}": data for name, data in files.items()}


def write_zip(path, files, *, kind=zipfile.ZIP_DEFLATED, mode=None):
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = kind
            if mode is not None:
                info.create_system, info.external_attr = 3, mode << 16
            archive.writestr(info, data)
    return path


def write_folder(path, files=GOOD):
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def read(folder):
    return read_submissions(folder, LESSON, MODULES)


def only(folder):
    (one,) = read(folder).received
    return one


@pytest.mark.parametrize("place", ["", LESSON])
def test_a_folder(tmp_path, place):
    """a folder is a submission of the student it is named after, files at its root or in the lesson's folder"""
    write_folder(tmp_path / "ada" / place)
    one = only(tmp_path)
    assert (one.student, one.source, one.submitted_at, one.problem) == ("ada", "ada", None, "")
    assert one.work.sources == SOURCES


@pytest.mark.parametrize("place", ["", f"{LESSON}/", "my work/", f"nn/{LESSON}/"])
def test_a_zip(tmp_path, place):
    """a zip may hold the files at its root, in the lesson's folder, or in a single folder"""
    junk = {"__MACOSX/._dense.py": b"\0", ".DS_Store": b"\0"}
    write_zip(tmp_path / "ada.ZIP", {f"{place}{name}": data for name, data in GOOD.items()} | junk)
    one = only(tmp_path)
    assert (one.student, one.source, one.problem) == ("ada", "ada.ZIP", "")
    assert one.work.sources == SOURCES


def test_the_manifest_names_the_student(tmp_path):
    """a well-formed manifest says who and when"""
    write_zip(tmp_path / "whatever.zip", manifest("Zoë L") | inside(LESSON))
    one = only(tmp_path)
    assert (one.student, one.submitted_at) == ("Zoë L", "2026-01-02T03:04:05+00:00")
    assert one.work.sources == SOURCES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 10_000,
        b" " * 300_000,
        *(manifest(name)["manifest.json"] for name in ("", "../x", "a/b", ".x", "a\nb", "x" * 65, " a")),
        manifest(at="yesterday")["manifest.json"],
    ],
)
def test_a_manifest_that_is_not_well_formed(tmp_path, data):
    """a manifest that cannot be believed is passed over for the name of the zip, and the work is read"""
    write_zip(tmp_path / "ada.zip", {"manifest.json": data} | GOOD)
    one = only(tmp_path)
    assert (one.student, one.submitted_at, one.work.sources) == ("ada", None, SOURCES)


def test_a_submission_of_another_lesson(tmp_path):
    """a zip of another lesson is not read for this one, even where its files have the same names"""
    write_zip(tmp_path / "x.zip", manifest(lesson="lesson01") | inside("lesson01"))
    one = only(tmp_path)
    assert one.student == "ada"
    assert "lesson01" in one.problem
    assert not one.work.sources


@pytest.mark.parametrize("names", [("a.zip", "b.zip"), ("b.zip", "a.zip")])
def test_the_newest_of_one_student(tmp_path, names):
    """of several zips of a student the newest counts, by moment and not by spelling, and the others are named"""
    old, new = names
    write_zip(tmp_path / old, manifest(at="2026-01-02T09:00:00+09:00") | inside(LESSON, {"dense.py": b"old"}))
    write_zip(tmp_path / new, manifest(at="2026-01-02T03:00:00+00:00") | inside(LESSON, {"dense.py": b"new"}))
    intake = read(tmp_path)
    assert [one.work.sources["dense"] for one in intake.received] == ["new"]
    assert intake.ignored == (f"{old}: ada is graded by {new}",)


def test_a_broken_zip_does_not_take_the_place_of_a_good_one(tmp_path):
    """a good submission counts although a later one cannot be read, and that one is named with the reason"""
    write_zip(tmp_path / "ada_20260102T030405Z_0123abcd.zip", manifest() | inside(LESSON))
    (tmp_path / "ada_20260103T030405Z_4567abcd.zip").write_bytes(b"PK\x03\x04 cut off")
    intake = read(tmp_path)
    assert [(one.student, one.work.sources) for one in intake.received] == [("ada", SOURCES)]
    assert "damaged" in intake.ignored[0]


def test_a_broken_zip_does_not_take_the_place_of_a_folder(tmp_path):
    """a folder counts although a zip of the same student, changed later, cannot be read"""
    os.utime(write_folder(tmp_path / "ada"), (1000, 1000))
    (tmp_path / "ada.zip").write_bytes(b"PK")
    assert only(tmp_path).source == "ada"


def test_a_folder_and_a_zip_of_one_student(tmp_path):
    """a zip that says when it was submitted counts before a folder, and the folder is named"""
    write_zip(tmp_path / "ada_20260102T030405Z_0123abcd.zip", manifest() | inside(LESSON))
    write_folder(tmp_path / "ada", {"dense.py": b"folder"})
    intake = read(tmp_path)
    assert [one.source for one in intake.received] == ["ada_20260102T030405Z_0123abcd.zip"]
    assert intake.ignored == ("ada: ada is graded by ada_20260102T030405Z_0123abcd.zip",)


@pytest.mark.parametrize("at", ["2026-01-02T03:04:05+00:00", "2999-01-01T00:00:00Z"])
@pytest.mark.parametrize("own", ["ada", "ada.zip"])
def test_a_zip_that_claims_to_be_somebody_else_does_not_take_their_place(tmp_path, own, at):
    """what bears the student's own name counts before what only says so inside, which is named"""
    if own == "ada":
        write_folder(tmp_path / own)
    else:
        write_zip(tmp_path / own, GOOD)
    write_zip(tmp_path / "mallory.zip", manifest(at=at) | inside(LESSON, {"dense.py": b"mallory"}))
    intake = read(tmp_path)
    assert [one.source for one in intake.received] == [own]
    assert intake.ignored == (f"mallory.zip: ada is graded by {own}",)


def test_a_moment_that_has_not_come_yet_is_not_believed(tmp_path):
    """of two zips, the one that says it comes from the future is not the newest"""
    write_zip(tmp_path / "a.zip", manifest(at="2999-01-01T00:00:00Z") | inside(LESSON, {"dense.py": b"future"}))
    write_zip(tmp_path / "b.zip", manifest() | inside(LESSON))
    assert [one.source for one in read(tmp_path).received] == ["b.zip"]


def test_without_a_manifest_the_newest_file_counts(tmp_path):
    """where neither says when, the one that was changed last counts"""
    for last in ("ada", "ada.zip"):
        folder = write_folder(tmp_path / last / "ada").parent
        write_zip(folder / "ada.zip", GOOD)
        for name in ("ada", "ada.zip"):
            os.utime(folder / name, (1000 + (name == last), 1000 + (name == last)))
        assert only(folder).source == last


def test_order_and_what_is_ignored(tmp_path):
    """submissions are sorted by student; hidden files are passed over, others are named with the reason"""
    for name in ("zoe", "Ada", "bob"):
        write_folder(tmp_path / name)
    for name in (".DS_Store", "notes.txt", "dense.py"):
        (tmp_path / name).touch()
    write_folder(tmp_path / "__MACOSX")
    write_folder(tmp_path / ".git")
    (tmp_path / "link").symlink_to(tmp_path / "bob")
    (tmp_path / "link.zip").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.zip")
    intake = read(tmp_path)
    assert [one.student for one in intake.received] == ["Ada", "bob", "zoe"]
    assert [line.split(":")[0] for line in intake.ignored] == ["dense.py", "link", "link.zip", "notes.txt", "pipe.zip"]
    assert all(line.endswith(".") for line in intake.ignored)
    assert "a link" in intake.ignored[1]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("x = 1\n".encode("utf-16"), "UTF-16"),
        (b"\0\1\2", "not a text file"),
        (b"x = '\xe9'\n", "not UTF-8"),
        (b"", "empty"),
        (b"#" * (256 * 1024 + 1), "larger than 256 KiB"),
        (b"\0" * (50 << 20), "larger than 256 KiB"),
        (None, "missing"),
    ],
)
def test_a_module_that_is_no_text(tmp_path, data, says):
    """one bad module is a sentence, in a zip as in a folder, and the other module is read"""
    files = GOOD | {"dense.py": data}
    if data is None:
        del files["dense.py"]
    write_folder(tmp_path / "ada", files)
    write_zip(tmp_path / "bob.zip", files)
    for one in read(tmp_path).received:
        assert one.problem == ""
        assert one.work.sources == {"relu": "y = 2\n"}
        assert says in one.work.problems["dense"]


def test_line_ends_and_marks(tmp_path):
    """a byte order mark and the line ends of Windows are no matter"""
    write_zip(tmp_path / "ada.zip", GOOD | {"dense.py": b"\xef\xbb\xbfx = 1\r\n"})
    assert only(tmp_path).work.sources == SOURCES


def test_links_out_of_a_folder(tmp_path):
    """links in a folder are not followed, whether to a file or to a folder"""
    secret = write_folder(tmp_path / "secret")
    folder = tmp_path / "all" / "ada"
    folder.mkdir(parents=True)
    (folder / "dense.py").symlink_to(secret / "dense.py")
    (folder / LESSON).symlink_to(secret)
    (folder / "relu.py").write_text("own\n")
    one = only(tmp_path / "all")
    assert one.work.sources == {"relu": "own\n"}
    assert "dense" in one.work.problems


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644])
def test_members_that_are_no_files(tmp_path, mode):
    """a link or a device in a zip is not read"""
    write_zip(tmp_path / "ada.zip", {"dense.py": b"/etc/passwd", "relu.py": b"x"}, mode=mode)
    one = only(tmp_path)
    assert not one.work.sources
    assert one.work.problems["dense"] == "dense.py is not an ordinary file."


@pytest.mark.parametrize(
    "name",
    [
        "../dense.py",
        "/dense.py",
        "a/../dense.py",
        "DENSE.PY",
        "dense.py/",
        "./dense.py",
        "x\\dense.py",
        "dense.py\0.txt",
    ],
)
def test_names_are_compared_exactly(tmp_path, name):
    """a member counts by its exact name alone, and nothing is written anywhere"""
    path = write_zip(tmp_path / "ada.zip", {name.replace("\0", "?"): b"", "relu.py": b"y\n"})
    if "\0" in name:
        path.write_bytes(path.read_bytes().replace(b"dense.py?.txt", b"dense.py\0.txt"))
    one = only(tmp_path)
    assert one.work.sources == {"relu": "y\n"}
    assert "missing" in one.work.problems["dense"]
    assert [path.name for path in tmp_path.rglob("*")] == ["ada.zip"]


def test_nothing_of_the_lesson(tmp_path):
    """a submission with none of the files says so"""
    (tmp_path / "ada").mkdir()
    write_zip(tmp_path / "bob.zip", {"a/dense.py": b"", "b/relu.py": b""})
    for one in read(tmp_path).received:
        assert one.problem == "It holds none of dense.py, relu.py."
        assert set(one.work.problems) == set(MODULES)


def encrypted(path):
    write_zip(path, GOOD)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    path.write_bytes(data)


def bad_sum(path):
    write_zip(path, GOOD, kind=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"x = 1", b"x = 9"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.write_bytes(b"not a zip"), "damaged"),
        (bad_sum, "damaged"),
        (encrypted, "password"),
        (lambda path: write_zip(path, GOOD, kind=zipfile.ZIP_BZIP2), "uncommon"),
        (lambda path: write_zip(path, GOOD, kind=zipfile.ZIP_LZMA), "uncommon"),
        (lambda path: write_zip(path, {"x": bytes(17 << 20)}, kind=zipfile.ZIP_STORED), "larger than 16 MiB"),
    ],
)
def test_a_zip_that_cannot_be_read(tmp_path, make, says):
    """a zip that cannot be read is a sentence for every module, and the next student is read"""
    make(tmp_path / "ada.zip")
    write_folder(tmp_path / "bob")
    ada, bob = read(tmp_path).received
    assert says in ada.problem
    assert ada.work.problems == dict.fromkeys(MODULES, ada.problem)
    assert bob.work.sources == SOURCES


def test_a_bomb_that_lies_about_its_size(tmp_path):
    """bytes are counted as they are read, not as the zip says"""
    path = write_zip(tmp_path / "ada.zip", {"dense.py": bytes(100 << 20), "relu.py": b"y\n"})
    path.write_bytes(path.read_bytes().replace((100 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    one = only(tmp_path)
    assert not one.work.sources.get("dense")
    assert one.problem or "dense" in one.work.problems


def test_more_in_all_than_a_submission_may_be(tmp_path):
    """modules that are each of a sane size may not be too much together"""
    names = [f"m{number}" for number in range(40)]
    write_zip(tmp_path / "ada.zip", {f"{name}.py": b"#" * (250 * 1024) for name in names})
    (one,) = read_submissions(tmp_path, LESSON, names).received
    assert one.problem == "The submission is larger than 4 MiB."


def test_damage_anywhere(tmp_path):
    """a zip damaged at any byte is read or said, never raised"""
    data = write_zip(tmp_path / "ada.zip", manifest() | inside(LESSON)).read_bytes()
    chance = random.Random(1)  # noqa: S311 - not a secret
    for _ in range(1500):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / "ada.zip").write_bytes(damaged[: chance.choice([len(damaged), chance.randrange(len(damaged))])])
        assert len(read(tmp_path).received) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everywhere")
def test_a_zip_that_may_not_be_read(tmp_path):
    """a zip without permission is a sentence"""
    write_zip(tmp_path / "ada.zip", GOOD).chmod(0)
    assert "cannot be opened" in only(tmp_path).problem


def test_names_that_cannot_be_printed(tmp_path):
    """a name that is not text or would move the cursor is shown by its codes, and two stay two"""
    for name in (b"a\xff", b"a\xfe", b"a\nb"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), name))  # noqa: PTH102, PTH118 - bytes
    students = [one.student for one in read(tmp_path).received]
    assert students == ["a\\nb", "a\\udcfe", "a\\udcff"]


def test_an_empty_folder(tmp_path):
    """a folder without submissions says what is expected, and what was found instead"""
    (tmp_path / "dense.py").touch()
    with pytest.raises(UsageError, match="no submissions") as caught:
        read(tmp_path)
    assert "dense.py" in caught.value.sentence
    assert "each student" in caught.value.next_step


@pytest.mark.parametrize(("name", "says"), [("nowhere", "no folder"), ("file.zip", "is not a folder")])
def test_a_path_that_is_no_folder(tmp_path, name, says):
    """a path that is not there, or not a folder, says what is expected"""
    (tmp_path / "file.zip").touch()
    with pytest.raises(UsageError, match=says) as caught:
        read(tmp_path / name)
    assert name in caught.value.sentence
    assert caught.value.next_step


def test_a_zip_made_by_another_tool(tmp_path):
    """a zip with a comment is read"""
    path = write_zip(tmp_path / "ada.zip", GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"by hand"
    assert only(tmp_path).work.sources == SOURCES


# ------------------------------------------------------------------------------------------------- answers

ANSWERS = {"answers.toml": b'student = "ada"\n'}


@pytest.mark.parametrize("place", ["", LESSON])
def test_answers_of_a_folder(tmp_path, place):
    """The bytes are taken as they are: what they say is judged with the quiz."""
    write_folder(tmp_path / "all" / "ada" / place, GOOD | ANSWERS)
    assert only(tmp_path / "all").work.answers == ANSWERS["answers.toml"]


@pytest.mark.parametrize("place", ["", LESSON, "ada", f"ada/{LESSON}"])
def test_answers_of_a_zip(tmp_path, place):
    """They are looked for beside the modules, and nowhere else."""
    files = inside(place, GOOD | ANSWERS) if place else GOOD | ANSWERS
    write_zip(tmp_path / "ada.zip", files)
    assert only(tmp_path).work.answers == ANSWERS["answers.toml"]


def test_no_answers(tmp_path):
    """A submission need not have any."""
    write_zip(tmp_path / "ada.zip", inside(LESSON) | {"elsewhere/answers.toml": b"x = 1"})
    assert only(tmp_path).work.answers is None


def test_answers_that_are_too_large_or_no_file(tmp_path):
    """They harm nothing else of the submission."""
    write_zip(tmp_path / "ada.zip", GOOD | {"answers.toml": b"#" * 300_000})
    one = only(tmp_path)
    assert one.work.answers == "answers.toml is larger than 256 KiB."
    assert (one.work.sources, one.problem) == (SOURCES, "")


def test_answers_that_are_a_link_are_not_followed(tmp_path):
    """Another student's are not one's own."""
    write_folder(tmp_path / "all" / "ada")
    (tmp_path / "secret").write_bytes(b"x = 1")
    (tmp_path / "all" / "ada" / "answers.toml").symlink_to(tmp_path / "secret")
    assert isinstance(only(tmp_path / "all").work.answers, str)
