"""What is wrong with what came of an attack: nothing, if it was held off."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from attacks_surroundings import SECRET
from attacks_table import ALL

if TYPE_CHECKING:
    from attacks_grader import Result
    from attacks_table import Attack

WORTH = 2
LONGEST = 30_000  # characters of one message, or of the notes of an exercise
# What an attack would fail with if it were written wrongly: no proof that it was held off.
SLIPS = ("NameError", "AttributeError", "SyntaxError", "IndentationError", "there is no wire", "does not use")


def complaints(attack: Attack, result: Result, *, confined: bool) -> list[str]:
    """Return a sentence for everything that is not as it has to be."""
    found = _of_points(attack, result, attack.outcome if confined else attack.plain or "")
    found += [f"{slip}: the attack is written wrongly" for slip in SLIPS if slip in _unexpected(attack, result)]
    if result.honest != ALL:
        found.append(f"an honest submission after it is {result.honest}")
    if result.longest > LONGEST:
        found.append(f"a text of {result.longest} characters")
    if not all(character.isprintable() or character == "\n" for character in result.feedback):
        found.append("feedback with control characters")
    if confined:
        found += result.traces
        found += [
            f"a report tells {secret!r}" for secret in (SECRET, "the reference was read") if secret in result.texts
        ]
        if attack.says not in result.texts:
            found.append(f"no report says {attack.says!r}: {result.summaries}")
    return found


def _of_points(attack: Attack, result: Result, wanted: str) -> list[str]:
    found = []
    if not fnmatchcase(result.outcome, wanted):
        found.append(f"{result.outcome} is not {wanted}: {result.summaries}")
    wrong = sum(letter != "." for letter in result.outcome)
    if result.points > WORTH * len(ALL) - wrong:  # a check of an exercise may be right by itself
        found.append(f"{result.points} points")
    if attack.points not in {None, result.points}:
        found.append(f"{result.points} points instead of {attack.points}")
    return found


def _unexpected(attack: Attack, result: Result) -> str:
    return result.texts.replace(attack.says, "") if attack.says else result.texts
