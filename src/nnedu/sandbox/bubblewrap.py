"""Bubblewrap around a zygote: an empty machine but for Python's library, numpy, and our modules that it runs."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import msgspec
import numpy as np


def interpreter() -> str:
    """Return the interpreter itself, and not the link to it in a virtual environment."""
    return os.path.realpath(sys.executable)


def import_path() -> list[str]:
    """Return the folders that hold the packages which a zygote imports."""
    packages = (Path(__file__).parent.parent, Path(np.__file__).parent, Path(msgspec.__file__).parent)
    return list(dict.fromkeys(str(package.parent) for package in packages))


def _packages() -> list[Path]:
    """Return what a zygote imports from outside the standard library, and no more of ours than it runs."""
    numpy, ours = Path(np.__file__).parent, Path(__file__).parent
    found = [numpy, numpy.parent / "numpy.libs", Path(msgspec.__file__).parent, ours.parent / "__init__.py", ours]
    return [path for path in found if path.exists()]


def command() -> list[str] | None:
    """Return what to put before the command of a zygote, or None where bubblewrap is not installed."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    bind = ["--ro-bind", "/usr", "/usr"]
    for path in map(Path, ("/lib", "/lib64", "/bin")):
        if path.is_symlink():
            bind += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            bind += ["--ro-bind", str(path), str(path)]
    bound = [Path(interpreter()), Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix) / "lib", *_packages()]
    for parent in sorted({parent for path in bound for parent in path.parents if not parent.is_relative_to("/usr")}):
        bind += ["--perms", "0755", "--dir", str(parent)]  # or only root could look inside
    for path in bound:
        bind += ["--ro-bind", str(path), str(path)]
    bind += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev"]
    spaces = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:  # it then becomes nobody by itself, for good, which no user namespace would make it
        spaces += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        spaces += ["--unshare-user"]
    return [program, *spaces, "--new-session", *bind, "--chdir", "/"]
