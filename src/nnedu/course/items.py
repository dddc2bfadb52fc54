"""The questions of a quiz as an author writes them, with their keys: four kinds, each judging its own answers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

import msgspec

from nnedu.course.asked import LETTERS, Answer, Asked, Form, Verdict
from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to tick. One that is wrong says what ticking it shows."""

    text: str
    right: bool = False
    misconception: str = ""


class Wrong(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong answer, and what it shows."""

    answer: str
    misconception: str


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What questions of all kinds have. `because` is the explanation that is given after grading."""

    id: str
    text: str
    because: str
    points: int = 1

    form: ClassVar[Form]

    @property
    def asked(self) -> Asked:
        """The question as a student has it."""
        raise NotImplementedError

    @property
    def right(self) -> str:
        """The right answer, as it would be typed."""
        raise NotImplementedError

    @property
    def wrongs(self) -> tuple[tuple[str, str], ...]:
        """The wrong answers that are known, as they would be typed, and what each of them shows."""
        raise NotImplementedError

    @property
    def key(self) -> Answer:
        """The right answer."""
        return self.asked.read(self.right)

    @property
    def distractors(self) -> tuple[tuple[Answer, str], ...]:
        """The wrong answers that are known, and what each of them shows."""
        return tuple((self.asked.read(typed), said) for typed, said in self.wrongs)

    def judge(self, answer: Answer) -> Verdict:
        """Say whether an answer is right, and what it shows if it is not."""
        if self.same(answer, self.key):
            return Verdict(right=True)
        return Verdict(right=False, misconception=self._shows(answer))

    def same(self, one: Answer, other: Answer) -> bool:
        """Whether two answers count as one."""
        return one == other

    def _shows(self, answer: Answer) -> str:
        return next((said for known, said in self.distractors if self.same(answer, known)), "")

    def faults(self) -> Iterator[str]:
        """Yield what makes it no question."""
        if not self.id.isidentifier():
            yield f"the id {self.id!r} is not a name such as first_layer"
        if self.points < 1:
            yield "it is worth no points"


class Single(Item, frozen=True, tag="single", kw_only=True):
    """One of several choices."""

    choices: tuple[Choice, ...]

    form: ClassVar[Form] = Form.SINGLE

    @property
    def asked(self) -> Asked:
        """The question as a student has it."""
        return Asked(self.id, self.form, self.points, self.text, tuple(choice.text for choice in self.choices))

    @property
    def right(self) -> str:
        """The letters of what is right."""
        return "".join(letter for letter, choice in self._lettered() if choice.right)

    @property
    def wrongs(self) -> tuple[tuple[str, str], ...]:
        """Every choice that is wrong."""
        return tuple((letter, choice.misconception) for letter, choice in self._lettered() if not choice.right)

    def _lettered(self) -> list[tuple[str, Choice]]:
        return list(zip(LETTERS, self.choices, strict=False))

    def faults(self) -> Iterator[str]:
        """Yield what makes it no question."""
        yield from super().faults()
        if len(self.choices) > len(LETTERS):
            yield f"it has {len(self.choices)} choices; there are {len(LETTERS)} letters"
        if len({choice.text for choice in self.choices}) < len(self.choices):
            yield "two of its choices have the same text"
        if not self.right or not self.wrongs:
            yield "of its choices at least one has to be right, and at least one wrong"
        if self.form is Form.SINGLE and len(self.right) > 1:
            yield "several of its choices are right; its kind is then multiple"


class Multiple(Single, frozen=True, tag="multiple", kw_only=True):
    """Any number of several choices: all that are right, and no other."""

    form: ClassVar[Form] = Form.MULTIPLE

    @property
    def wrongs(self) -> tuple[tuple[str, str], ...]:
        """The right answer with one wrong choice more."""
        return tuple((self.right + letter, said) for letter, said in super().wrongs)

    def _shows(self, answer: Answer) -> str:
        said = [choice.misconception for letter, choice in self._lettered() if letter in answer and not choice.right]
        return " ".join(said) or "All that you ticked is right, but something that is right is not ticked."


class _Listed(Item, frozen=True, kw_only=True):
    """A question whose wrong answers are listed, as far as they are known."""

    answer: str
    wrong: tuple[Wrong, ...] = ()

    @property
    def right(self) -> str:
        """The right answer, as it stands in the file."""
        return self.answer

    @property
    def wrongs(self) -> tuple[tuple[str, str], ...]:
        """The wrong answers that are listed."""
        return tuple((one.answer, one.misconception) for one in self.wrong)

    def faults(self) -> Iterator[str]:
        """Yield what makes it no question."""
        yield from super().faults()
        try:
            if not self.key or any(self.same(wrong, self.key) for wrong, _ in self.distractors):
                yield "it has no right answer, or one of its wrong answers is right"
        except UsageError as error:
            yield error.sentence


class Ordered(_Listed, frozen=True, tag="ordered", kw_only=True):
    """A row of letters: choices to put in order, or one choice for each of several things; a letter may come twice."""

    choices: tuple[str, ...]

    form: ClassVar[Form] = Form.ORDERED

    @property
    def asked(self) -> Asked:
        """The question as a student has it."""
        count = sum(letter in LETTERS for letter in self.answer)
        return Asked(self.id, self.form, self.points, self.text, self.choices, count)


class Numeric(_Listed, frozen=True, tag="numeric", kw_only=True):
    """One number or several: right when they round to the key's `places`, or are `within` or `relative` of the key.

    `between` bounds what somebody would try who guesses.
    """

    places: int | None = None
    within: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)
    between: tuple[int, int] | None = None

    form: ClassVar[Form] = Form.NUMERIC

    @property
    def asked(self) -> Asked:
        """The question as a student has it."""
        count = len(self.answer.replace(",", " ").split())
        return Asked(self.id, self.form, self.points, self.text, (), count, self.places)

    @property
    def space(self) -> int:
        """How many answers there are to guess from, 0 where nobody said."""
        if self.between is None or self.places is None:
            return 0
        low, high = self.between
        return int(((high - low) * 10**self.places + 1) ** self.asked.count)

    def same(self, one: Answer, other: Answer) -> bool:
        """Whether every number is near enough to its counterpart, by exact arithmetic."""
        pairs = [(Fraction(a), Fraction(b)) for a, b in zip(one, other, strict=True)]
        within, relative = Fraction(self.within), Fraction(self.relative)
        return all(abs(a - b) <= max(within, relative * abs(b)) for a, b in pairs)

    def faults(self) -> Iterator[str]:
        """Yield what makes it no question."""
        yield from super().faults()
        if (self.places is None) == (self.within == self.relative == 0):
            yield "it needs either places, or within or relative"


AnyItem = Single | Multiple | Ordered | Numeric
