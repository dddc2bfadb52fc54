"""What a course refuses to release, and what of a bundle a student's machine refuses to read."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.course import load_course
from nnedu.errors import CourseFault, UsageError
from nnedu.publishing.build import build, build_all, load_hints
from nnedu.publishing.bundle import Bundle, contents
from nnedu.publishing.public import without_hidden

TINY = Path(__file__).parents[1] / "courses" / "tiny"


@pytest.fixture(scope="module")
def course():
    return load_course(TINY)


@pytest.fixture(scope="module")
def bundles(course):
    return {lesson.id: build(course, lesson) for lesson in course.lessons}


@pytest.fixture
def unpacked(bundles, tmp_path):
    """The bundles as they lie in a workspace."""

    def unpack(lesson):
        for name, data in contents(bundles[lesson]).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
        return Bundle(tmp_path)

    return unpack


GRADER = '''
import nnedu.checking
from nnedu.checking import exercise, hidden, points

SHARED = 1
ONLY_HIDDEN = 2
ANNOTATED: int = 3


def helper():
    return inner()


def inner():
    return ONLY_HIDDEN


@exercise("f")
class TestF:
    """f"""

    @points(1)
    def test_public(self, student):
        """is public"""
        assert SHARED

    {mark}
    @points(1)
    def test_secret(self, student):
        """is secret"""
        assert helper() + ANNOTATED


@exercise("g")
class TestG:
    """g"""

    @points(2)
    {mark}
    def test_all(self, student):
        """is secret, all of it"""
'''


@pytest.mark.parametrize("mark", ["@hidden", "@nnedu.checking.hidden"])
def test_hidden_checks_are_cut_out_with_what_only_they_used(mark):
    """However the mark is written, and above or below the points."""
    text = without_hidden(GRADER.format(mark=mark))
    assert "test_public" in text
    assert "SHARED" in text
    for gone in ("secret", "helper", "inner", "ONLY_HIDDEN", "ANNOTATED", "TestG"):
        assert gone not in text


def test_a_hidden_check_that_would_leave_is_a_fault_of_the_course(tiny_copy):
    """A mark under another name is not seen, and nothing is released."""
    path = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    path.write_text(path.read_text().replace("    hidden,\n", "    hidden as later,\n").replace("@hidden", "@later"))
    course = load_course(tiny_copy)
    with pytest.raises(CourseFault, match="The hidden check line/far_away would leave with the students"):
        build(course, course.lessons[0])


def test_checks_whose_recordings_have_one_name_are_a_fault_of_the_course(tiny_copy):
    """On a file system without case, too."""
    path = tiny_copy / "graders" / "lesson01_lines" / "test_lines.py"
    text = path.read_text().replace('"slope", [3.0, -0.5]', '"slope", [3.0, -0.5], ids=["a", "A"]')
    path.write_text(text)
    course = load_course(tiny_copy)
    with pytest.raises(CourseFault, match="would take the place of another one's"):
        build(course, course.lessons[0])


def test_what_cannot_be_recorded_is_a_fault_of_the_course(tiny_copy):
    """A draw of text, for example."""
    path = tiny_copy / "graders" / "lesson02_sums" / "test_sums.py"
    path.write_text(
        path.read_text().replace(
            "values = rng.normal(size=6)", 'rng.choice(["a"])\n        values = rng.normal(size=6)'
        )
    )
    course = load_course(tiny_copy)
    with pytest.raises(CourseFault, match="The check total/sum cannot be recorded"):
        build(course, course.lessons[1])


def test_hints_that_cannot_be_read_are_a_fault_of_the_course(tiny_copy):
    """With the file."""
    (tiny_copy / "graders" / "lesson02_sums" / "hints.toml").write_text("[total]\nhints = 3\n")
    with pytest.raises(CourseFault, match=r"hints\.toml cannot be read"):
        load_hints(load_course(tiny_copy).lessons[1])


def test_all_bundles_are_built_at_once(tmp_path, bundles):
    """As the wheel needs them."""
    paths = build_all(TINY, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in paths} == {f"{name}.zip": data for name, data in bundles.items()}


# -------------------------------------------------------------------------------------------------------- what arrives


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["../evil.py", "stubs/../../evil.py", "/etc/passwd", "C:evil.py", "..\\evil.py", "stubs\\..\\evil.py"]
)
def test_names_that_lead_elsewhere_are_refused(name):
    """On any system."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bundle.json", b"{}")
        archive.writestr(info, b"evil")
    with pytest.raises(UsageError, match="a file that leads outside it"):
        contents(buffer.getvalue())


def test_a_bundle_that_swells_is_refused():
    """A few bytes that say they are a gigabyte."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", bytes(80 << 20))
    assert len(buffer.getvalue()) < 200_000
    with pytest.raises(UsageError, match="larger than 64 MiB"):
        contents(buffer.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"PK\x05\x06", b"text", zipped([("other.json", b"{}")])], ids=["empty", "cut", "text", "other"]
)
def test_what_is_no_bundle_is_said(data):
    """With what a bundle is."""
    with pytest.raises(UsageError, match="not a lesson's bundle") as error:
        contents(data)
    assert error.value.exit_code == 2


@given(st.data())
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_damaged_bundle_is_refused_or_read(bundles, data):
    """A byte flipped, an end cut off: never another exception."""
    whole = bytearray(bundles["lesson02_sums"])
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, 3))
    try:
        contents(bytes(whole[: len(whole) - cut * place // 3]))
    except UsageError:
        return


@pytest.mark.parametrize("manifest", [b"", b"{}", b"[1]", b"\xff"])
def test_a_damaged_manifest_says_to_fetch_again(tmp_path, manifest):
    """The lesson is not lost."""
    (tmp_path / "bundle.json").write_bytes(manifest)
    with pytest.raises(UsageError, match="is damaged") as error:
        Bundle(tmp_path)
    assert "nnedu fetch" in error.value.next_step


def test_a_bundle_of_another_format_says_what_to_do(unpacked):
    """Fetch again, or upgrade."""
    bundle = unpacked("lesson02_sums")
    path = bundle.folder / "bundle.json"
    path.write_text(re.sub(r'"format": \d+', '"format": 99', path.read_text()))
    with pytest.raises(UsageError, match="has format 99"):
        Bundle(bundle.folder)
