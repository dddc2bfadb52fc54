"""docs/coverage.md: the page that shows which exercise takes up what of the seed texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nnedu.authoring.coverage import Built, Defect, Seeds

PAGE = "docs/coverage.md"
_HEAD = """# What the course covers

Made by `nnedu course coverage --write` from [seeds.toml](seeds.toml): do not edit. A test holds both against the
graders.

The course grew from four texts about neural networks. Each thing that they teach, build or claim is a *system*, and is
taken up by at least one exercise; each of their errors is a *defect*, and is put to use: as a mistake that a grader
knows by name, as a check that it fails, or as a question. *Later* marks lessons that are still to come.
"""


def page(seeds: Seeds, there: Built) -> str:
    """Return the whole page."""
    now = [one.id for one in seeds.system if any(number in there for number, _ in seeds.covering(one.id))]
    counts = _table(
        ("", "all", "in the lessons there are", "later"),
        [
            ("systems", len(seeds.system), len(now), len(seeds.system) - len(now)),
            _defect_counts(seeds, there),
        ],
    )
    parts = [_HEAD, counts, "## Systems\n"]
    for text, title in seeds.texts.items():
        systems = [one for one in seeds.system if one.id.startswith(f"{text}-")]
        rows = [(one.id, one.section, one.what, _exercises(seeds.covering(one.id), there)) for one in systems]
        parts += [f"### Text {text}: {title}\n", _table(("id", "section", "system", "exercises"), rows)]
    defects = [(one.id, one.where, one.what, _uses(one, seeds, there)) for one in seeds.defect]
    parts += ["## Defects\n", _table(("id", "where", "defect", "used by"), defects)]
    return "\n".join(parts)


def _defect_counts(seeds: Seeds, there: Built) -> tuple[object, ...]:
    used = [one for one in seeds.defect if one.used]
    now = [one for one in used if any(seeds.lesson_of(use.partition("/")[0]) in there for use in one.used)]
    unused = len(seeds.defect) - len(used)
    return (f"defects, {unused} of them of no use", len(seeds.defect), len(now), len(used) - len(now))


def _exercises(found: Sequence[tuple[int, str]], there: Built) -> str:
    """Return exercises by lesson: `step` (1), `quiz_lenet` (8, later)."""
    return ", ".join(f"`{name}` ({_lesson(number, there)})" for number, name in found)


def _uses(defect: Defect, seeds: Seeds, there: Built) -> str:
    named = [(seeds.lesson_of(use.partition("/")[0]), use) for use in defect.used]
    return _exercises(named, there) or f"nothing: {defect.because}"


def _lesson(number: int, there: Built) -> str:
    return f"{number}" if number in there else f"{number}, later"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)
