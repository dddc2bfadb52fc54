"""Who is meant by what platforms and files say of people."""

import pytest

from nnedu.classroom.exchange import safe_login
from nnedu.classroom.people import People
from nnedu.classroom.records import Student
from nnedu.reporting.lms import Clues

CLASS = People(
    [
        Student("ada", "Ada King Lovelace", "ada@example.edu", "s1042"),
        Student("bob", "Béla van Bob", "bob@example.edu", "1043"),
        Student("zoe1", "Zoë Lee", "zoe1@example.edu", "7"),
        Student("zoe2", "Zoe Lee", "zoe2@example.edu", "8"),
        Student("1043", "Nomen Nescio", "", ""),
        Student("nobody"),
    ]
)


@pytest.mark.parametrize(
    ("clues", "logins"),
    [
        (Clues(login="ada"), ["ada"]),
        (Clues(login=" ADA "), ["ada"]),
        (Clues(login="s1042"), ["ada"]),  # a folder may bear a number or an address
        (Clues(login="Ada@Example.edu"), ["ada"]),
        (Clues(login="Lovelace, Ada King"), ["ada"]),
        (Clues(email="ADA@example.edu"), ["ada"]),
        (Clues(number="S1042"), ["ada"]),
        (Clues(name="Ada King Lovelace"), ["ada"]),
        (Clues(name="Lovelace, Ada King"), ["ada"]),
        (Clues(name="lovelaceadaking"), ["ada"]),  # Canvas runs a name together
        (Clues(name="vanbobbela"), ["bob"]),  # and leaves out accents
        (Clues(name="Ada Lovelace"), []),
        (Clues(name="Zoë Lee"), ["zoe1"]),
        (Clues(name="Zoe Lee"), ["zoe1", "zoe2"]),  # Canvas and others leave out accents
        (Clues(name="leezoe"), ["zoe1", "zoe2"]),
        (Clues(number="1043"), ["1043", "bob"]),
        (Clues(login="ada", number="7"), ["ada", "zoe1"]),  # they do not agree
        (Clues(login="ada", name="Zoë Lee"), ["ada"]),  # a name is only asked where there is nothing better
        (Clues(other="7", name="Béla van Bob"), ["zoe1"]),
        (Clues(other="7", login="bob"), ["bob"]),  # a number of the platform is not a number of the school
        (Clues(login="eve", name="Ada King Lovelace"), ["ada"]),
        (Clues(), []),
        (Clues(name=" , "), []),
    ],
)
def test_people_are_found(clues, logins):
    assert [one.login for one in CLASS.find(clues)] == logins


@pytest.mark.parametrize("label", ["ada", "Ada Lovelace", "Ödön-2", "a@b.c", "Ada (501)", "李小龙", "Zoë", "O'Hara"])
def test_a_name_that_may_stand_in_a_file_name_is_a_login(label):
    assert safe_login(label) == label


def test_any_other_name_becomes_one_that_may_and_no_two_the_same():
    labels = [
        "../../etc/passwd",
        "..",
        "",
        " ",
        "a/b",
        "a\\b",
        "a\nb",
        "a\x00b",
        "x" * 65,
        "x" * 66,
        ".hidden",
        "a:b",
        "<b>",
    ]
    labels += ["\ud800", "=1+1", "a\u202eb"]
    logins = [safe_login(label) for label in labels]
    assert len(set(logins)) == len({label.strip() for label in labels})
    for login in logins:
        assert 0 < len(login) <= 64
        assert not set(login) & set('/\\:\n\0<>="')
        assert not login.startswith((".", " "))
        assert login.isprintable()
