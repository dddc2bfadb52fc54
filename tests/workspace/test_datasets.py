"""Data sets: nothing is taken that has not the right checksum, nothing is fetched twice, and trouble is a sentence."""

import gzip
import hashlib
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from nnedu.errors import UsageError
from nnedu.workspace.datasets import (
    MNIST,
    DataFile,
    DataSet,
    FetchError,
    cache_folder,
    checked_mirror,
    fetch_dataset,
    to_npz,
)

NOWHERE = "http://127.0.0.1:9/"  # the port that discards; nobody listens


def idx(array):
    """An array as a gzipped IDX file."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes()
    return gzip.compress(head + array.tobytes(), mtime=0)


IMAGES = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
LABELS = np.array([7, 1], dtype=np.uint8)
FILES = {"images.gz": idx(IMAGES), "labels.gz": idx(LABELS)}


def record(files=FILES, arrays=("X", "y")):
    """The record of a small data set."""
    known = [
        DataFile(array, name, len(data), hashlib.sha256(data).hexdigest())
        for array, (name, data) in zip(arrays, files.items(), strict=True)
    ]
    return DataSet("small", tuple(known), (), "It is not needed.")


class Mirror:
    """A server of a few files, which says what it was asked for; `answers` take the place of files."""

    def __init__(self, files):
        self.asked = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.asked.append(self.path)
                answer = files.get(self.path.rpartition("/")[2])
                if callable(answer):
                    answer(self)
                elif answer is None:
                    self.send_error(404)
                else:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/some/place"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def mirror(monkeypatch):
    """Start mirrors, past any proxy, and end them with the test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    started = []

    def start(files):
        started.append(Mirror(files))
        return started[-1]

    yield start
    for one in started:
        one.server.shutdown()
        one.server.server_close()


def test_files_come_from_a_mirror_once(mirror, tmp_path):
    """They are kept; a second run asks nobody. What has come is told."""
    one, told = mirror(FILES), []
    found = fetch_dataset(record(), tmp_path, [one.url], lambda name, size: told.append((name, size)))
    assert found == FILES
    assert one.asked == ["/some/place/images.gz", "/some/place/labels.gz"]
    assert told[-1] == ("labels.gz", len(FILES["labels.gz"]))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES
    assert fetch_dataset(record(), tmp_path, [NOWHERE]) == FILES


def test_another_mirror_is_asked_where_one_fails(mirror, tmp_path):
    """Not there, not the file, nobody at home: each for every file."""
    wrong, right = mirror({"images.gz": b"something else"}), mirror(FILES)
    assert fetch_dataset(record(), tmp_path, [NOWHERE, wrong.url, right.url + "/"]) == FILES
    assert right.asked == ["/some/place/images.gz", "/some/place/labels.gz"]


def test_a_corrupt_file_is_not_kept_and_named_with_both_checksums(mirror, tmp_path):
    """What came before it is kept, so that a second run goes on from there."""
    broken = FILES["labels.gz"][:-1] + b"!"
    one = mirror({**FILES, "labels.gz": broken})
    with pytest.raises(FetchError) as caught:
        fetch_dataset(record(), tmp_path, [one.url])
    said = caught.value.sentence
    assert said.startswith(
        "labels.gz of small could not be fetched:\n  127.0.0.1: labels.gz is not what it should be: "
    )
    assert hashlib.sha256(broken).hexdigest() in said
    assert hashlib.sha256(FILES["labels.gz"]).hexdigest() in said
    assert [path.name for path in tmp_path.iterdir()] == ["images.gz"]
    again = mirror(FILES)
    assert fetch_dataset(record(), tmp_path, [again.url]) == FILES
    assert again.asked == ["/some/place/labels.gz"]


def test_a_file_that_never_ends_is_cut_off(mirror, tmp_path):
    """Soon after the size that it should have."""
    sent = []

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
                sent.append(65536)
        except OSError:
            pass

    one = mirror({"images.gz": endless})
    with pytest.raises(FetchError, match=f"more than {len(FILES['images.gz'])} bytes"):
        fetch_dataset(record(), tmp_path, [one.url])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/images.gz"])
