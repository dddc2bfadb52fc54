"""The nnedu that runs, as a wheel: made of its own files, so that no build tool and no checkout is needed.

The lessons that came with it are left out; who is given this wheel has the course's own files.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import nnedu
from nnedu.errors import FaultError

if TYPE_CHECKING:
    from importlib.metadata import Distribution

MADE = (2020, 1, 1, 0, 0, 0)  # no date of today's: the same nnedu gives the same bytes
_LEFT_OUT = ("__pycache__", "bundles")
_WHEEL = "Wheel-Version: 1.0\nGenerator: nnedu\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def own_wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel of the nnedu that runs."""
    ours = _installed("nnedu")
    package = Path(nnedu.__file__).parent
    paths = (path for path in sorted(package.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    files = {
        f"nnedu/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in paths
        if not any(part in _LEFT_OUT for part in path.relative_to(package).parts)
    }
    about = f"nnedu-{ours.version}.dist-info"
    for name in ("METADATA", "entry_points.txt"):
        files[f"{about}/{name}"] = (ours.read_text(name) or "").encode()
    files[f"{about}/WHEEL"] = _WHEEL.encode()
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    return f"nnedu-{ours.version}-py3-none-any.whl", archive(files)


def pinned() -> str:
    """Return what nnedu needs, in the versions that are installed here, as a requirements.txt."""
    found: dict[str, str] = {}
    left = ["nnedu"]
    while left:
        one = _installed(left.pop())
        for line in one.requires or ():
            name = re.match(r"[\w.-]+", line)
            if name is None or "extra ==" in line or name[0].lower() in found:
                continue
            try:
                found[name[0].lower()] = distribution(name[0]).version
            except PackageNotFoundError:  # of another system
                continue
            left.append(name[0])
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def archive(files: dict[str, bytes], executable: tuple[str, ...] = ()) -> bytes:
    """Return a zip: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, MADE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, (0o100755 if name in executable else 0o100644) << 16
            made.writestr(info, files[name])
    return buffer.getvalue()


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as error:
        text = f"{name} is not installed here, so that nobody knows what it needs."
        raise FaultError(text, "Install nnedu (pip install nnedu), or name a wheel of it with --wheel.") from error


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
