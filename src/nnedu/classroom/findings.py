"""What a class has in common: what it misunderstood, where the course was wrong, and whose work is alike."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from nnedu.classroom.archive import open_archive
from nnedu.classroom.similarity import similar
from nnedu.outcome import Kind, State
from nnedu.publishing.stubs import lesson_stubs
from nnedu.reporting.feedback import may_show
from nnedu.reporting.pages.records import Alike, Fault, Line, Misunderstood, Pair, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nnedu.classroom import similarity
    from nnedu.classroom.ledger import Ledger
    from nnedu.outcome import ExerciseOutcome, LessonOutcome

EXAMPLES = 25  # the most frequent are shown with an example
GROUPS, PAIRS, LINES, BEFORE = 12, 3, 150, 5  # what is shown side by side: a page has to stay one that can be sent
WHOLE = "the whole submission"
NOT_GRADED = "could not be graded"
_WRONG = {State.FAILED, State.RAISED, State.STOPPED}


class _Finding(NamedTuple):
    """What one student got wrong in one exercise; students with the same are counted together."""

    exercise: str
    mistake: str
    check: str
    sentence: str


def misunderstood(ledger: Ledger) -> tuple[Misunderstood, ...]:
    """Return what students got wrong, the most frequent first, each with what one of them read."""
    groups: defaultdict[_Finding, list[str]] = defaultdict(list)
    for login, one in ledger.counting.items():
        for exercise in one.outcome.exercises:
            found = _finding(exercise)
            if found is not None:
                groups[found].append(login)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return tuple(
        Misunderstood(
            found.exercise,
            found.sentence,
            bool(found.mistake),
            tuple(ledger.names[login] for login in logins),
            *(_example(ledger, found, logins) if number < EXAMPLES else ("", "")),
        )
        for number, (found, logins) in enumerate(ordered)
    )


def _finding(exercise: ExerciseOutcome) -> _Finding | None:
    """Return the mistake by its name, or else the first check that fails for a reason of its own."""
    if exercise.diagnosis is not None:
        return _Finding(exercise.id, exercise.diagnosis.mistake, "", exercise.diagnosis.sentence)
    if exercise.broken_at:
        return _Finding(exercise.module + ".py", "", "", "the file cannot be loaded")
    check = next((check for check in exercise.checks if check.state in _WRONG), None)
    if exercise.state not in _WRONG or check is None:
        return None
    how = {State.RAISED: "raises an error where it", State.STOPPED: "does not end where it"}.get(
        check.state, "not yet:"
    )
    return _Finding(exercise.id, "", check.id, f"{how} {check.sentence}")


def _example(ledger: Ledger, found: _Finding, logins: Sequence[str]) -> tuple[str, str]:
    """Return the sentence and the message of a public check that one of the students met."""
    for login in logins[:3]:
        outcome = ledger.desk.book.outcome(ledger.counting[login].attempt.id)
        for exercise in outcome.exercises if outcome else ():
            if found.exercise in {exercise.id, f"{exercise.module}.py"}:
                check = next((check for check in exercise.checks if check.state in _WRONG and may_show(check)), None)
                if check is not None:
                    return check.sentence, check.message
    return "", ""


def faults(ledger: Ledger) -> tuple[Fault, ...]:
    """Return the checks in which the course was wrong, with the students who met each."""
    groups: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for login, one in ledger.counting.items():
        for key in _faults(one.outcome):
            groups[key].append(login)
    return tuple(
        Fault(
            exercise,
            sentence,
            _fault_message(ledger, exercise, check, logins[0]),
            tuple(ledger.names[login] for login in logins),
        )
        for (exercise, check, sentence), logins in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    )


def _faults(outcome: LessonOutcome) -> Iterator[tuple[str, str, str]]:
    """Yield the faulty checks of an outcome; where no code could be graded at all, one for all of it."""
    code = [one for one in outcome.exercises if one.kind is Kind.CODE]
    whole = len(code) > 1 and all(one.state is State.FAULT for one in code)
    if whole:
        yield WHOLE, "", NOT_GRADED
    for exercise in outcome.exercises:
        if not (whole and exercise.kind is Kind.CODE):
            yield from ((exercise.id, one.id, one.sentence) for one in exercise.checks if one.state is State.FAULT)


def _fault_message(ledger: Ledger, exercise: str, check: str, login: str) -> str:
    """Return what the engine said of a fault, as one student met it."""
    outcome = ledger.desk.book.outcome(ledger.counting[login].attempt.id)
    said = [
        one.message
        for found in (outcome.exercises if outcome else ())
        for one in found.checks
        if one.state is State.FAULT and (exercise == WHOLE or (found.id, one.id) == (exercise, check))
    ]
    return said[0] if said else ""


def alike(ledger: Ledger) -> tuple[tuple[Alike, ...], str]:
    """Return the students whose work is alike, and a sentence on what is not shown of them."""
    stubs = lesson_stubs(ledger.lesson)
    texts = _texts(ledger)
    clusters = similar(texts, stubs)
    shown = tuple(
        Alike(
            tuple(ledger.names[login] for login in cluster.students),
            max(pair.share for pair in cluster.pairs),
            tuple(_pair(ledger, texts, pair) for pair in cluster.pairs[:PAIRS]),
        )
        for cluster in clusters[:GROUPS]
    )
    left = len(clusters) - len(shown)
    return shown, f"{left} more groups, less alike than these, are not shown." if left else ""


def _texts(ledger: Ledger) -> dict[str, Mapping[str, str]]:
    """Return the modules of each student, of the attempt that counts."""
    lesson, book = ledger.lesson, ledger.desk.book
    found: dict[str, Mapping[str, str]] = {}
    for login, one in ledger.counting.items():
        if not one.attempt.problem:
            found[login] = open_archive(book.archive(one.attempt.digest), lesson.id, lesson.modules).work.sources
    return found


def _pair(ledger: Ledger, texts: Mapping[str, Mapping[str, str]], pair: similarity.Pair) -> Pair:
    modules = dict.fromkeys(match.module for match in pair.matches)
    passages = []
    for module in modules:
        matches = [match for match in pair.matches if match.module == module]
        left = _lines(texts[pair.first].get(module, ""), [match.first for match in matches])
        right = _lines(texts[pair.second].get(module, ""), [match.second for match in matches])
        passages.append(Passage(module, left, right))
    return Pair(ledger.names[pair.first], ledger.names[pair.second], pair.share, tuple(passages))


def _lines(text: str, passages: Sequence[tuple[int, int]]) -> tuple[Line, ...]:
    """Return the lines of a module from shortly before the first shared one, those marked that are shared."""
    lines = text.splitlines()
    start = max(0, min(first for first, _ in passages) - 1 - BEFORE) if len(lines) > LINES else 0
    return tuple(
        Line(number, line, any(first <= number <= last for first, last in passages))
        for number, line in enumerate(lines[start : start + LINES], start + 1)
    )
