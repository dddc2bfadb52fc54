"""Closes the doors of a worker that has just been forked: limits, then Landlock, then seccomp. None opens again."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nnedu.sandbox import landlock, seccomp
from nnedu.sandbox.layers import Files, Layers

if TYPE_CHECKING:
    from nnedu.sandbox.layers import Policy

NOBODY = 65534
_PDEATHSIG, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_FILTER = 2
_MIB, _KIB = 1 << 20, 1 << 10
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Doors:
    """All that is needed to close a worker's doors, made once: a filter, a rule set, numbers."""

    policy: Policy
    layers: Layers
    rules: int
    filter: seccomp.Program | None


def prepare(policy: Policy, *, bubblewrap: bool, grader_uid: int) -> Doors:
    """Drop the uid where that is possible, and make what every worker is closed with."""
    if os.geteuid() == 0:
        _become_nobody()
    abi = landlock.version()
    library = abi > 0 and policy.files is not Files.NONE
    unreadable = next((path for path in _packages() if not os.access(path, os.R_OK | os.X_OK)), None)
    if library and unreadable is not None:
        if policy.files is Files.LANDLOCK:
            sys.exit(f'uid {os.geteuid()} cannot read {unreadable}: put Python elsewhere, or set files = "none".')
        library = False  # there is nothing to leave open
    architecture = seccomp.machine()
    rules = landlock.ruleset(abi, _readable() if library else ()) if abi else -1
    there = architecture and _seccomp_there()
    filter_ = seccomp.loadable(seccomp.program(architecture, files=library)) if there else None
    files = "library" if library else "none" if filter_ is not None or abi else "all"
    layers = Layers(filter_ is not None, abi, files, bubblewrap, os.geteuid(), os.geteuid() != grader_uid)
    return Doors(policy, layers, rules, filter_)


def _become_nobody() -> None:
    """Become nobody, for good; in a container that may not do so, stay who we are."""
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return


def _seccomp_there() -> bool:
    """Whether the kernel takes filters: it looks at the pointer only then."""
    _libc.prctl(_SECCOMP, _SECCOMP_FILTER, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


def close(doors: Doors, parent: int) -> None:
    """Close the doors of this process. What fails here ends it: no student code runs half confined."""
    _prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could take us along
        os._exit(0)
    _prctl(_DUMPABLE, 0)
    policy = doors.policy
    for what, limit in (
        (resource.RLIMIT_CPU, policy.cpu_seconds),
        (resource.RLIMIT_FSIZE, policy.output_kib * _KIB),
        (resource.RLIMIT_AS, policy.memory_mib * _MIB),
        (resource.RLIMIT_STACK, 8 * _MIB),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(what, (limit, limit))  # soft as hard: a handler of SIGXCPU gains nothing
    _prctl(_NO_NEW_PRIVS, 1)
    if doors.rules >= 0:
        landlock.restrict(doors.rules)
        os.close(doors.rules)
    if doors.filter is not None:
        _prctl(_SECCOMP, _SECCOMP_FILTER, ctypes.byref(doors.filter))


def _prctl(what: int, *arguments: object) -> None:
    given = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    given += [ctypes.c_ulong(0)] * (4 - len(given))
    if _libc.prctl(ctypes.c_int(what), *given) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {what}: {os.strerror(code)}")


def _packages() -> list[Path]:
    """Return the folders from which student code may still import."""
    return [Path(sysconfig.get_path("stdlib")), Path(sys.modules["numpy"].__path__[0])]


def _readable() -> list[Path]:
    """Return what a worker may read. Of the folder of the library each entry by itself: site-packages may lie in it."""
    library, numpy = _packages()
    inside = [path for path in sorted(library.iterdir()) if not path.name.endswith("-packages")]
    system = (
        f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}", "/lib64", "/usr/lib64", "/etc/ld.so.cache", "/dev/null",
        "/dev/urandom",
    )  # fmt: skip
    return [*inside, numpy, numpy.parent / "numpy.libs", *map(Path, system)]
