"""The system calls that student code may make: an allowlist with argument filters, as a program for the kernel.

Everything that is not listed answers EPERM: fork, threads, execve, sockets, kill, ptrace, mount, shared memory. A call
through another architecture's table (int 0x80, x32) ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import NamedTuple

# fmt: off
# Always allowed: memory, reading and writing what is open, signals of one's own, clocks.
PLAIN = (
    "read", "write", "readv", "writev", "pread64", "close", "fstat", "lseek", "mmap", "mprotect", "munmap",
    "mremap", "madvise", "brk", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "dup", "getpid",
    "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getpgrp", "exit", "exit_group", "futex",
    "sched_yield", "sched_getaffinity", "sysinfo", "uname", "getrusage", "times", "clock_gettime", "clock_getres",
    "clock_nanosleep", "nanosleep", "gettimeofday", "time", "getrandom", "set_robust_list", "rseq",
    "restart_syscall", "setitimer", "getitimer", "alarm", "pause", "poll", "ppoll", "select", "pselect6",
    "getrlimit", "membarrier",
)
# What takes a path. Without files, a path leads nowhere.
PATHS = (
    "stat", "lstat", "statx", "newfstatat", "access", "faccessat", "faccessat2", "getcwd", "readlink", "readlinkat",
    "getdents64", "open", "openat",
)
_NUMBERS = {
    "x86_64": {
        "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
        "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
        "rt_sigreturn": 15, "ioctl": 16, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "select": 23,
        "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "pause": 34, "nanosleep": 35, "getitimer": 36,
        "alarm": 37, "setitimer": 38, "getpid": 39, "exit": 60, "uname": 63, "fcntl": 72, "getcwd": 79,
        "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100,
        "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111,
        "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204, "getdents64": 217,
        "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
        "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271,
        "set_robust_list": 273, "prlimit64": 302, "getrandom": 318, "membarrier": 324, "statx": 332, "rseq": 334,
        "clone3": 435, "faccessat2": 439,
    },
    "aarch64": {
        "getcwd": 17, "dup": 23, "fcntl": 25, "ioctl": 29, "faccessat": 48, "openat": 56, "close": 57,
        "getdents64": 61, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67,
        "pselect6": 72, "ppoll": 73, "readlinkat": 78, "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94,
        "futex": 98, "set_robust_list": 99, "nanosleep": 101, "getitimer": 102, "setitimer": 103,
        "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123,
        "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
        "rt_sigreturn": 139, "times": 153, "uname": 160, "getrlimit": 163, "getrusage": 165, "gettimeofday": 169,
        "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178,
        "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233,
        "prlimit64": 261, "getrandom": 278, "membarrier": 283, "statx": 291, "rseq": 293, "clone3": 435,
        "faccessat2": 439,
    },
}
# fmt: on
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000

# O_ACCMODE, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_TMPFILE's own bit, and O_PATH, which opens what must not be read.
_WRITING = {"x86_64": 0o3 | 0o100 | 0o200 | 0o1000 | 0o2000 | 0o20000000 | 0o10000000}
_WRITING["aarch64"] = _WRITING["x86_64"]
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. F_SETOWN would let the kernel send signals for us.
_FCNTL = (0, 1, 2, 3, 4, 1030)
# TCGETS, FIONREAD, FIOCLEX, FIONCLEX, TIOCGWINSZ: what Python asks of a file it opens.
_IOCTL = (0x5401, 0x541B, 0x5451, 0x5450, 0x5413)

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


class _Step(NamedTuple):
    """One instruction: what to do, how far to jump if so and if not, and a number."""

    code: int
    then: int
    otherwise: int
    number: int


def machine() -> str:
    """Return the architecture, as far as there is a table for it, else nothing."""
    return platform.machine() if platform.machine() in _NUMBERS else ""


def numbers(architecture: str) -> dict[str, int]:
    """Return the numbers of the system calls that the filter knows, on an architecture."""
    return _NUMBERS[architecture]


def program(architecture: str, *, files: bool) -> bytes:
    """Return the filter for an architecture; without `files`, no path leads anywhere."""
    table = _NUMBERS[architecture]
    steps = [
        _Step(_LOAD, 0, 0, 4),
        _Step(_EQUAL, 1, 0, _ARCHITECTURES[architecture]),
        _Step(_RETURN, 0, 0, _KILL),
        _Step(_LOAD, 0, 0, 0),
    ]
    if architecture == "x86_64":
        steps += [_Step(_AT_LEAST, 0, 1, _X32), _Step(_RETURN, 0, 0, _KILL)]
    opening = {"open": 1, "openat": 2} if files else {}
    for name, place in opening.items():
        if name in table:
            steps += _where(table[name], place, (0,), _WRITING[architecture])
    steps += _where(table["fcntl"], 1, _FCNTL)
    steps += _where(table["ioctl"], 1, _IOCTL)
    steps += _only_asking(table["prlimit64"])
    answers = dict.fromkeys(PLAIN, _ALLOW)
    answers |= dict.fromkeys(set(PATHS) - set(opening), _ALLOW if files else _ERRNO | errno.ENOENT)
    answers["clone3"] = _ERRNO | errno.ENOSYS  # glibc tries it first, and takes EPERM for the last word
    steps += _search(_ranges({table[name]: answer for name, answer in answers.items() if name in table}))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def _ranges(answers: dict[int, int]) -> list[tuple[int, int]]:
    """Return all numbers as ranges that are answered the same: where each begins, and the answer. The rest is EPERM."""
    refuse = _ERRNO | errno.EPERM
    found: list[tuple[int, int]] = []
    for number in range(max(answers) + 2):
        answer = answers.get(number, refuse)
        if not found or found[-1][1] != answer:
            found.append((number, answer))
    return found


def _search(ranges: list[tuple[int, int]]) -> list[_Step]:
    """Find the answer by halves. The kernel asks for every number when it takes a filter, for each worker anew."""
    if len(ranges) == 1:
        return [_Step(_RETURN, 0, 0, ranges[0][1])]
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    return [_Step(_AT_LEAST, len(below), 0, ranges[middle][0]), *below, *above]


def _argument(place: int, *, high: bool = False) -> _Step:
    """Load half of an argument. The kernel looks at the lower half only where it declares an int."""
    return _Step(_LOAD, 0, 0, 16 + 8 * place + (4 if high else 0))


def _where(number: int, place: int, values: tuple[int, ...], mask: int = 0xFFFFFFFF) -> list[_Step]:
    """Allow a call where an argument, under a mask, is one of the values."""
    inside = [_argument(place), _Step(_AND, 0, 0, mask)]
    for value in values:
        inside += [_Step(_EQUAL, 0, 1, value), _Step(_RETURN, 0, 0, _ALLOW)]
    inside.append(_Step(_RETURN, 0, 0, _ERRNO | errno.EPERM))
    return [_Step(_EQUAL, 0, len(inside), number), *inside]


def _only_asking(number: int) -> list[_Step]:
    """Allow prlimit64 where the new limit is a null pointer, all 64 bits of it."""
    refuse = _Step(_RETURN, 0, 0, _ERRNO | errno.EPERM)
    inside = [
        _argument(2),
        _Step(_EQUAL, 1, 0, 0),
        refuse,
        _argument(2, high=True),
        _Step(_EQUAL, 1, 0, 0),
        refuse,
        _Step(_RETURN, 0, 0, _ALLOW),
    ]
    return [_Step(_EQUAL, 0, len(inside), number), *inside]


class Program(ctypes.Structure):
    """`struct sock_fprog`. It keeps the bytes that it points to alive."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def loadable(filter_: bytes) -> Program:
    """Return a filter in the form that the kernel takes."""
    return Program(len(filter_) // 8, filter_)