def test_a_mirror_cannot_send_elsewhere(mirror, tmp_path, target):
    """A redirection leads to http or https, and nowhere else."""

    def away(handler):
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.end_headers()

    with pytest.raises(FetchError, match=r"127\.0\.0\.1: "):
        fetch_dataset(record(), tmp_path, [mirror({"images.gz": away}).url])
    with pytest.raises(FetchError, match="unknown url type"):
        fetch_dataset(record(), tmp_path, ["file:///etc/"])


@pytest.mark.parametrize(
    "greeting", [b"nonsense\r\n\r\n", b"HTTP/1.1 500 \x1b[2J\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_a_server_that_talks_nonsense_is_a_sentence(mirror, tmp_path, greeting):
    """And no escape sequence of it reaches a terminal."""
    one = mirror({"images.gz": lambda handler: handler.wfile.write(greeting)})
    with pytest.raises(FetchError) as caught:
        fetch_dataset(record(), tmp_path, [one.url])
    assert "\x1b" not in str(caught.value)
    assert caught.value.exit_code == 1


def test_a_copy_by_hand_is_taken_if_it_is_right(tmp_path):
    """One that is not is said, with where it lies; it is never trusted."""
    (tmp_path / "images.gz").write_bytes(FILES["images.gz"])
    (tmp_path / "labels.gz").write_bytes(b"half a copy")
    with pytest.raises(FetchError) as caught:
        fetch_dataset(record(), tmp_path, [NOWHERE])
    assert f"{tmp_path / 'labels.gz'}: labels.gz is not what it should be: 11 bytes with SHA-256" in str(caught.value)
    assert "Connection refused" in str(caught.value)
    assert "It is not needed." in caught.value.next_step
    (tmp_path / "labels.gz").write_bytes(FILES["labels.gz"])
    assert fetch_dataset(record(), tmp_path, [NOWHERE]) == FILES


def test_the_arrays_are_those_of_the_files():
    """As uint8, and readable without pickle; the same files give the same arrays."""
    with np.load(io.BytesIO(to_npz(record(), FILES)), allow_pickle=False) as found:
        assert sorted(found.files) == ["X", "y"]
        assert (found["X"].dtype, found["y"].dtype) == (np.uint8, np.uint8)
        assert np.array_equal(found["X"], IMAGES)
        assert np.array_equal(found["y"], LABELS)


@pytest.mark.parametrize(
    "data",
    [
        b"not gzip",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"\0\0\x08\x02\0\0\0\x05", mtime=0),
        gzip.compress(b"\0\0\x0d\x01\0\0\0\x04\0\0\0\0", mtime=0),
        gzip.compress(b"\0\0\x08\x01\0\0\0\x05abc", mtime=0),
        idx(LABELS)[:-6],
    ],
)
def test_a_file_of_another_form_is_a_sentence(data):
    """Though its checksum was right: then the record of the data set is wrong."""
    with pytest.raises(FetchError, match=r"^images\.gz is no gzipped IDX file of uint8"):
        to_npz(record({"images.gz": data}, ("X",)), {"images.gz": data})


def test_the_cache_is_where_the_system_has_it():
    """NNEDU_CACHE first of all."""
    assert cache_folder({"NNEDU_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "linux") == Path("/a")
    assert cache_folder({"XDG_CACHE_HOME": "/b"}, "darwin") == Path("/b/nnedu")
    assert cache_folder({}, "linux") == Path.home() / ".cache" / "nnedu"
    assert cache_folder({}, "darwin") == Path.home() / "Library" / "Caches" / "nnedu"
    assert cache_folder({"LOCALAPPDATA": "/c"}, "win32") == Path("/c/nnedu/Cache")


@pytest.mark.parametrize("url", ["file:///etc/", "ftp://host/", "host/mnist", "https://", ""])
def test_a_mirror_is_an_address_on_the_web(url):
    """Anything else is a slip of who typed it."""
    with pytest.raises(UsageError, match="is no address of a mirror"):
        checked_mirror(url)


def test_mnist_is_fetched_with_https_alone():
    """Four files, whose checksums are whole."""
    assert all(url.startswith("https://") and url.endswith("/") for url in MNIST.mirrors)
    assert len({one.sha256 for one in MNIST.files}) == 4
    assert {len(bytes.fromhex(one.sha256)) for one in MNIST.files} == {32}
    assert [one.array for one in MNIST.files] == ["X_train", "y_train", "X_test", "y_test"]
