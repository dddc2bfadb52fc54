"""Files of learning platforms: one column filled in, every other byte as it was."""

import codecs
import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.errors import UsageError
from nnedu.reporting import lms
from nnedu.reporting.lms import Given, canvas, fill, moodle
from nnedu.reporting.sheet import Sheet

TITLE = "Backprop (4821)"
CANVAS = (
    f'Student,ID,SIS User ID,SIS Login ID,Section,"{TITLE}",Quiz (7),Final Score\r\n'
    ",,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,12.00,5,(read only)\r\n"
    '"Lovelace, Ada",1042,s1042,ada,"Section ""1""",,,"50,1"\r\n'
    "Bob,1043,,bob@example.edu,Section 1,11.50,3,\r\n"
    "=cmd(),1044,,cleo,Section 1,EX,,\r\n"
    '"Dan\nDan",1045,,dan,Section 1,"2",,\r\n'
    "Short,1046\r\n"
    '"Student, Test",1047,,,Section 1,,,\r\n'
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments\n"
    "Participant 501,Ada Lovelace,s1042,ada@example.edu,x,,24.00,Yes,\n"
    "Participant 502,Béla Bob,s1043,bob@example.edu,x,3.00,24.00,No,\n"
    'Participant 503,Cleo Ka,s1044,cleo@example.edu,x,2.00,24.00,Yes,"mine, kept"\n'
    "Participant 504,Dan Late,s1045,dan@example.edu,x,2.00,24.00,Yes,nnedu: old\n"
)


def lines(data):
    return data.decode("utf-8-sig").split("\r\n")


def filled(text=CANVAS, shares=None, *, wanted=(TITLE,), encoding="utf-8", new=""):
    layout = canvas(text.encode(encoding), wanted, Fraction(12), new=new)
    shares = shares if shares is not None else {row.index: Given(Fraction(1, 3)) for row in layout.rows}
    return fill(layout, shares)


def test_only_the_cells_that_change_are_touched():
    done = filled(shares={3: Given(Fraction(11, 12))})
    assert done.data.decode() == CANVAS.replace('""1""",,,"50,1"', '""1""",11,,"50,1"')
    assert (done.changed, done.same) == (1, 0)


def test_every_student_of_the_file_gets_a_mark_but_not_the_one_whom_canvas_made_up():
    done = filled()
    old, new = lines(CANVAS.encode()), lines(done.data)
    assert [after for before, after in zip(old, new, strict=True) if before != after] == [
        '"Lovelace, Ada",1042,s1042,ada,"Section ""1""",4,,"50,1"',
        "Bob,1043,,bob@example.edu,Section 1,4,3,",
        '"Dan\nDan",1045,,dan,Section 1,"4",,',
        "Short,1046,,,,4",
    ]
    assert (done.changed, done.kept) == (4, ["cleo: excused there"])


def test_what_is_equal_to_two_decimals_is_left_as_it_is_written():
    assert filled(shares={4: Given(Fraction(23, 24))}).data.decode() == CANVAS
    assert filled(shares={4: Given(Fraction(23, 24) + Fraction(1, 10**6))}).same == 1
    assert filled(shares={4: Given(Fraction(22, 24))}).changed == 1


def test_filling_twice_changes_nothing():
    once = filled().data
    again = canvas(once, [TITLE], Fraction(12))
    done = fill(again, {row.index: Given(Fraction(1, 3)) for row in again.rows})
    assert (done.data, done.changed, done.same) == (once, 0, 4)


def test_points_are_those_that_the_platform_gives():
    text = CANVAS.replace("12.00,5", "100,5")
    assert b"Lovelace" in (data := filled(text, {3: Given(Fraction(1, 3))}).data)
    assert ',33.33,,"50,1"' in data.decode()
    unknown = CANVAS.replace("12.00,5", ",5")
    assert ',4,,"50,1"' in filled(unknown, {3: Given(Fraction(1, 3))}).data.decode()


def test_clues_are_those_of_canvas():
    ada, bob, *_ = canvas(CANVAS.encode(), [TITLE], Fraction(12)).rows
    assert ada.who == lms.Clues(login="ada", number="s1042", name="Lovelace, Ada", other="1042")
    assert (bob.who.email, bob.who.login) == ("bob@example.edu", "bob@example.edu")
    two = CANVAS.replace("Student,ID", "LastName,FirstName,ID").replace('"Lovelace, Ada",', "Lovelace,Ada,")
    layout = canvas(two.encode(), [TITLE], Fraction(12))
    assert layout.rows[0].who.name == "Lovelace, Ada"


@pytest.mark.parametrize("wanted", [[TITLE], ["backprop"], ["4821"], ["no such", "Backprop"], [" Backprop (4821) "]])
def test_the_column_is_found_by_title_or_number(wanted):
    assert canvas(CANVAS.encode(), wanted, Fraction(12)).column == 5


def test_a_column_that_is_not_there_is_not_made_up():
    with pytest.raises(UsageError, match="no column 'Backprap'") as error:
        canvas(CANVAS.encode(), ["Backprap"], Fraction(12))
    assert f"Did you mean {TITLE}" in error.value.next_step
    assert "--new-column" in error.value.next_step
    two = CANVAS.replace("Quiz (7)", "Backprop (7)")
    with pytest.raises(UsageError, match="no column"):
        canvas(two.encode(), ["Backprop"], Fraction(12))


