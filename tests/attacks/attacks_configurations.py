"""The ways in which workers are confined and graders run, and a grader process for each."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from attacks_cheating import CHEATING
from attacks_grader import ATTACKS, Configuration, Result

import nnedu
from nnedu.sandbox.layers import Bubblewrap, Files

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = Path(nnedu.__file__).parents[1]
NOBODY = 65534
PATIENCE = 60.0

PLAIN = Configuration("plain", confined=False, root=True)
CONFINED = tuple(
    Configuration(f"{who}-{name}", confined=True, root=who == "root", files=files, bubblewrap=bubblewrap)
    for who in ("root", "user")
    for name, files, bubblewrap in (
        ("bubblewrap", Files.LANDLOCK, Bubblewrap.AUTO),
        ("landlock", Files.LANDLOCK, Bubblewrap.NEVER),
        ("nofs", Files.NONE, Bubblewrap.NEVER),
    )
)


@cache
def interpreter() -> str | None:
    """Return a Python of this version that every user may start; that of a virtual environment may lie in a home."""
    names = (os.path.realpath(sys.executable), shutil.which(f"python3.{sys.version_info.minor}", path=os.defpath))
    return next((name for name in names if name and _starts(name)), None)


def _starts(name: str) -> bool:
    try:
        done = subprocess.run(
            [name, "-c", "import numpy, msgspec, pytest, nnedu.sandbox.confinement"],
            env=_environment(SOURCE),
            cwd="/",
            capture_output=True,
            check=False,
            **_somebody(root=False),
        )
    except OSError:
        return False
    return done.returncode == 0


def _environment(source: Path) -> dict[str, str]:
    places = [source, Path(np.__file__).parents[1]]
    return {
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.defpath,
        "OPENBLAS_NUM_THREADS": "1",
    }


def _somebody(*, root: bool) -> dict[str, object]:
    """Return what makes a process that of some user, where this one is root's."""
    return {} if root or os.geteuid() != 0 else {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def unavailable(configuration: Configuration) -> str:
    """Return why a configuration cannot be had here, or nothing."""
    if sys.platform != "linux":
        return "the sandbox is Linux's"
    if configuration.confined and platform.machine() != "x86_64":
        return "the attacks make system calls by their numbers on x86-64"
    if configuration.confined and configuration.root and os.geteuid() != 0:
        return "needs root"
    if configuration.bubblewrap is Bubblewrap.AUTO and shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    if configuration.confined and interpreter() is None:
        return "no user but this one may read the Python, or the folder, that the tests run from"
    return ""


class GraderProcess:
    """A grader in a process of its own, which is told its attacks at once and goes through them one by one."""

    def __init__(self, configuration: Configuration, attacks: Sequence[str], source: Path = SOURCE) -> None:
        program = interpreter() if configuration.confined else sys.executable
        self._attacks = list(attacks)
        self._answers = tempfile.TemporaryFile()  # noqa: SIM115 - and not a pipe, which would hold up who works ahead
        self._process = subprocess.Popen(
            [program, Path(__file__).with_name("attacks_grader.py"), msgspec.json.encode(configuration).decode()],
            stdin=subprocess.PIPE,
            stdout=self._answers,
            env=_environment(source),
            cwd="/",
            **_somebody(root=configuration.root),
        )
        self._process.stdin.write("".join(f"{attack}\n" for attack in attacks).encode())
        self._process.stdin.close()
        self._results: dict[str, Result] = {}
        self._layers = ""
        self._read = b""
        self._place = 0

    @property
    def layers(self) -> str:
        """What confines the workers, as the grader has found it."""
        self._layers = self._layers or self._line().decode()
        return self._layers

    @property
    def left(self) -> list[str]:
        """The attacks that it has not answered yet."""
        return [attack for attack in self._attacks if attack not in self._results]

    def result(self, attack: str) -> Result:
        """Return what came of an attack, once it is known."""
        assert self.layers
        while attack not in self._results:
            result = msgspec.json.decode(self._line(), type=Result)
            self._results[result.id] = result
        return self._results[attack]

    def _line(self) -> bytes:
        until = time.monotonic() + PATIENCE
        while b"\n" not in self._read:
            ended = self._process.poll() is not None  # before reading: what it wrote last is there then
            self._read += os.pread(self._answers.fileno(), 1 << 20, self._place + len(self._read))
            if b"\n" not in self._read:
                if ended or time.monotonic() > until:
                    self.close()
                    pytest.fail("the grader is gone" if ended else f"the grader hangs, for {PATIENCE:g} s already")
                time.sleep(0.01)
        line, _, self._read = self._read.partition(b"\n")
        self._place += len(line) + 1
        return line

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return not self._answers.closed

    def close(self) -> None:
        """End the grader."""
        self._process.kill()
        self._process.wait()
        self._answers.close()


def cases() -> list[object]:
    """Return every attack in every configuration in which it may run, configuration by configuration."""
    made = []
    for configuration in (PLAIN, *CONFINED):
        why = unavailable(configuration)
        marks = [pytest.mark.skip(reason=why)] if why else []
        made += [
            pytest.param(configuration, attack, id=f"{configuration.name}-{attack.id}", marks=marks)
            for attack in ATTACKS.values()
            if configuration.confined
            or (attack.plain is not None and attack not in CHEATING)  # values cheat no process
        ]
    return made
