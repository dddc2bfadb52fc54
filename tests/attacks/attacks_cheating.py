"""Rows 73 to 80 of the table: cheating at the level of values."""

from __future__ import annotations

from attacks_table import attack

CHEATING = (
    attack(
        73,
        "a library that knows the answer",
        "import torch\n\ndef double(x):\n    return torch.tensor(x).mul(2).numpy()",
        "RRRRRR",
        says="imports torch, which this course does not use",
    ),
    attack(
        73,
        "the rule on imports, evaded",
        """
        import builtins

        def double(x):
            for name in ("sklearn", "scipy", "torch", "jax"):
                try:
                    builtins.__import__(name)
                except (ImportError, PermissionError):
                    continue
                raise KeyError(name)
            return 2 * x
        """,
        "......",
        plain="[.R].....",  # a plain worker has the whole environment; the rule is one of words there
    ),
    attack(
        75,
        "answers of the public check, written down",
        """
        def relu(x):
            return np.array([0.0, 0.0, 2.0])
        """,
        ".F....",
        points=11,
    ),
    attack(
        76,
        "right on the first call only",
        """
        calls = []

        def once(function):
            def call(x):
                calls.append(function.__name__)
                return function(x) if calls.count(function.__name__) == 1 else function(x) + 1e-3
            return call

        double, total = once(double), once(total)
        """,
        "F.F...",
        points=10,
    ),
    attack(
        76,
        "remembers its first answer",
        """
        import functools

        class Any:
            __hash__ = lambda self: 1
            __eq__ = lambda self, other: True

        known = []

        def total(x):
            known.append(float(np.sum(x)))
            return known[0]
        """,
        "..F...",
        points=11,
    ),
    attack(
        76,
        "another answer each time",
        "def total(x):\n    return float(np.sum(x)) + np.random.default_rng().normal() * 1e-6",
        "..F...",
    ),
    attack(77, "writes into its input", "def double(x):\n    x *= 2\n    return x", "F.....", points=11, says="x"),
    attack(
        78,
        "looks for a grader",
        """
        import os
        import sys

        def double(x):
            secret = {name: value for name, value in os.environ.items() if "SECRET" in name or "NNEDU" in name}
            frame = sys._getframe()
            while frame is not None:
                names = {*frame.f_locals, *frame.f_code.co_names}
                if names & {"expected", "reference", "points", "check"}:
                    raise KeyError(f"{frame.f_code.co_filename}: {sorted(names)}")
                frame = frame.f_back
            if secret or "pytest" in sys.modules or any("grade" in argument for argument in sys.argv):
                raise KeyError(f"{secret} {sys.argv}")
            return 2 * x
        """,
        "......",
    ),
    *(
        attack(79, f"{title} for a value", f"def double(x):\n    return {value}\n\nrelu = double", "FF....")
        for title, value in (
            ("an empty array", "np.zeros(0)"),
            ("an empty array of the right rank", "np.zeros((0, 3))"),
            ("a number", "0.0"),
            ("one row", "np.ones((1, 4))"),
            ("another axis", "np.ones((4, 1))"),
            ("a yes", "True"),
            ("all yes", "np.ones(x.shape, bool)"),
            ("not a number", "np.full(x.shape, np.nan)"),
            ("a complex number", "(2 * x).astype(complex)"),
            ("half the precision", "(2 * x).astype(np.float32)"),
            ("nothing", "None"),
            ("a list", "(2 * x).tolist()"),
            ("the input", "x"),
        )
    ),
    *(
        attack(
            79,
            f"{title} for a number",
            f"def total(x):\n    return {value}\n\ndef apply(f, x):\n    return {value}",
            "..FF..",
        )
        for title, value in (
            ("an empty array", "np.zeros(0)"),
            ("a yes", "np.bool_(True)"),
            ("not a number", "float('nan')"),
            ("an array of one", "np.array([np.sum(x)])"),
            ("a text", "str(float(np.sum(x)))"),
            ("a complex number", "complex(np.sum(x))"),
            ("a time", "np.timedelta64(1)"),
            ("a tuple", "(float(np.sum(x)),)"),
        )
    ),
)
