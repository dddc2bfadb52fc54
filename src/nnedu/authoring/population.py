"""A simulated class of which everything is known: who can do what, who is late, who copied, what cannot be read.

A student has an ability, and the chance of doing an exercise right is a logistic function of the difference to where
the exercise lies (item-response theory). Who has it wrong makes one of its known mistakes, or has not begun it.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np

from nnedu.authoring.disguise import disguised
from nnedu.authoring.handwriting import Hand
from nnedu.authoring.items import Items
from nnedu.course.answers import STUDENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nnedu.authoring.material import Material
    from nnedu.course.quiz import Quiz

_T = TypeVar("_T")
MISSING, LATE, AGAIN = 0.05, 0.1, 0.35
LEARNED = 0.7  # what ability gains from an attempt to the next
COPIED_AMONG = 40  # students for each copy that is planted
RIGHT, WRONG, BLANK, STANDS = "right", "wrong", "not begun", "stands on what is wrong"
HOSTILE = '=1+2 <b onclick="x">Ünal</b>'  # a name that pages and tables must take for a name
_FIRST = (
    *("Ada", "Aisha", "Ben", "Björn", "Carmen", "Chloe", "Dev", "Dmitri", "Elif", "Emre", "Farid", "Fay", "Goran"),
    *("Greta", "Hana", "Hugo", "Inés", "Ivo", "Jakob", "June", "Keiko", "Kofi", "Lena", "Liam", "Maya", "Mika", "Noah"),
    *("Nora", "Omar", "Priya", "Quentin", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wen", "Xenia", "Yusuf", "Zoë"),
)
_LAST = (
    *("Abe", "Andersson", "Bauer", "Becker", "Chen", "Costa", "Diaz", "Dubois", "Evans", "Fischer", "García", "Hoang"),
    *("Ivanova", "Jensen", "Kim", "Lopez", "Müller", "Nguyen", "O’Neill", "Patel", "Quist", "Rossi", "Sato", "Tanaka"),
    *("Ueda", "Vogel", "Wagner", "Xu", "Yilmaz", "Zhang"),
)


class Done(msgspec.Struct, frozen=True):
    """How somebody did an exercise: in one of four words, and which way or mistake it is."""

    how: str
    way: str = ""


class AttemptTruth(msgspec.Struct, frozen=True):
    """One submission: when, how each exercise was done, and which questions were answered right."""

    at: datetime
    exercises: dict[str, Done]
    questions: dict[str, bool] = {}
    readable: bool = True


class StudentTruth(msgspec.Struct, frozen=True):
    """One student, and what they handed in, the oldest first."""

    login: str
    name: str
    number: str
    section: str
    ability: float
    listed: bool
    late: bool
    attempts: tuple[AttemptTruth, ...]


class CopyTruth(msgspec.Struct, frozen=True):
    """A planted copy: all modules or one, disguised or as it was."""

    source: str
    copier: str
    modules: tuple[str, ...]
    disguised: bool


class Truth(msgspec.Struct, frozen=True):
    """All that is known of a class: what its reports are held against.

    `difficulty` is the share of the points of an exercise that such a class loses, `location` where it lies on the
    scale of abilities. `broken_check` is the check that was broken in the course, as EXERCISE/CHECK, and `met_it` who
    has a mistake that meets it.
    """

    seed: int
    lesson: str
    due: datetime
    difficulty: dict[str, float]
    location: dict[str, float]
    students: tuple[StudentTruth, ...]
    copies: tuple[CopyTruth, ...]
    broken_check: str = ""
    met_it: tuple[str, ...] = ()

    @property
    def missing(self) -> set[str]:
        """Who is on the roster and handed in nothing."""
        return {one.login for one in self.students if one.listed and not one.attempts}

    @property
    def late(self) -> set[str]:
        """Whose last attempt is late."""
        return {one.login for one in self.students if one.late}

    @property
    def unlisted(self) -> set[str]:
        """Who handed in without being on the roster."""
        return {one.login for one in self.students if not one.listed}

    @property
    def unreadable(self) -> set[str]:
        """Who handed in a file that cannot be read."""
        return {one.login for one in self.students if not all(attempt.readable for attempt in one.attempts)}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The files of one submission: modules and answers. No modules: what came in cannot be read."""

    student: str
    at: datetime
    modules: Mapping[str, str]
    answers: str = ""


