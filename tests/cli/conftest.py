"""Workspaces that were fetched once, and a course that loses patience after a second."""

import shutil

import pytest
from cli_run import LESSON3, LESSON5, ROOT, nnedu, solve


@pytest.fixture(scope="session")
def _fetched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fetched")
    assert nnedu("fetch", "lesson3", cwd=folder).code == 0
    return folder


@pytest.fixture
def workspace(_fetched, tmp_path):
    """A workspace with lesson 3, untouched."""
    return shutil.copytree(_fetched, tmp_path / "work")


@pytest.fixture
def solved(workspace):
    """A workspace with lesson 3, all of it right."""
    solve(workspace / LESSON3)
    return workspace


@pytest.fixture(scope="session")
def _fetched5(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fetched5")
    assert nnedu("fetch", "lesson5", cwd=folder).code == 0
    solve(folder / LESSON5)
    return folder


@pytest.fixture
def solved5(_fetched5, tmp_path):
    """A workspace with lesson 5, all of it right."""
    return shutil.copytree(_fetched5, tmp_path / "work5")


@pytest.fixture
def both(_fetched, _fetched5, tmp_path):
    """A workspace with lessons 3 and 5, all of it right."""
    folder = shutil.copytree(_fetched, tmp_path / "both")
    shutil.copytree(_fetched5, folder, dirs_exist_ok=True)
    solve(folder / LESSON3)
    return folder


@pytest.fixture(scope="session")
def hasty(tmp_path_factory):
    """A copy of the course that stops a call after a second, and lets a student import os and sys."""
    course = tmp_path_factory.mktemp("hasty")
    for name in ("exercises", "solutions", "graders"):
        shutil.copytree(ROOT / name / LESSON3, course / name / LESSON3)
    (course / "course.toml").write_text(
        f"""
format = 1
title = "Hasty"
version = "1"
key = "hasty"
imports = ["numpy", "os", "sys"]
[limits]
call_seconds = 1.0
submission_seconds = 30.0
[[lesson]]
folder = "{LESSON3}"
title = "Activations"
modules = ["activations", "debugging"]
"""
    )
    return course


@pytest.fixture(scope="session")
def _hasty_workspace(hasty, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hasty_workspace")
    assert nnedu("course", "bundle", "lesson3", "--course", hasty, "--out", folder / "release", cwd=folder).code == 0
    assert nnedu("fetch", "lesson3", "--from", folder / "release", cwd=folder).code == 0
    solve(folder / LESSON3, hasty)
    return folder


@pytest.fixture
def hasty_solved(_hasty_workspace, tmp_path):
    """A workspace of the hasty course with lesson 3, all of it right."""
    return shutil.copytree(_hasty_workspace, tmp_path / "hasty")
