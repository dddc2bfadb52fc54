"""Guards, taken out one at a time: the attack that each holds off succeeds then, and its test would be red.

A guard is taken out of a copy of the engine, which the grader and its workers run from. Every attack here is of a kind
that harms nobody when it succeeds.
"""

from __future__ import annotations

import os
import shutil
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from attacks_configurations import CONFINED, GraderProcess, unavailable
from attacks_grader import ATTACKS, COURSE
from attacks_run import SOURCES, obeyed, run_nnedu
from attacks_table import HONEST
from attacks_verdict import complaints

import nnedu
from nnedu.classroom.intake import read_submissions


@dataclass(frozen=True, slots=True)
class Guard:
    """Lines of the engine, what stands there when they are gone, and what the suite complains about then."""

    attack: str
    complaint: str
    edits: tuple[tuple[str, str, str], ...]
    layers: str = "landlock"


RESTRICT = ("sandbox/confine.py", "        landlock.restrict(doors.rules)\n", "")
FILTER = ("sandbox/confine.py", "        _prctl(_SECCOMP, _SECCOMP_FILTER, ctypes.byref(doors.filter))", "        pass")
OWNERS = ("sandbox/seccomp.py", "_FCNTL = (0, 1, 2, 3, 4, 1030)", "_FCNTL = (0, 1, 2, 3, 4, 8, 10, 1030)")
ANY_TABLE = (
    "sandbox/seccomp.py",
    "        _Step(_RETURN, 0, 0, _KILL),\n        _Step(_LOAD, 0, 0, 0),",
    "        _Step(_RETURN, 0, 0, _ALLOW),\n        _Step(_LOAD, 0, 0, 0),",
)
BREACH = "raised BreachError"
READS = "10-reads-the-reference-and-the-graders"
NO_SCOPES = ("sandbox/landlock.py", "_ALL_NET, _ALL_SCOPES = 0b11, 0b11", "_ALL_NET, _ALL_SCOPES = 0b11, 0")

GUARDS = {
    "seccomp, against a fork": Guard("31-one-fork-by-every-name", BREACH, (FILTER,)),
    "seccomp, against the network": Guard("43-speaks-to-the-network", "somebody sent", (FILTER,)),
    "Landlock, against reading": Guard(READS, "the reference was read", (RESTRICT,)),
    "no files, against reading": Guard(READS, "the reference was read", (RESTRICT, FILTER), "nofs"),
    "Landlock and seccomp, against writing": Guard("12-writes-into-an-open-folder", "files: ", (RESTRICT, FILTER)),
    "the list of fcntl commands": Guard("47-has-the-kernel-send-the-signal", BREACH, (OWNERS,)),
    "the list of fcntl commands, and the scope of signals": Guard(
        "47-has-the-kernel-kill-the-zygote", "processes: ", (OWNERS, NO_SCOPES)
    ),
    "the check of the architecture": Guard(
        "53-the-table-of-another-architecture", "F..... is not R.....", (ANY_TABLE,)
    ),
    "the limit of memory": Guard(
        "39-raises-its-own-limits",
        BREACH,
        (("sandbox/confine.py", "        (resource.RLIMIT_AS, policy.memory_mib * _MIB),\n", ""),),
    ),
    "the limit of descriptors": Guard(
        "37-opens-every-descriptor-there-is",
        BREACH,
        (("sandbox/confine.py", "        (resource.RLIMIT_NOFILE, 32),\n", ""),),
    ),
    "the deadline": Guard(
        "25-takes-half-a-second-more-than-it-may",
        "11 points instead of 10",
        (("sandbox/confined.py", "time.monotonic() + seconds\n", "time.monotonic() + seconds + 5\n"),),
    ),
    "the size of a frame": Guard(
        "60-a-blob-of-2-63-bytes", "?..... is not", (("sandbox/wire.py", " or blob_size > MAX_BLOB:", ":"),)
    ),
    "the list of dtypes": Guard(
        "64-an-array-of-dtype-number-0-o",
        "no report says 'of a kind that does not cross'",
        (("sandbox/decoder.py", "DTYPES.get(code) if", "np.dtype(code) if"),),
    ),
    "nobody answers unasked": Guard(
        "16-queues-answers-at-import",
        "no report says 'it answered before it was asked'",
        (
            ("sandbox/confined.py", "if self._first < self._last:", "if False:"),
            ("sandbox/channel.py", "if came:", "if False:"),
        ),
    ),
    "values have to be finite": Guard(
        "79-not-a-number-for-a-value",
        "is not FF....",
        (("checking/values.py", "not np.isfinite(value).all():", "False:"),),
    ),
    "floats have to be float64": Guard(
        "79-half-the-precision-for-a-value",
        ".F.... is not FF....",
        (("checking/values.py", 'expected.kind != "f" or actual == np.float64', "True"),),
    ),
    "texts of a sane length": Guard(
        "68-a-failure-of-a-megabyte",
        "a text of",
        (("sandbox/failure.py", "return value[:limit] if", "return value if"),),
    ),
}


