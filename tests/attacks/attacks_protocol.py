"""Rows 59 to 65 of the table: frames that no honest worker sends."""

from __future__ import annotations

from attacks_table import SHIFTED, attack, wired

# What is wrong with the answer to `double` must not touch the exercises after it, where it is found out at once.
ALONE = "[FR]....."

PROTOCOL = (
    attack(
        59,
        "nested without end",
        """
        def double(x):
            deep = []
            for _ in range(100_000):
                deep = [deep]
            return deep

        def relu(x):
            own = []
            own.append(own)
            return own

        def total(x):
            own = {}
            own["own"] = own
            return own
        """,
        "FFF...",
        says="nested deeper",
    ),
    wired(
        59,
        "a frame nested deep",
        "def double(x):\n    say(frame(None, header=b'\\x92\\xa5reply' + b'\\x91' * 900_000 + b'\\xc0'))",
        ALONE,
        says="that is not msgpack",
    ),
    wired(
        60,
        "a header of four gigabytes",
        "def double(x):\n    say(struct.pack('<IQ', 2**32 - 1, 0))\n    return 2 * x",
        ALONE,
        says="larger than the wire",
    ),
    wired(
        60,
        "a blob of 2^63 bytes",
        "def double(x):\n    say(struct.pack('<IQ', 8, 2**63))\n    return 2 * x",
        ALONE,
        says="larger than the wire",
    ),
    wired(
        60,
        "a blob of 63 megabytes, never sent",
        "def double(x):\n    say(struct.pack('<IQ', 8, 63 << 20) + bytes(8))\n    while True:\n        pass",
        "S.....",
    ),
    wired(
        61,
        "a megabyte of nested arrays",
        "def double(x):\n    say(frame(None, header=b'\\x91' * 1_000_000 + b'\\xc0'))",
        ALONE,
        says="that is not msgpack",
    ),
    wired(
        62,
        "a megabyte of empty maps",
        "def double(x):\n    say(frame(None, header=b'\\xdd\\x00\\x0f\\x00\\x00' + b'\\x80' * 0xf0000))",
        ALONE,
        says="that is no message",
    ),
    wired(
        62,
        "a megabyte of empty lists",
        """
        def double(x):
            many = b"\\x92\\xa5reply\\x92\\xa4list\\xdd\\x00\\x01\\x80\\x00" + b"\\x92\\xa4list\\x90" * 0x18000
            say(frame(None, header=many))
        """,
        SHIFTED,
        says="out of turn",
    ),
    wired(
        62,
        "a dict whose keys all collide",
        """
        def double(x):
            keys = [["int", hex(k * (2**61 - 1))] for k in range(20_000)]  # their hash is 0
            say(reply(["dict", [[key, None] for key in keys]]))
        """,
        ALONE,
        says="keys that are not strings",
    ),
    wired(
        63,
        "a list that claims four billion items",
        "def double(x):\n    say(frame(None, header=b'\\x92\\xa5reply\\xdd\\xff\\xff\\xff\\xff\\x01'))",
        ALONE,
        says="that is not msgpack",
    ),
    *(
        wired(
            64,
            f"an array of dtype number {number}, {code}",
            f"def double(x):\n    say(reply(['array', {code!r}, [1], 0], bytes(16)))",
            ALONE,
            says="of a kind that does not cross",
        )
        for number, code in enumerate(
            ("|O", "O", "|V16", "<M8[s]", "<f16", "f8,f8", "<U4", "<f8,(1000000,1000000)f8", "object")
        )
    ),
    *(
        wired(
            65,
            f"an array of shape number {number}, {shape} at {offset}",
            f"def double(x):\n    say(reply(['array', '<f8', {shape}, {offset}], bytes(96)))",
            ALONE,
        )
        for number, (shape, offset) in enumerate(
            (
                ("[3, 4]", 8),
                ("[3, 4]", -8),
                ("[3, 4]", 2**63 - 1),
                ("[-1]", 0),
                ("[10**18]", 0),
                ("[2**32, 2**32]", 0),
                ("[0, 10**15]", 0),
                ("[1] * 64", 0),
                ("[3.0, 4.0]", 0),
                ("[True, True]", 0),
                ("None", 0),
            )
        )
    ),
    wired(
        65,
        "four hundred arrays in the bytes of one",
        """
        def double(x):
            say(reply(["list", [["array", "|u1", [1_000_000], 0]] * 400], bytes(1_000_000)))
        """,
        ALONE,
        says="outside its place",
    ),
)
