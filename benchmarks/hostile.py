"""Submissions that do harm, each in every function that is graded or as soon as it is loaded."""
# ruff: noqa: INP001 - of scripts, not of a package

_CLASSES = "().__class__.__base__.__subclasses__()"
_OS = f'[one for one in {_CLASSES} if one.__name__ == "_wrap_close"][0].__init__.__globals__'

# A name, and the body of a function.
DEEDS = {
    "loop": "while True:\n        pass",
    "memory bomb": "held = []\n    while True:\n        held.append(np.ones(1 << 22))",
    "fork bomb": f"fork = {_OS}['fork']\n    while True:\n        fork()",
    "output bomb": "while True:\n        print('x' * 100_000)",
    "recursion": "f = lambda n: f(n + 1)\n    return f(0)",
    "large answer": "return np.zeros(1 << 28)",
}


def hostile(exercises: tuple[str, ...]) -> dict[str, str]:
    """Return the source of each."""
    texts = {"loop at import": "while True:\n    pass\n"}
    for name, body in DEEDS.items():
        functions = [f"def {exercise}(*args, **kwargs):\n    {body}\n" for exercise in exercises]
        texts[name] = "import numpy as np\n\n\n" + "\n\n".join(functions)
    return texts
