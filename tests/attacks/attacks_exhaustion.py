"""Rows 28 to 39 of the table, but 38: exhausting the machine."""

from __future__ import annotations

from attacks_table import attack, probe

EXHAUSTION = (
    attack(
        28,
        "a list without end",
        """
        def double(x):
            rows = []
            while True:
                rows.append(b"x" * (1 << 20))
        """,
        "[RS].....",
        plain=None,
    ),
    attack(
        28,
        "arrays without end",
        """
        def double(x):
            rows = []
            while True:
                rows.append(np.ones(1 << 20))
        """,
        "[RS].....",
        plain=None,
    ),
    attack(
        28,
        "a zlib bomb",
        """
        import zlib

        def double(x):
            squeezer = zlib.compressobj(9)
            data = b"".join(squeezer.compress(bytes(1 << 20)) for _ in range(2048)) + squeezer.flush()
            return zlib.decompress(data)
        """,
        "[RS].....",
        plain=None,
    ),
    attack(29, "an array of eight terabytes", "def double(x):\n    return np.ones(10**12)", "R....."),
    attack(
        29,
        "a view of eight terabytes",
        """
        def double(x):
            return np.broadcast_to(1.0, (10**6, 10**6))

        def relu(x):
            return [np.broadcast_to(1.0, (10**3, 10**4)) for _ in range(10)]
        """,
        "FF....",
        says="MiB of array data",
    ),
    probe(
        30,
        "memory that no limit counts",
        """
        import mmap
        attempt("memfd", lambda: os.write(syscall(319, b"x", 0), b"x"))
        attempt("shm_open", lambda: os.open("/dev/shm/@MARK@", os.O_CREAT | os.O_RDWR))
        """,
        plain=None,  # leaves a file behind
    ),
    probe(
        30,
        "a little memory that no limit counts",
        """
        attempt("memfd", lambda: os.write(syscall(319, b"x", 0), b"x"))
        """,
    ),
    probe(
        30,
        "shared memory that outlives its process",
        """
        import mmap
        shared = attempt("shared and anonymous, above the limit", lambda: mmap.mmap(-1, 4 << 30))
        """,
        plain="R.....",
    ),
    probe(
        31,
        "one fork, by every name",
        """
        def fork(number, *args):
            pid = syscall(number, *args)
            if pid == 0:
                os._exit(0)
            return pid
        attempt("os.fork", lambda: os.fork() or os._exit(0))
        attempt("fork", fork, 57)
        attempt("vfork by clone", fork, 56, 17, 0, 0, 0, 0)
        attempt("clone3", fork, 435, (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17), 88)
        """,
    ),
    attack(
        31,
        "a fork bomb",
        """
        import os

        def double(x):
            try:
                while True:
                    os.fork()
            except OSError:
                return 2 * x
        """,
        "......",
        plain=None,
    ),
    probe(
        32,
        "a thread",
        """
        import threading
        attempt("thread", lambda: threading.Thread(target=int).start(), refusals=(RuntimeError,))
        """,
    ),
    attack(
        32,
        "a bomb of threads",
        """
        import threading
        import time

        def double(x):
            try:
                while True:
                    threading.Thread(target=time.sleep, args=(1000,)).start()
            except RuntimeError:
                return 2 * x
        """,
        "......",
        plain=None,
    ),
    probe(
        33,
        "fills the disk",
        """
        def fill(place):
            with open(f"{place}/@MARK@", "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
        for place in ("/tmp", "/dev/shm", ".", "/var/tmp", "@DIR@", "/run", "/dev"):
            attempt(place, fill, place)
        """,
        plain=None,
    ),
    attack(
        34,
        "prints without end",
        """
        def double(x):
            for _ in range(100_000):
                print("x" * 1000)
            return 2 * x
        """,
        "[.S].....",
    ),
    attack(
        34,
        "writes to every descriptor without end",
        """
        import os

        def double(x):
            for number in (1, 2):
                try:
                    while True:
                        os.write(number, b"x" * 100_000)
                except OSError:
                    continue
            return 2 * x
        """,
        "[.S].....",
        plain=None,
    ),
    attack(
        35,
        "returns more than crosses",
        """
        def double(x):
            return np.zeros(20_000_000)

        def relu(x):
            return list(range(2_000_000))

        def total(x):
            return "x" * 3_000_000

        def apply(f, x):
            return {i: [i] for i in range(300_000)}
        """,
        "[FR][FRS][FR][FRS]..",
    ),
    attack(
        36,
        "recursion without a limit",
        """
        import sys

        sys.setrecursionlimit(10**9)

        def double(x):
            return double(x) + 1
        """,
        "[RS].....",
        plain=None,
    ),
    attack(
        36,
        "reads at address 0",
        "import ctypes\n\ndef double(x):\n    return ctypes.string_at(0)",
        "R.....",
        says="ended",
    ),
    attack(
        36,
        "writes over its own interpreter",
        "import ctypes\n\ndef double(x):\n    ctypes.memset(id(np.zeros), 0x41, 4096)\n    return np.zeros(3)",
        "[FRS].....",
    ),
    probe(
        37,
        "opens every descriptor there is",
        """
        def many():
            held = []
            for _ in range(100):
                held.append(os.dup(2))
            return len(held)
        attempt("a hundred descriptors", many)
        """,
    ),
    probe(
        39,
        "raises its own limits",
        """
        import resource
        for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
            soft, hard = resource.getrlimit(getattr(resource, name))
            if hard == resource.RLIM_INFINITY:
                GOT.append(f"{name} has no limit")
            attempt(name, resource.setrlimit, getattr(resource, name), (hard, hard), refusals=(ValueError,))
        attempt("by number", syscall, 302, 0, 9, (ctypes.c_uint64 * 2)(1 << 40, 1 << 40), 0)
        """,
    ),
)