def test_a_new_column_is_to_the_right_and_every_row_has_it():
    done = filled(wanted=["Adam"], new="Adam, new")
    rows = list(csv.reader(io.StringIO(done.data.decode(), newline="")))
    assert {len(row) for row in rows} == {9}
    assert [row[8] for row in rows] == ["Adam, new", "", "12", "4", "4", "4", "4", "4", ""]
    kept = list(csv.reader(io.StringIO(CANVAS, newline="")))
    assert [row[:8] for row in rows] == [row + [""] * (8 - len(row)) for row in kept]


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("latin-1", b"")]
)
def test_encodings_and_byte_order_marks_stay(encoding, mark):
    text = CANVAS.replace("Bob", "Béla")
    data = mark + text.encode(encoding)
    done = fill(canvas(data, [TITLE], Fraction(12)), {3: Given(Fraction(1))})
    assert done.data == mark + text.replace('""1""",,,"50,1"', '""1""",12,,"50,1"').encode(encoding)


def test_a_title_full_of_commas_is_no_separator():
    text = 'Student;ID;Section;"a, b, c, d, e"\nAda;1;S;\n'
    assert (
        fill(canvas(text.encode(), ["a, b, c, d, e"], Fraction(9)), {1: Given(Fraction(1))}).data
        == (text[:-1] + "9\n").encode()
    )


def test_semicolons_and_decimal_commas_stay():
    text = "Student;ID;SIS Login ID;Section;Backprop (1)\n  Points Possible;;;;12,5\nAda;1;ada;S;\nBob;2;bob;S;3,25\n"
    done = fill(
        canvas(text.encode(), ["Backprop"], Fraction(12)), {2: Given(Fraction(1, 2)), 3: Given(Fraction(26, 100))}
    )
    assert done.data.decode() == text.replace("ada;S;", "ada;S;6,25")
    assert (done.changed, done.same) == (1, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a gradebook of Canvas"),
        ("a,b\n1,2\n", "not a gradebook of Canvas"),
        ('Student,ID,Section,"x\n', "quotation mark that is not closed, in line 1"),
    ],
)
def test_what_is_no_gradebook_is_refused(text, why):
    with pytest.raises(UsageError, match=why):
        canvas(text.encode(), ["x"], Fraction(1))
    with pytest.raises(UsageError, match="not the text"):
        Sheet.read(codecs.BOM_UTF8 + b"\xff")


def test_a_worksheet_of_moodle():
    layout = moodle(WORKSHEET.encode(), Fraction(12))
    done = fill(layout, {row.index: Given(Fraction(1, 2), "6 of 12") for row in layout.rows})
    assert done.data.decode() == WORKSHEET.replace(
        "edu,x,,24.00,Yes,\n", "edu,x,12,24.00,Yes,nnedu: 6 of 12\n"
    ).replace('x,2.00,24.00,Yes,"mine', 'x,12,24.00,Yes,"mine').replace(
        "x,2.00,24.00,Yes,nnedu: old", "x,12,24.00,Yes,nnedu: 6 of 12"
    )
    assert done.kept == ["Béla Bob: locked there"]
    assert [row.who.other for row in layout.rows] == ["501", "502", "503", "504"]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)


@settings(deadline=None)
@given(
    st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5),
    st.sampled_from(",;\t"),
    st.booleans(),
    st.data(),
)
def test_any_table_is_read_as_others_read_it_and_comes_back(rows, separator, always, data):
    rows[0] = ["a", "b", *rows[0]]
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=separator, quoting=quoting).writerows(rows)
    text = buffer.getvalue()
    sheet = Sheet(text, "utf-8", b"")
    if sheet.separator != separator:
        return  # the first cells hold more of another character
    assert sheet.rows == rows
    assert sheet.changed({}).decode() == text
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) + 1))
    after = Sheet(sheet.changed({(row, column): 'new, ";\n'}).decode(), "utf-8", b"")
    if after.separator == separator:
        width = max(len(rows[row]), column + 1)
        expected = [one + [""] * (width - len(one)) if i == row else one for i, one in enumerate(rows)]
        expected[row][column] = 'new, ";\n'
        assert after.rows == expected


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-1+1", "@x", "\t=1", "-"])
def test_formulas_are_kept_from_being_computed(text):
    assert lms.is_formula(text)
    (row,) = list(csv.reader(io.StringIO(lms.table(("a",), [(text,)]))))[1:]
    assert row[0].startswith("'")


@pytest.mark.parametrize("text", ["-5", "+3.5", "-0,25", "12", "ada", "a=b", "", "5-3"])
def test_numbers_also_negative_ones_are_no_formulas(text):
    assert not lms.is_formula(text)
    assert lms.table(("a",), [(text, -1.5)]).split("\n")[1].replace('"', "") == f"{text},-1.5"


def test_a_table_keeps_to_its_rows():
    assert lms.table(("a", "b"), [("x\ny\x1b[2J", 3)]) == "a,b\nx y?[2J,3\n"


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("10", "10"), ("23/2", "11.5"), ("1/3", "0.33"), ("1/200", "0.01"), ("100", "100"), ("-1/4", "-0.25")],
)
def test_numbers_are_written_as_platforms_read_them(number, text):
    assert lms.number_text(Fraction(number)) == text
    assert lms.number_text(Fraction(number), comma=True) == text.replace(".", ",")
