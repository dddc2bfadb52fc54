"""Rows 66 to 71 of the table: values, and what poses as one."""

from __future__ import annotations

from attacks_table import SHIFTED, attack, wired

# The worker's own reply follows the one that was slipped in. Until that is noticed each answer stands for the next
# question, which costs the sender more or less, and nobody else.
SLIPPED_IN = "[.FR][.FR][.FR][.FR][FR][.FR]"
# What is wrong with the answer to `double` must not touch the exercises after it, where it is found out at once.
ALONE = "[FR]....."

VALUES = (
    attack(
        66,
        "unusual layouts of right values",
        """
        def double(x):
            return (2 * x).astype(">f8")

        def relu(x):
            return np.flip(np.flip(np.maximum(x, 0.0)).copy())

        def halves(x):
            yield np.asfortranarray(x[:3])
            yield np.repeat(x[3:], 2)[::2]
        """,
        "......",
    ),
    attack(
        66,
        "a stride of zero",
        "def double(x):\n    return np.broadcast_to(2 * x[:1], x.shape)",
        "F.....",
    ),
    attack(
        67,
        "relatives of arrays and dicts",
        """
        class Endless(dict):
            def items(self):
                while True:
                    yield 1, 2

            __iter__ = keys = values = items

        def double(x):
            return np.ma.masked_array(2 * x, mask=False)

        def relu(x):
            return np.matrix(np.atleast_2d(np.maximum(x, 0.0)))

        def total(x):
            return Endless()

        def apply(f, x):
            return lambda: 0.0

        class Tally:
            def __new__(cls):
                return Tally

        def halves(x):
            while True:
                yield x
        """,
        "FF[FS]F[FR]F",
    ),
    attack(
        68,
        "numbers and texts that hardly cross",
        """
        def double(x):
            return 10**400

        def relu(x):
            return "\\ud800\\udfff" * 10

        def total(x):
            return 10**5000

        def apply(f, x):
            return {(1, 2): {frozenset((3,)): None}, float("nan"): b"bytes"}
        """,
        "FFFF..",
    ),
    wired(
        68,
        "random bytes",
        "def double(x):\n    say(np.random.default_rng(1).bytes(5000))\n    return 2 * x",
        ALONE,
        says="larger than the wire",
    ),
    wired(68, "an unknown tag", "def double(x):\n    say(reply(['object', 'os.system', 'true']))", SHIFTED),
    wired(
        68,
        "a kind that nobody knows",
        "def double(x):\n    say(frame(['passed', ['dict', [['value', True]]]]))",
        SHIFTED,
    ),
    wired(
        68,
        "a key that cannot be one",
        "def double(x):\n    say(reply(['dict', [[['list', []], 1]]]))",
        ALONE,
        says="cannot be a key",
    ),
    wired(68, "a pair that is none", "def double(x):\n    say(reply(['dict', [1, 2, 3]]))", ALONE, says="not a pair"),
    wired(
        68,
        "a callback to nothing",
        "def double(x):\n    say(frame(['callback', ['list', [0, ['list', []]]]]))\n    return 2 * x",
        SHIFTED,
        says="a callback to nothing",
    ),
    wired(
        68,
        "a callback to a function that was not given",
        "def apply(f, x):\n    say(frame(['callback', ['list', [-1, ['list', [1.0]]]]]))\n    return 0.0",
        "...[FR].[.R]",
    ),
    wired(
        68,
        "a reference to the grader's function",
        "def double(x):\n    say(reply(['callback', 0]))",
        ALONE,
        says="from the wrong side",
    ),
    wired(
        68,
        "a handle to nothing",
        "class Tally:\n    def __new__(cls):\n        say(reply(['remote', 10**9, 'Tally']))",
        SLIPPED_IN,
    ),
    wired(
        68,
        "a handle that is no number",
        "class Tally:\n    def __new__(cls):\n        say(reply(['remote', -1, 'x' * 100000]))",
        SLIPPED_IN,
    ),
    wired(
        68,
        "a generator with positions outside",
        """
        def double(x):
            state = np.random.MT19937(1).state
            state["state"]["pos"] = 10**6
            encoder = wire.Encoder(wire.refuse)
            value = ["generator", encoder.encode(state)]
            say(reply(value, b"".join(encoder._chunks)))
        """,
        ALONE,
        says="generator state",
    ),
    wired(
        68,
        "a failure of a megabyte",
        """
        def double(x):
            long = "y" * 900_000
            kind = [["kind", "raised"], ["type", long[:1000]], ["text", long], ["seconds", 0.0]]
            body = [*kind, ["frames", ["list", []]]]
            say(frame(["error", ["dict", body]]))
        """,
        "R" + "[.FR]" * 5,
    ),
    wired(
        68,
        "a frame of code of a megabyte",
        """
        def double(x):
            line = ["list", [["list", ["targets.py", 1, "double", "z" * 900_000, "w"]]]]
            body = [["kind", "raised"], ["type", "E"], ["text", ""], ["frames", line], ["seconds", 0.0]]
            say(frame(["error", ["dict", body]]))
        """,
        "R" + "[.FR]" * 5,
    ),
    wired(
        68,
        "warnings of a megabyte",
        """
        def double(x):
            notes = ["list", [f"{i} " + "v" * 190 for i in range(4_000)]]
            say(reply(["array", "<f8", [3, 4], 0], bytes(96), warnings=notes, changed=["list", ["x"] * 10000]))
        """,
        SHIFTED,
    ),
    attack(
        69,
        "not a number",
        """
        def double(x):
            return x * np.nan

        def relu(x):
            return x + np.inf

        def total(x):
            return float("nan")

        def apply(f, x):
            return f(x * np.nan)

        class Tally(Tally):
            def value(self):
                return float("inf")
        """,
        "FFFFF.",
    ),
    wired(
        70,
        "a number of a million digits",
        "def double(x):\n    say(reply(['int', '0x' + '7' * 900_000]))",
        ALONE,
        says="an unknown tag int",
    ),
    wired(
        70, "a number with underscores and spaces", "def total(x):\n    say(reply(['int', ' 0x_1 ' * 2]))", "..[FR]..."
    ),
    attack(
        71,
        "an npy file as an answer",
        """
        import io

        def double(x):
            file = io.BytesIO()
            np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
            return file.getvalue()

        def relu(x):
            return memoryview(bytearray(100))

        def total(x):
            return bytearray(10)
        """,
        "FFF...",
        says="a bytes",
    ),
)
