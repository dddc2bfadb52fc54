"""Downloads as learning platforms make them, and desks to collect them at."""

import io
import json
import zipfile

from nnedu.classroom.desk import open_desk
from nnedu.classroom.records import Student
from nnedu.course import load_course

LESSON = "lesson01_lines"
RIGHT, STUB = b"def line(x):\n    return x\n", b"# a stub\n"
ROSTER = (
    Student("ada", "Ada Lovelace", "ada@example.edu", "s1042"),
    Student("bob", "Béla van Bob", "bob@example.edu", "s1043"),
    Student("cleo", "Cleo Ka", "Cleo@Example.edu", "s1044"),
    Student("dan", "Dan Late", "dan@example.edu", "s1045"),
)
YAML = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: s1042
    :email: ada@example.edu
  - :name: Cleo Ka
    :sid:
    :email: cleo@example.edu
  :created_at: 2026-03-01 12:34:56.789012000 Z
  :score: 3.0
  :results: {tests: [{output: "=1+1"}]}
submission_12:
  :submitters:
  - :name: "Eve Stranger"
    :email: eve@elsewhere.edu
  :created_at: '2026-03-02T10:00:00+01:00'
"""


def desk_of(root, roster=ROSTER, **changes):
    """Open the desk of a copy of the tiny course, with a roster."""
    path = root / "course.toml"
    for old, new in changes.items():
        path.write_text(path.read_text("utf-8") + f"\n[{old}]\n{new}\n", "utf-8")
    desk = open_desk(load_course(root))
    desk.book.enrol(roster, "grace")
    return desk


def submission(student="ada", at="2026-03-01T12:00:00+00:00", *, lesson=LESSON, code=RIGHT, **more):
    """Return the zip that `nnedu submit` makes."""
    about = {"format": 1, "lesson": lesson, "student": student, "submitted_at": at, "files": []} | more
    return zipped({"manifest.json": json.dumps(about).encode(), f"{lesson}/lines.py": code})


def zipped(files, *, date=(2026, 3, 4, 5, 6, 8), mode=None):
    """Return a zip of files, all written at one time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date)
            info.compress_type = zipfile.ZIP_DEFLATED
            if mode is not None:
                info.create_system, info.external_attr = 3, mode << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def laid(folder, files):
    """Write files into a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


CANVAS = {
    "lovelaceada_1_11_work.zip": submission("ada"),
    "vanbobbela_LATE_2_12_lines-3.py": RIGHT,
    "vanbobbela_LATE_2_13_lines.py": STUB,
    "vanbobbela_LATE_2_14_notes.txt": b"notes",
    "kacleo_3_15_essay.pdf": b"%PDF",
    "strangereve_4_16_lines.py": STUB,
    "latedan_5_text.html": b"<p>see mail</p>",
    "__MACOSX/._lovelaceada_1_11_work.zip": b"\0",
}
MOODLE = {
    "Ada Lovelace_501_assignsubmission_file_/lines.py": RIGHT,
    "Béla van Bob_502_assignsubmission_file_/work/lines.py": STUB,
    "Cleo Ka_503_assignsubmission_file_work.zip": submission("cleo"),
    "Participant_504_assignsubmission_file_/lines.py": STUB,
    "Dan Late_505_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
}
GRADESCOPE = {
    "assignment_1_export/submission_metadata.yml": YAML.encode(),
    "assignment_1_export/submission_11/lines.py": RIGHT,
    "assignment_1_export/submission_12/sub/lines.py": STUB,
    "assignment_1_export/submission_13/lines.py": STUB,
}
NBGRADER = {
    "submitted/ada/lesson01_lines/lines.py": RIGHT,
    "submitted/ada/lesson01_lines/timestamp.txt": b"2026-03-01 12:00:00.123456 Europe/Berlin",
    "submitted/ada/lesson02_sums/sums.py": STUB,
    "submitted/bob/lesson1/lines.py": STUB,
    "submitted/cleo/lesson02_sums/sums.py": STUB,
}
FOLDERS = {
    "ada/lines.py": RIGHT,
    "s1043/lesson01_lines/lines.py": STUB,
    "cleo@example.edu/lines.py": STUB,
    "eve.zip": zipped({"lines.py": STUB}),
    "readme.txt": b"",
}
