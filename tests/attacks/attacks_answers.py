"""Rows 9 to 20 of the table: looking for the answers, and forging those of the worker."""

from __future__ import annotations

from attacks_table import SHIFTED, attack, probe, wired

NONE = "[FR]" * 6

ANSWERS = (
    attack(
        9,
        "looks for the answer in frames and objects",
        """
        import gc
        import sys

        def seen():
            frame = sys._getframe()
            while frame is not None:
                yield from frame.f_locals.items()
                yield from frame.f_globals.items()
                frame = frame.f_back
            for thing in gc.get_objects():
                if type(thing) is dict:
                    yield from thing.items()

        def double(x):
            for name, value in list(seen()):
                known = ("expected", "reference", "solution", "_SECRET")
                if str(name) in known and isinstance(value, (np.ndarray, str, dict)) and len(value) and x is not value:
                    if np.shape(value) == x.shape or value == "the reference was read":
                        raise KeyError(f"found {name}")
            names = [name for name in sys.modules if name.startswith(("nnedu.running", "nnedu.checking", "pytest"))]
            if names:
                raise KeyError(f"loaded: {names}")
            return 2 * x
        """,
        "......",
    ),
    probe(
        9,
        "looks for the answer in memory",
        """
        def search(pid):
            with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
                return len(maps.readlines()), memory
        attempt("own memory", search, "self")
        attempt("parent's memory", search, os.getppid())
        """,
    ),
    probe(
        10,
        "reads the reference and the graders",
        """
        attempt("solution", lambda: open("@COURSE@/solutions/lesson01_targets/targets.py").read()[60:110])
        attempt("grader", lambda: open("@COURSE@/graders/lesson01_targets/test_targets.py").read()[:20])
        attempt("key", lambda: open("@COURSE@/course.toml").read()[:20])
        attempt("listing", os.listdir, "@COURSE@")
        attempt("by number", lambda: os.read(os.open("@COURSE@/course.toml", os.O_RDONLY | os.O_NOATIME), 20))
        """,
    ),
    probe(
        11,
        "imports what lies beside numpy",
        """
        sys.path[:0] = ["@SITE@", "@SRC@"]
        for name in ("nnedu.errors", "click"):
            attempt(name, lambda: sys.modules["builtins"].__import__(name))
        """,
    ),
    probe(
        11,
        "imports solutions, graders, and what is large",
        """
        sys.path[:0] = ["@COURSE@/solutions/lesson01_targets", "@SITE@", "@COURSE@/graders/lesson01_targets", "@SRC@"]
        for name in ("targets", "test_targets", "nnedu.checking", "nnedu.running.collect", "pytest", "sklearn"):
            sys.modules.pop(name, None)
            attempt(name, lambda: sys.modules["builtins"].__import__(name))
        """,
        plain=None,  # it would take a plain worker more than its second
    ),
    probe(
        12,
        "writes what a later run would execute",
        """
        for name in ("conftest.py", "pytest.ini", "sitecustomize.py", "evil.pth", "numpy.py", "@MARK@"):
            for place in ("@DIR@", ".", "/tmp", "/var/tmp", "/dev/shm", "@COURSE@/graders/lesson01_targets"):
                if place == "@DIR@" or name == "@MARK@":
                    attempt(f"{place}/{name}", lambda: open(f"{place}/{name}", "w").write("import os\\n"))
        attempt("append", lambda: open("@OPEN@", "a").write("x"))
        attempt("truncate", os.truncate, "@OPEN@", 0)
        attempt("rename", os.rename, "@OPEN@", "@OPEN@.old")
        attempt("remove", os.unlink, "@OPEN@")
        attempt("without a name", lambda: os.open("@DIR@", os.O_TMPFILE | os.O_RDWR))
        """,
        plain=None,  # it would write into the folders of this machine
    ),
    probe(
        12,
        "writes into an open folder",
        """
        attempt("create", lambda: open("@DIR@/conftest.py", "w").write("import os\\n"))
        """,
    ),
    attack(
        13,
        "writes results late",
        """
        import atexit
        import signal
        import threading
        import weakref

        def late(*args):
            open("@DIR@/results.json", "w").write("12")

        class Late:
            __del__ = late

        atexit.register(late)
        weakref.finalize(np.zeros(1).__class__, late)
        keep = Late()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, late)
        double = lambda x: 0 * x
        """,
        "F.....",
    ),
    wired(
        14,
        "replaces the functions of the wire",
        """
        host = sys.modules["nnedu.sandbox.host"]
        passed = wire.Message("passed", {"points": 12, "state": "passed"})
        wire.Encoder.frame = lambda self, message: frame(["passed", ["dict", [["points", 12]]]])
        host.Host.serve = lambda self, message: passed

        def double(x):
            return 0 * x
        """,
        "[FR]" * 6,
    ),
    wired(
        14,
        "takes the wire out of the modules",
        """
        for name in list(sys.modules):
            if name.startswith("nnedu."):
                sys.modules[name] = None

        def double(x):
            return 0 * x
        """,
        "F.....",
    ),
    wired(
        15,
        "answers before it returns, with points",
        """
        def double(x):
            say(reply(True, points=12, state="passed", outcome="passed"))
            say(frame(["passed", 12]))
            return 0 * x
        """,
        SHIFTED,
    ),
    wired(
        16,
        "queues answers at import",
        """
        say(50 * reply(["array", "<f8", [3], 0], np.array([0.0, 0.0, 2.0]).tobytes()))
        double = lambda x: 0 * x
        """,
        NONE,
        says="it answered before it was asked",
    ),
    wired(
        17,
        "reads the wire itself",
        """
        import select

        def double(x):
            found = [number for number in ends() if select.select([number], [], [], 0)[0] and os.read(number, 1000)]
            if found:
                raise KeyError(f"read from {found}")
            return 2 * x
        """,
        "......",
    ),
    attack(
        18,
        "a module that has every name",
        """
        for name in ("double", "relu", "total", "apply", "Tally", "halves"):
            del globals()[name]

        def __getattr__(name):
            return lambda *args, **kwargs: np.zeros(3)
        """,
        "FFFFFF",
        says="does not define",
    ),
    probe(
        19,
        "stays alive for the next student",
        """
        def stay():
            pid = os.fork()
            if pid == 0:
                import time
                time.sleep(2)
                os._exit(0)
            return pid
        attempt("child", stay)
        """,
    ),
    wired(
        20,
        "pickle in an answer",
        """
        import pickle

        class Evil:
            def __reduce__(self):
                return open, ("@DIR@/pickled", "w")

        DATA = pickle.dumps(Evil())

        def double(x):
            return DATA

        def relu(x):
            return Evil()

        def total(x):
            say(frame(["reply", msgspec.msgpack.Ext(1, DATA)]))
            return 0.0

        def apply(f, x):
            say(frame(["reply", ["object", DATA]]))
            return 0.0
        """,
        "FF" + "[.FR]" * 4,
    ),
)
