"""Rows 23 to 27, 38, 40 and 42 of the table: exhausting the grader's patience."""

from __future__ import annotations

from attacks_table import attack, wired

PATIENCE = (
    attack(
        23, "an endless loop in a call", "def double(x):\n    while True:\n        x = x + 1", "S.....", says="limit"
    ),
    attack(23, "an endless loop at import", "while True:\n    pass", "SSSSSS"),
    attack(24, "an endless loop in C", "def double(x):\n    return 7 ** (10**9)", "S.....", says="stopped"),
    attack(
        24,
        "a regular expression without end",
        "import re\n\ndef double(x):\n    return re.match('(a+)+$', 'a' * 60 + 'b')",
        "S.....",
        says="stopped",
    ),
    attack(25, "sleeps", "import time\n\ndef double(x):\n    time.sleep(1000)", "S.....", says="stopped"),
    attack(
        25,
        "takes half a second more than it may",
        "import time\n\ndef double(x):\n    time.sleep(1.5)\n    return 2 * x",
        "S.....",
        points=10,
        says="stopped",
    ),
    attack(
        25,
        "stops itself",
        "import signal\n\ndef double(x):\n    signal.raise_signal(signal.SIGSTOP)\n    return 0 * x",
        "[FRS].....",
        plain="S.....",
    ),
    attack(
        26,
        "ignores every signal, and spins",
        """
        import signal

        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass

        def double(x):
            while True:
                pass
        """,
        "S.....",
        says="stopped",
    ),
    attack(
        26,
        "answers signals with a handler that spins",
        """
        import faulthandler
        import signal

        def spin(*args):
            while True:
                pass

        faulthandler.cancel_dump_traceback_later()
        for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGXCPU, signal.SIGALRM):
            signal.signal(number, spin)

        def double(x):
            while True:
                pass
        """.replace("        import faulthandler\n", "").replace(
            "        faulthandler.cancel_dump_traceback_later()\n", ""
        ),
        "S.....",
        says="stopped",
    ),
    attack(
        27,
        "a storm of timers",
        """
        import signal

        signal.signal(signal.SIGALRM, lambda *args: None)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        """,
        "[.S][.S][.S][.S][.S][.S]",
    ),
    wired(
        38,
        "dribbles its answer",
        """
        import time

        def double(x):
            for byte in reply(0.0) * 100:
                say(bytes([byte]))
                time.sleep(0.1)
        """,
        "S.....",
    ),
    wired(
        38,
        "announces a large array, and sends it a byte at a time",
        """
        import time

        def double(x):
            tree = ["dict", [["value", ["array", "<f8", [1000], 0]], ["seconds", 0.0]]]
            say(frame(["reply", tree], bytes(8000))[:-8000])
            while True:
                say(b"x")
                time.sleep(0.05)
        """,
        "S.....",
    ),
    wired(
        38,
        "calls back without end",
        """
        def apply(f, x):
            while True:
                f(x)
        """,
        "...S..",
    ),
    wired(
        38,
        "calls back without reading",
        """
        call = frame(["callback", ["list", [0, ["list", [["array", "<f8", [100_000], 0]]]]]], bytes(800_000))

        def apply(f, x):
            while True:
                say(call)
        """,
        "...[RS]..",
    ),
    wired(
        38,
        "closes the wire and spins",
        """
        def double(x):
            for number in list(ends()):
                os.close(number)
            while True:
                pass
        """,
        "[RS].....",
    ),
    attack(
        40,
        "takes almost all its time in each call",
        """
        import time

        def double(x):
            time.sleep(0.6)
            return 2 * x

        class Tally(Tally):
            def add(self, number):
                time.sleep(0.7)
                super().add(number)
        """,
        "S.....",
        says="for the whole submission",
    ),
    attack(
        42,
        "a source that is costly to read, stopped",
        "x = [" + "1," * 110_000 + "]\nwhile True:\n    pass",
        "SSSSSS",
        says="in the loop",
    ),
    attack(42, "a source without end of minus signs", "x = " + "-" * 200_000 + "1", "RRRRRR", plain=None),
    attack(
        42,
        "a source of many branches",
        "y = 1\nif y == 0:\n    pass\n" + "".join(f"elif y == {n}:\n    y = 2\n" for n in range(8_000)),
        "[.RS]" * 6,
        plain=None,
    ),
)