class Population:
    """A class, drawn from a seed. What its students hand in is written when it is asked for."""

    def __init__(self, number: int, seed: int, due: datetime, material: Material, quizzes: Sequence[Quiz] = ()) -> None:
        self._seed = seed
        self._material = material
        self._quizzes = quizzes
        self._rng = np.random.default_rng(seed)
        self._names = self._rng.permutation(len(_FIRST) * len(_LAST))
        self._items = Items(material, [quiz.id for quiz in quizzes], self._rng)
        students = {one.login: one for one in (self._student(index, number, due) for index in range(number))}
        copies = tuple(self._copies(students))
        for one in copies:
            students[one.copier] = self._having_copied(students[one.copier], students[one.source], one.modules)
        difficulty, location = self._items.difficulty, self._items.location
        self.truth = Truth(seed, material.lesson, due, difficulty, location, tuple(students.values()), copies)

    def handed_in(self, student: StudentTruth, attempt: AttemptTruth) -> HandedIn:
        """Return the files of one attempt."""
        if not attempt.readable:
            return HandedIn(student.login, attempt.at, {})
        modules = self._modules(student.login, attempt)
        copied = next((one for one in self.truth.copies if one.copier == student.login), None)
        if copied is not None and attempt is student.attempts[-1]:
            source = next(one for one in self.truth.students if one.login == copied.source)
            theirs = self._modules(source.login, source.attempts[-1])
            for module in copied.modules:
                changed = disguised(theirs[module], self._own(student.login, module)) if copied.disguised else ""
                modules[module] = changed or theirs[module]
        return HandedIn(student.login, attempt.at, modules, self._answers(student.login, attempt))

    def _student(self, index: int, number: int, due: datetime) -> StudentTruth:
        rng = self._rng
        family, given = divmod(int(self._names[index % len(self._names)]), len(_FIRST))
        first, last = _FIRST[given], _LAST[family]
        login = f"{_plain(first)[0]}{_plain(last)}{index:03}"
        ability = float(rng.normal())
        unlisted, unreadable = index == number - 1, index == number - 2
        special = unlisted or unreadable
        missing, late = bool(rng.random() < MISSING) and not special, bool(rng.random() < LATE) and not special
        return StudentTruth(
            login,
            HOSTILE if index == number - 3 else f"{first} {last}",
            f"{1000000 + 7919 * index}",
            "AB"[index % 2],
            ability,
            listed=not unlisted,
            late=late and not missing,
            attempts=() if missing else self._attempts(ability, due, late=late, readable=not unreadable),
        )

    def _attempts(self, ability: float, due: datetime, *, late: bool, readable: bool) -> tuple[AttemptTruth, ...]:
        """Draw the attempts of a student: what was right once stays right, and a mistake stays until it is mended."""
        rng = self._rng
        hours = float(rng.uniform(0.5, 40)) if late else -float(rng.uniform(0.2, 100))
        last = (due + timedelta(hours=hours)).replace(microsecond=0)
        times = 1 + int(rng.random() < AGAIN) + int(rng.random() < AGAIN / 3) if readable else 1
        luck = {name: float(rng.random()) for name in self._items.location}
        mistaken = self._items.mistakes(rng)
        favourite = {name: int(rng.integers(1 << 16)) for name in self._items.exercises}
        questions = {q.id: (quiz.id, float(rng.random())) for quiz in self._quizzes for q in quiz.questions}
        before = np.cumsum([0.0, *rng.uniform(2, 30, size=times - 1)]).tolist()  # hours before the last
        found = []
        for back in reversed(range(times)):
            able = ability - LEARNED * back
            right = {name for name, draw in luck.items() if draw < self._items.chance(name, able)}
            known = {question: u < self._items.chance(quiz, able) for question, (quiz, u) in questions.items()}
            at = last - timedelta(hours=before[back])
            done = self._done(right, mistaken, favourite)
            found.append(AttemptTruth(at.replace(microsecond=0), done, known, readable))
        return tuple(found)

    def _done(self, right: set[str], mistaken: Mapping[str, str], favourite: Mapping[str, int]) -> dict[str, Done]:
        """Say of each exercise how it is done; who builds on what is wrong has it wrong, too."""
        sound: set[str] = set()
        done: dict[str, Done] = {}
        for name in self._items.exercises:
            ways = self._material.right[name]
            standing = [way for way in ways if way.uses <= sound]
            if name in right:
                done[name] = Done(RIGHT if standing else STANDS, _one(standing or ways, favourite[name]).name)
                sound |= {name} if standing else set()
            else:
                done[name] = Done(WRONG, mistaken[name]) if mistaken[name] else Done(BLANK)
        return done

    def _copies(self, students: Mapping[str, StudentTruth]) -> list[CopyTruth]:
        """Choose who copies from whom: the more able are copied from, each at most once, one of them twice."""
        usable = [one for one in students.values() if one.attempts and one.listed and one.attempts[-1].readable]
        usable = [one for one in usable if sum(done.how != BLANK for done in one.attempts[-1].exercises.values()) > 1]
        ranked = sorted(usable, key=lambda one: -one.ability)
        number = max(2, len(students) // COPIED_AMONG) if len(students) >= 2 * COPIED_AMONG // 4 else 0
        half = len(ranked) // 2
        sources = self._rng.permutation(half)[:number].tolist()
        copiers = (half + self._rng.permutation(len(ranked) - half)[: number + 1]).tolist()
        if not sources:
            return []
        pairs = [*zip(sources, copiers, strict=False), (sources[0], copiers[-1])]
        modules = self._material.modules
        longest = max(modules, key=self._material.weight)
        return [
            CopyTruth(
                ranked[source].login,
                ranked[copier].login,
                (longest,) if index % 4 == 3 else modules,  # noqa: PLR2004 - every fourth copies one module alone
                disguised=index % 2 == 1 or index == 0,
            )
            for index, (source, copier) in enumerate(pairs)
        ]

    def _having_copied(self, copier: StudentTruth, source: StudentTruth, modules: Sequence[str]) -> StudentTruth:
        """Return a student whose last attempt is another's; what that builds on may be wrong here."""
        *earlier, last = copier.attempts
        done = dict(last.exercises)
        sound: set[str] = set()
        for name in self._items.exercises:
            if self._material.module_of[name] in modules:
                done[name] = source.attempts[-1].exercises[name]
            if done[name].how in {RIGHT, STANDS}:
                stands = self._material.way(name, done[name].way).uses <= sound
                done[name] = Done(RIGHT if stands else STANDS, done[name].way)
                sound |= {name} if stands else set()
        last = msgspec.structs.replace(last, exercises=done)
        return msgspec.structs.replace(copier, attempts=(*earlier, last))

    def _own(self, login: str, what: str) -> np.random.Generator:
        """Return the draws of a student for one thing: the same in each attempt."""
        return np.random.default_rng([self._seed, zlib.crc32(login.encode()), zlib.crc32(what.encode())])

    def _modules(self, login: str, attempt: AttemptTruth) -> dict[str, str]:
        chosen = {
            name: self._material.way(name, done.way) for name, done in attempt.exercises.items() if done.how != BLANK
        }
        hand = Hand.of(self._own(login, "hand"))
        return {
            module: self._material.module(module, chosen, hand, lambda what: self._own(login, what))
            for module in self._material.modules
        }

    def _answers(self, login: str, attempt: AttemptTruth) -> str:
        """Return answers.toml: the right answers, and of the others one that shows a misconception."""
        tables = [f'{STUDENT} = "{login}"\n']
        for quiz in self._quizzes:
            lines = [f"\n[{quiz.id}]\n"]
            for item in quiz.of(login):
                wrongs = [typed for typed, _ in item.wrongs]
                typed = (
                    item.right if attempt.questions[item.id] or not wrongs else _one(wrongs, self._own(login, item.id))
                )
                lines.append(f'{item.id} = "{typed}"\n')
            tables += lines
        return "".join(tables) if self._quizzes else ""


def _one(many: Sequence[_T], at: int | np.random.Generator) -> _T:
    return many[(at if isinstance(at, int) else int(at.integers(len(many)))) % len(many)]


def _plain(name: str) -> str:
    """Return a name in the letters of a login."""
    known = unicodedata.normalize("NFKD", name.lower().replace("ø", "o"))
    return "".join(letter for letter in known if letter.isascii() and letter.isalpha())
