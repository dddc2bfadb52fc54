"""`nnedu demo --class`: what is typed wrongly is said at once, and nothing of anybody's is touched."""

from __future__ import annotations

import pytest
from cli_run import nnedu


@pytest.mark.parametrize(
    ("typed", "said", "step"),
    [
        (["--out", "x"], "--out is for a whole class", "nnedu demo --class 200 --out DIR"),
        (["--class", "3", "--out", "x"], "too small to plant anything in", "--class 20"),
        (["--class", "many"], "'many' is not a valid integer", ""),
        (["--class", "20", "--seed", "-1"], "-1 is not in the range", ""),
    ],
)
def test_what_is_typed_wrongly(tmp_path, typed, said, step):
    done = nnedu("demo", *typed, cwd=tmp_path)
    assert done.code == 2
    assert said in done.err
    assert step in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    done = nnedu("demo", "--class", "20", "--out", ".", cwd=tmp_path)
    assert done.code == 2
    assert "is not empty, and nothing in it is overwritten" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
