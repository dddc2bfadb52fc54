"""`nnedu data` as a student meets it: without a network, with a wrong mirror, and where the file goes."""

import gzip
import hashlib
import os
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from cli_run import ROOT, nnedu

from nnedu.workspace.datasets import MNIST

LESSON14 = "lesson14_digits"
NAMES = [one.name for one in MNIST.files]
# A proxy that nobody is behind: no network on any machine.
OFFLINE = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "", "NO_PROXY": ""}
# The real command, with small files in the place of MNIST's.
SMALL = """
import hashlib, sys
from pathlib import Path
from nnedu.workspace import datasets
files = sorted(Path(sys.argv[1]).iterdir())
known = [
    datasets.DataFile(array, path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
    for array, path in zip(("X", "y"), files)
]
datasets.DATASETS["mnist"] = datasets.DataSet("mnist", tuple(known), ("https://127.0.0.1:9/",), "It is not needed.")
from nnedu.cli import main
main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A workspace with a lesson that uses the data, whose text alone matters here."""
    folder = tmp_path_factory.mktemp("data")
    course = folder / "course"
    for tree in ("exercises", "solutions", "graders"):
        (course / tree).mkdir(parents=True)
        (course / tree / "lesson01_lines").symlink_to(ROOT / "tests" / "courses" / "tiny" / tree / "lesson01_lines")
    text = (ROOT / "tests" / "courses" / "tiny" / "course.toml").read_text("utf-8")
    (course / "course.toml").write_text(text, "utf-8")
    for tree in ("exercises", "solutions", "graders"):
        (course / tree / "lesson02_sums").symlink_to(ROOT / "tests" / "courses" / "tiny" / tree / "lesson02_sums")
    for lesson in ("lines", "sums"):
        assert nnedu("course", "bundle", lesson, "--course", course, "--out", folder / "release", cwd=folder).code == 0
        assert nnedu("fetch", lesson, "--from", folder / "release", cwd=folder).code == 0
    readme = folder / ".nnedu" / "lessons" / "lesson02_sums" / "README.md"
    readme.write_text(readme.read_text("utf-8") + "\n    nnedu data mnist\n", "utf-8")
    return folder


def idx(array):
    """An array as a gzipped IDX file."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes()
    return gzip.compress(head + array.tobytes(), mtime=0)


def small(*arguments, folder, cwd, cache, **environment):
    """Run the real command with the small files of a folder as its record."""
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(folder), *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=os.environ | {"NNEDU_CACHE": str(cache), "no_proxy": "127.0.0.1"} | environment,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def served(tmp_path):
    """A folder with small files, and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "images.gz").write_bytes(idx(np.arange(18, dtype=np.uint8).reshape(2, 3, 3)))
    (folder / "labels.gz").write_bytes(idx(np.array([7, 1], dtype=np.uint8)))

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_without_a_network_one_sentence_says_what_to_do(tmp_path):
    """The proxy, the copy by hand, and that the lesson does not need it."""
    cache = tmp_path / "cache"
    ran = nnedu("data", "mnist", "--output", "mnist.npz", cwd=tmp_path, NNEDU_CACHE=str(cache), **OFFLINE)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"{NAMES[0]} of mnist could not be fetched:\n  ossci-datasets.s3.amazonaws.com: ")
    assert "\n  storage.googleapis.com: " in ran.err
    assert "set HTTPS_PROXY" in ran.err
    assert f"copy the files by hand into {cache / 'mnist'} and run this again: {', '.join(NAMES)}." in ran.err
    assert ran.err.endswith("the digits that come with scikit-learn suffice.\n")
    assert "Traceback" not in ran.err
    assert not (tmp_path / "mnist.npz").exists()


def test_what_a_mirror_sends_is_judged_by_its_checksum(served, tmp_path):
    """The real record, and files of another content: both checksums are said, and nothing is written."""
    folder, url = served
    (folder / NAMES[0]).write_bytes(b"a page that says: log in first")
    ran = nnedu(
        *("data", "mnist", "--output", "m.npz", "--mirror", url),
        cwd=tmp_path,
        NNEDU_CACHE=str(tmp_path / "cache"),
        no_proxy="127.0.0.1",
    )
    assert (ran.code, ran.out) == (1, "")
    assert hashlib.sha256(b"a page that says: log in first").hexdigest() in ran.err
    assert MNIST.files[0].sha256 in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["served"]


def test_the_data_goes_to_the_lesson_that_uses_it(workspace, served, tmp_path):
    """Beside its files, whatever folder one is in; a second run needs no network."""
    folder, url = served
    path, cache = workspace / "lesson02_sums" / "mnist.npz", tmp_path / "cache"
    code, out, err = small(
        "data", "mnist", "--mirror", url, folder=folder, cwd=workspace / "lesson01_lines", cache=cache
    )
    assert (code, out) == (0, f"X, y: {path} (0.0 MiB)\nWhat was fetched is kept in {cache / 'mnist'}\n")
    assert err.splitlines() == [
        f"{name}  {(cache / 'mnist' / name).stat().st_size} bytes" for name in ("images.gz", "labels.gz")
    ]
    with np.load(path, allow_pickle=False) as found:
        assert (found["X"].shape, found["y"].tolist()) == ((2, 3, 3), [7, 1])
    path.unlink()
    code, _, _ = small("data", "mnist", folder=folder, cwd=workspace, cache=cache, **OFFLINE)
    assert (code, path.exists()) == (0, True)
    path.unlink()


def test_without_a_lesson_that_uses_it_one_says_where_to(tmp_path):
    """No lesson is guessed."""
    (tmp_path / ".nnedu").mkdir()
    ran = nnedu("data", "mnist", cwd=tmp_path, **OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"No lesson that was fetched into {tmp_path} uses mnist.\n")
    assert "--output mnist.npz" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("data", "cifar"), "'cifar' is not 'mnist'"),
        (("data", "mnist", "--output", "classifier.py"), "has another ending than .npz"),
        (("data", "mnist", "--output", "m.npz", "--mirror", "file:///etc"), "is no address of a mirror"),
    ],
)
def test_slips_are_refused(tmp_path, arguments, said):
    """Before anything is fetched."""
    ran = nnedu(*arguments, cwd=tmp_path, **OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_the_lesson_on_digits_tells_of_it():
    """So that the file finds its place; the two lines of its README load it."""
    readme = (ROOT / "exercises" / LESSON14 / "README.md").read_text("utf-8")
    assert "nnedu data mnist" in readme
    using = [path.parent.name for path in ROOT.glob("exercises/*/README.md") if "nnedu data mnist" in path.read_text()]
    assert using == [LESSON14]
