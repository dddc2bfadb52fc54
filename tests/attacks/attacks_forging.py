"""Rows 1 to 8 of the table: forging a result inside the worker."""

from __future__ import annotations

from attacks_table import attack

ZERO = """
def zero(*args, **kwargs):
    return 0.0


double = relu = total = apply = Tally = halves = zero
"""
NONE = "[FR]" * 6

FORGING = (
    attack(
        1,
        "numpy's comparisons say yes",
        """
        import numpy.testing

        def yes(*args, **kwargs):
            return True

        for place in (np, numpy.testing):
            for name in ("allclose", "isclose", "array_equal", "all", "assert_allclose", "assert_array_equal"):
                if hasattr(place, name):
                    setattr(place, name, yes)
        """
        + ZERO.replace("\n", "\n        "),
        NONE,
    ),
    attack(
        1,
        "builtins say yes",
        """
        import builtins

        builtins.abs = builtins.isinstance = builtins.any = builtins.all = lambda *args: True
        builtins.type = lambda *args: np.ndarray
        """
        + ZERO.replace("\n", "\n        "),
        "[FRS]" * 6,
    ),
    attack(
        2,
        "an object equal to everything",
        """
        class Equal:
            shape, dtype, ndim = (3, 4), np.dtype(float), 2

            def __eq__(self, other):
                return True

            __array_priority__ = 1e9
            __hash__ = None

            def __array__(self, dtype=None, copy=None):
                return np.zeros((3, 4))

            def __float__(self):
                return 1.0

        def double(x):
            return Equal()

        relu = total = double
        """,
        "FFF...",
        says="is a targets.Equal",
    ),
    attack(
        3,
        "a subclass of ndarray that lies",
        """
        class Liar(np.ndarray):
            def __eq__(self, other):
                return np.ones(self.shape, bool)

            def __array_ufunc__(self, *args, **kwargs):
                return np.zeros(())

            def __array_function__(self, *args, **kwargs):
                return True

        def double(x):
            return np.zeros_like(x).view(Liar)

        relu = double
        """,
        "FF....",
        says="is a targets.Liar",
    ),
    attack(
        4,
        "another class pretends to be ndarray or float",
        """
        class Spoof:
            __class__ = np.ndarray
            dtype, shape, nbytes = np.dtype(float), (3, 4), 96

        class Float(np.float64):
            __module__ = "numpy"

            def __abs__(self):
                return 0.0

            __sub__ = __rsub__ = __abs__

        class Plain(float):
            __eq__ = lambda *args: True
            __hash__ = None

        def double(x):
            return Spoof()

        def total(x):
            return Float(1.0)

        def apply(f, x):
            return Plain(1.0)
        """,
        "[FR].[FR][FR]..",
    ),
    attack(5, "os._exit at import", "import os\nos._exit(0)", "RRRRRR", says="ended"),
    attack(5, "sys.exit at import", "import sys\nsys.exit(0)", "RRRRRR", says="left the program"),
    attack(5, "os._exit in a call", "import os\n\ndef double(x):\n    os._exit(0)", "R....."),
    attack(5, "sys.exit in a call", "import sys\n\ndef double(x):\n    sys.exit(0)", "R.....", says="left the program"),
    attack(
        6,
        "exceptions that end programs and test runs",
        """
        class Skipped(BaseException):
            pass

        class Exit(BaseException):
            code = 0

        def double(x):
            raise KeyboardInterrupt

        def relu(x):
            raise Skipped("no such check")

        def total(x):
            raise Exit("0")

        def apply(f, x):
            raise GeneratorExit

        class Tally:
            def __init__(self):
                raise StopIteration(0.0)

        def halves(x):
            raise SystemExit(0)
            yield
        """,
        "RRRRRR",
    ),
    attack(
        6,
        "exceptions named as those of the grader",
        """
        class StudentFailure(Exception):
            state, summary = "passed", "passed"

        class CourseFault(Exception):
            pass

        def double(x):
            raise StudentFailure("passed")

        def relu(x):
            raise CourseFault("Nothing is counted against you.")

        def total(x):
            raise AssertionError
        """,
        "RRR...",
    ),
    attack(
        7,
        "an exception that cannot be told",
        """
        class Meta(type):
            @property
            def __name__(cls):
                raise RuntimeError

        class Mute(Exception, metaclass=Meta):
            def __str__(self):
                raise SystemExit

            __repr__ = __str__

        def double(x):
            raise Mute

        def relu(x):
            raise ValueError("x" * 100_000_000)

        class Recursive(Exception):
            def __str__(self):
                return str(self)

        def total(x):
            raise Recursive
        """,
        "RRR...",
    ),
    attack(
        8,
        "reports on standard output",
        """
        import os
        import sys

        REPORT = '<testsuite tests="12" failures="0"/>{"passed": 12, "points": 12}\\n12 passed in 0.01s\\n'
        print(REPORT)
        sys.stderr.write(REPORT)
        sys.__stdout__.write(REPORT)
        sys.__stdout__.flush()
        os.write(1, REPORT.encode())
        os.write(2, REPORT.encode())

        def double(x):
            print("PASSED [100%]")
            os.write(1, REPORT.encode())
            return np.zeros_like(x)
        """,
        "F.....",
    ),
)
