"""Rosters as schools, learning platforms and spreadsheets write them, and what they change."""

import pytest

from nnedu.classroom.records import Student
from nnedu.classroom.roster import Change, Changed, Listed, changes, read_roster
from nnedu.errors import UsageError

ADA = Student("ada", "Ada Lovelace", "ada@example.org", "s1042", "B")
BEN = Student("ben", "Ben", "ben@example.org", "s1043", "A")
CANVAS = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Backprop (4821)
    Points Possible,,,,,12
"Lovelace, Ada",1042,s1042,ada,B,11.5
"Student, Test",9999,,8f7a6b,B,
"""
CASES = {
    "plain": ("login,name,email,number,section\nada,Ada Lovelace,ada@example.org,s1042,B\n", ADA),
    "order and case": ("Section;E-Mail;Full_Name;ID Number;USERNAME\nB;ada@example.org;Ada Lovelace;s1042;ada\n", ADA),
    "canvas": (CANVAS, Student("ada", "Ada Lovelace", "", "s1042", "B")),
    "nbgrader": (
        "id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@example.org,s1042\n",
        Student("ada", "Ada Lovelace", "ada@example.org", "s1042"),
    ),
    "moodle": (
        '"First name",Surname,"ID number",Institution,"Email address"\nAda,Lovelace,s1042,,ada@example.org\n',
        Student("ada", "Ada Lovelace", "ada@example.org", "s1042"),
    ),
    "excel": ("sep=;\nlogin;name\nada;Ada Lovelace\n", Student("ada", "Ada Lovelace")),
    "tabs": ("login\tname\nada\tLovelace, Ada\n", Student("ada", "Lovelace, Ada")),
    "short rows": ("login,name,email\nada,Ada\n\n,,\n", Student("ada", "Ada")),
    "long rows": ("login,name\nada,Ada,,\n", Student("ada", "Ada")),
    "twice the same": ("login,name\nada,Ada\nada,Ada\n", Student("ada", "Ada")),
    "id and login": ("id,login\n7,ada\n", Student("ada", number="7")),
    "accents apart": ("login,name\nada,Ade\u0301le\n", Student("ada", "Adéle")),
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("case", CASES)
def test_every_common_form_is_read(case, encoding, end):
    text, student = CASES[case]
    found = read_roster(text.lstrip("\ufeff").replace("\n", end).encode(encoding), "roster.csv")
    assert found.students == (student,)
    assert found.by_email is (case == "moodle")


def test_windows_letters_are_read():
    found = read_roster("login;name\nrene;René Müller\n".encode("cp1252"), "roster.csv")
    assert found.students == (Student("rene", "René Müller"),)


def test_a_cell_may_have_lines_and_the_numbers_go_on():
    text = 'login,name\nada,"Ada\nLovelace"\n,nobody\n'
    with pytest.raises(UsageError, match=r"roster\.csv, line 4: there is no login\."):
        read_roster(text.encode(), "roster.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "roster.csv is empty"),
        ("\n \n", "roster.csv is empty"),
        ("login,name\n", "roster.csv names no students"),
        ("\nname,section\nAda,B\n", "line 2: no column names the logins"),
        ("name,email\nAda,\n", "line 2: there is no e-mail address"),
        ("login,name\nada,Ada\nben,Ben\nada,Ada King\n", "line 4: ada is also on line 2"),
        ("login,name\nLovelace, Ada,ada\n", "line 2: it has 3 cells, and the first line names 2 columns"),
        ('login,name\nada,"Ada\n', "line 2: the row cannot be read"),
        (f"login\n{'a' * 65}\n", "line 2: .* is no login"),
        ("login\n../ada\n", "line 2: '../ada' is no login: those are 1 to 64 letters"),
        ("login\nSCHOOL\\ada\n", "line 2: .* is no login"),
        ("login\n.ada\n", "line 2: '.ada' is no login"),
        ("login\na\x1bda\n", r"line 2: 'a\?da' is no login"),
        ("login,name\n" + ",x\n" * 12, r"line 11: there is no login\.\n\.\.\. and 2 more"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, said):
    with pytest.raises(UsageError, match=said) as caught:
        read_roster(text.encode(), "roster.csv")
    assert caught.value.next_step


def test_the_lines_of_all_errors_are_said():
    with pytest.raises(UsageError) as caught:
        read_roster(b"login\nada\n.b\nc\n.d\n", "r.csv")
    assert [line[:14] for line in caught.value.sentence.splitlines()] == ["r.csv, line 3:", "r.csv, line 5:"]


ALL = ("name", "email", "number", "section")


def test_a_roster_changes_what_is_other_and_nothing_else():
    cat = Student("cat", "Cat")
    moved = Student("ada", "Ada King", "ada@example.org", "s1042", "A")
    found = changes(Listed((moved, BEN, Student("dan", "Dan")), ALL), [ADA, BEN, cat])
    assert found == [
        Changed(Change.NEW, Student("dan", "Dan")),
        Changed(Change.CHANGED, moved, (("name", "Ada Lovelace", "Ada King"), ("section", "B", "A"))),
        Changed(Change.GONE, Student("cat", "Cat", listed=False)),
    ]
    assert changes(Listed((ADA, BEN), ALL), [ADA, BEN]) == []


def test_what_a_file_has_no_column_for_is_left_as_it_is():
    listed = Listed((Student("ada", section="A"), Student("ben")), ("section",))
    assert changes(listed, [ADA, BEN]) == [
        Changed(
            Change.CHANGED, Student("ada", "Ada Lovelace", "ada@example.org", "s1042", "A"), (("section", "B", "A"),)
        ),
        Changed(Change.CHANGED, Student("ben", "Ben", "ben@example.org", "s1043", ""), (("section", "A", ""),)),
    ]


def test_who_comes_back_or_was_only_seen_is_new():
    gone = Student("ada", "Ada Lovelace", "ada@example.org", "s1042", "B", listed=False)
    present = [gone, Student("eve", listed=False)]
    found = changes(Listed((Student("ada"), Student("eve")), ()), present)
    assert found == [Changed(Change.NEW, ADA), Changed(Change.NEW, Student("eve"))]
    assert changes(Listed((ADA,), ALL), [ADA, gone.__class__("eve", listed=False)]) == []
