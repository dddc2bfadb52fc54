"""Data sets that are fetched from the network: known by size and checksum, kept in a cache, and written as one .npz.

Nothing that a mirror sends is looked at before its SHA-256 is the one that stands here.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import numpy as np

from nnedu.errors import NneduError, UsageError
from nnedu.sandbox.failure import one_line
from nnedu.workspace import disk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from http.client import HTTPResponse

SECONDS = 30.0  # without a byte, after which a mirror is given up
CHUNK = 1 << 16
SHOWN = 400
MAX_UNPACKED = 64 << 20

OnBytes = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class DataFile:
    """One gzipped IDX file: the array that it holds, its name on a mirror, its size in bytes, and its SHA-256."""

    array: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set; `instead` says what one can do without it."""

    name: str
    files: tuple[DataFile, ...]
    mirrors: tuple[str, ...]
    instead: str

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(one.size for one in self.files)


MNIST = DataSet(
    "mnist",
    (
        DataFile(
            "X_train",
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        DataFile(
            "y_train",
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        DataFile(
            "X_test",
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        DataFile(
            "y_test",
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
    "No exercise needs it: the digits that come with scikit-learn suffice.",
)
DATASETS = {one.name: one for one in (MNIST,)}


class FetchError(NneduError):
    """A data set could not be fetched: no network, or no mirror has what is wanted."""


class _BadFileError(Exception):
    """What a mirror sent, or what lies in the cache, is not the file."""


def cache_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where downloads are kept: NNEDU_CACHE, else the place that the system has for such."""
    if environment.get("NNEDU_CACHE"):
        return Path(environment["NNEDU_CACHE"])
    if environment.get("XDG_CACHE_HOME"):
        return Path(environment["XDG_CACHE_HOME"]) / "nnedu"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "nnedu"
    if platform == "win32" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"]) / "nnedu" / "Cache"
    return Path.home() / ".cache" / "nnedu"


def fetch_dataset(
    wanted: DataSet, folder: Path, mirrors: Sequence[str], on_bytes: OnBytes = lambda _, __: None
) -> dict[str, bytes]:
    """Return the files of a data set by name: those that lie in the cache and are right, and the others fetched.

    Each is kept in the cache as soon as it is whole, so that a second run goes on where the first one ended. `on_bytes`
    is told of the bytes that have come, by file.
    """
    found = {}
    for one in wanted.files:
        reasons: list[str] = []
        data = _cached(one, folder / one.name, reasons)
        if data is None:
            data = _download(one, mirrors, reasons, on_bytes)
            if data is None:
                raise _failed(wanted, one, folder, reasons)
            disk.replace(folder / one.name, data)
        else:
            on_bytes(one.name, one.size)
        found[one.name] = data
    return found


def _cached(one: DataFile, path: Path, reasons: list[str]) -> bytes | None:
    data = disk.read(path)
    if data is None:
        return None
    try:
        _check(one, data)
    except _BadFileError as error:
        reasons.append(f"{path}: {error}")
        return None
    return data


def _download(one: DataFile, mirrors: Sequence[str], reasons: list[str], on_bytes: OnBytes) -> bytes | None:
    """Ask one mirror after the other, and note what was the matter with each."""
    for mirror in mirrors:
        try:
            data = _read(mirror, one, on_bytes)
            _check(one, data)
        except (_BadFileError, OSError, HTTPException, ValueError) as error:  # URLError is an OSError
            reasons.append(f"{urlsplit(mirror).hostname or mirror}: {_said(error)}")
        else:
            return data
    return None


def _said(error: Exception) -> str:
    """Return what a server or the system said, as a line that a terminal cannot obey."""
    reason = error.reason if type(error) is urllib.error.URLError else error
    return one_line(" ".join(str(reason).split()) or type(error).__name__)[:SHOWN]


def _read(mirror: str, one: DataFile, on_bytes: OnBytes) -> bytes:
    """Return what a mirror sends, at most a chunk more than the file has."""
    chunks, size = [], 0
    with _opened(mirror.rstrip("/") + "/", one.name) as answer:
        while size <= one.size and (chunk := answer.read(CHUNK)):
            chunks.append(chunk)
            size += len(chunk)
            on_bytes(one.name, min(size, one.size))
    return b"".join(chunks)


def _opened(mirror: str, name: str) -> HTTPResponse:
    """Open a file of a mirror with HTTPS, or with HTTP where the mirror was named so; never file:// or FTP."""
    opener = urllib.request.OpenerDirector()
    handlers = [
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPSHandler(),
    ]
    if urlsplit(mirror).scheme == "http":
        handlers.append(urllib.request.HTTPHandler())
    for handler in handlers:
        opener.add_handler(handler)
    answer: HTTPResponse = opener.open(urljoin(mirror, name), timeout=SECONDS)
    return answer


def _check(one: DataFile, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    if digest != one.sha256:
        size = f"{len(data)} bytes" if len(data) <= one.size else f"more than {one.size} bytes"
        text = (
            f"{one.name} is not what it should be: {size} with SHA-256 {digest}; expected {one.size} with {one.sha256}"
        )
        raise _BadFileError(text)


def _failed(wanted: DataSet, one: DataFile, folder: Path, reasons: Sequence[str]) -> FetchError:
    """Say what could not be fetched and why, and what can be done about it."""
    said = "".join(f"\n  {reason}" for reason in reasons)
    names = ", ".join(one.name for one in wanted.files)
    return FetchError(
        f"{one.name} of {wanted.name} could not be fetched:{said}",
        f"Behind a proxy, set HTTPS_PROXY and run this again; what was fetched is kept.\n"
        f"Or copy the files by hand into {folder} and run this again: {names}.\n"
        f"{wanted.instead}",
    )


def to_npz(wanted: DataSet, files: Mapping[str, bytes]) -> bytes:
    """Return the arrays of a data set as one .npz, compressed: uint8, as they are."""
    arrays = {one.array: _array(one.name, files[one.name]) for one in wanted.files}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type] # its stub takes the names for options
    return buffer.getvalue()


def _array(name: str, data: bytes) -> np.ndarray:
    """Read a gzipped IDX file: 0, 0, 8 for uint8, the number of axes, the length of each in four bytes, the values."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            raw = file.read(MAX_UNPACKED)
        axes = raw[3]
        shape = tuple(int(size) for size in np.frombuffer(raw, ">u4", axes, 4))
        values = np.frombuffer(raw, np.uint8, offset=4 + 4 * axes)
        if raw[:3] != b"\0\0\x08":
            raise ValueError(raw[:4].hex())  # noqa: TRY301 - one sentence for all that is wrong with it
        return values.reshape(shape)
    except (OSError, EOFError, zlib.error, ValueError, IndexError) as error:
        text = f"{name} is no gzipped IDX file of uint8: {error}."
        raise FetchError(text, "Take it out of the cache and run this again.") from error


def checked_mirror(url: str) -> str:
    """Return the URL of a mirror, or refuse it. HTTP will do: what comes is judged by its checksum."""
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        text = f"{url!r} is no address of a mirror."
        raise UsageError(text, "It begins with https:// or http://, and the names of the files follow it.")
    return url


def default_cache() -> Path:
    """Return where this machine keeps downloads."""
    return cache_folder(os.environ)