@pytest.fixture
def broken(tmp_path):
    """Make a copy of the engine with edits."""

    def copy(edits):
        package = shutil.copytree(
            Path(nnedu.__file__).parent,
            tmp_path / "src" / "nnedu",
            ignore=shutil.ignore_patterns("__pycache__", "bundles"),
        )
        for name, old, new in edits:
            path = package / name
            text = path.read_text("utf-8")
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
            path.write_text(text.replace(old, new), "utf-8")
        return package.parent

    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    return copy


def configuration(layers):
    who = "root" if os.geteuid() == 0 else "user"
    return next(one for one in CONFINED if one.name == f"{who}-{layers}")


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_without_its_guard_an_attack_succeeds(broken, guard):
    chosen, attack = configuration(guard.layers), ATTACKS[guard.attack]
    if unavailable(chosen):
        pytest.skip(unavailable(chosen))
    grader = GraderProcess(chosen, [attack.id], broken(guard.edits))
    try:
        found = complaints(attack, grader.result(attack.id), confined=True)
    finally:
        grader.close()
    assert [complaint for complaint in found if guard.complaint in complaint], found


def test_without_printable_a_terminal_obeys(broken, tmp_path):
    """The source that test_attack_reports.py checks clears the screen, once its guard is gone."""
    edit = ("sandbox/failure.py", '        text = "".join(c if c.isprintable()', '        "".join(c if c.isprintable()')
    lesson, source = tmp_path / "lesson01_targets", str(broken([edit]))
    for arguments in (
        ("course", "bundle", "lesson1", "--course", COURSE, "--out", tmp_path / "release"),
        ("fetch", "lesson1", "--from", tmp_path / "release"),
    ):
        done = run_nnedu(*arguments, cwd=tmp_path, PYTHONPATH=source)
        assert done.returncode == 0, done.stderr.decode()
    (lesson / "targets.py").write_text(f"{HONEST}\n\n{textwrap.dedent(SOURCES['codes'])}", "utf-8")
    assert "0x1b" in obeyed(run_nnedu("check", "lesson1", cwd=tmp_path, PYTHONPATH=source).stdout.decode())


def test_without_nofollow_a_link_is_read(monkeypatch, tmp_path):
    (tmp_path / "secret.py").write_text("SECRET = 1")
    (tmp_path / "handed-in" / "mallory").mkdir(parents=True)
    (tmp_path / "handed-in" / "mallory" / "targets.py").symlink_to(tmp_path / "secret.py")

    def sources():
        (one,) = read_submissions(tmp_path / "handed-in", "lesson01_targets", ["targets"]).received
        return one.work.sources

    assert sources() == {}
    monkeypatch.setattr(os, "O_NOFOLLOW", 0)
    assert sources() == {"targets": "SECRET = 1"}
