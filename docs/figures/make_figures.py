"""Draw the figures of the lessons: python docs/figures/make_figures.py [LESSON]...

Each lesson that has any has a module here; each public function of it returns one figure, which becomes
exercises/LESSON/figures/FUNCTION.svg. What is drawn comes from the course's solutions.
"""

import argparse
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MAX_BYTES = 60_000


def figures(lesson: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the SVG of each figure of a lesson."""
    from drawing import svg  # noqa: PLC0415 - needs matplotlib

    module = import_module(lesson)
    for name, draw in inspect.getmembers(module, inspect.isfunction):
        if draw.__module__ == lesson and not name.startswith("_"):
            yield name, svg(draw())


def write(lesson: str) -> None:
    """Write the figures of a lesson, and take away those that are not drawn any more."""
    folder = ROOT / "exercises" / lesson / "figures"
    folder.mkdir(exist_ok=True)
    drawn = set()
    for name, text in figures(lesson):
        path = folder / f"{name}.svg"
        size = len(text.encode())
        if size > MAX_BYTES:
            sys.exit(f"{path.relative_to(ROOT)} would have {size} bytes; {MAX_BYTES} is the most.")
        path.write_text(text, "utf-8", newline="\n")
        drawn.add(path)
        print(f"{size / 1000:6.1f} kB  {path.relative_to(ROOT)}")  # noqa: T201 - a script
    for path in set(folder.glob("*.svg")) - drawn:
        path.unlink()


def main() -> None:
    """Write the figures of the lessons that are named, or of all."""
    lessons = sorted(path.stem for path in HERE.glob("lesson*.py"))
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lesson", nargs="*", choices=[*lessons, []], help="such as lesson03_activations; else all")
    wanted = parser.parse_args().lesson
    if find_spec("matplotlib") is None:
        sys.exit("Figures need matplotlib, which is not installed. Type: .venv/bin/python -m pip install matplotlib")
    for lesson in wanted or lessons:
        write(lesson)


if __name__ == "__main__":
    main()
