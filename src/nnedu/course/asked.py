"""The questions of a quiz as a student has them: no key is among them, at most a seal that a right answer opens."""

from __future__ import annotations

import hashlib
import hmac
import re
import string
from enum import StrEnum
from fractions import Fraction

import msgspec

from nnedu.course.draw import pick
from nnedu.errors import UsageError

Answer = tuple[str, ...]  # letters in order, or numbers, each written in the one way that such a number has here
LETTERS = string.ascii_lowercase
ROUNDS = 6_000  # a millisecond: ten minutes for half a million guesses, a second for all that a bundle seals
_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})(e[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII)


class Form(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMERIC = "numeric"
    ORDERED = "ordered"


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Slow salted hashes of the right answer, and of wrong ones that show a misconception.

    PBKDF2 rather than scrypt, which not every Python has: this has to run on each student's machine.
    """

    salt: str
    right: str
    known: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, salt: str, right: Answer, known: tuple[tuple[Answer, str], ...] = ()) -> Seal:
        """Seal a right answer, and wrong ones with what they show."""
        return cls(salt, sealed(salt, right), tuple((sealed(salt, answer), said) for answer, said in known))

    def judge(self, answer: Answer) -> Verdict:
        """Say whether an answer is the right one."""
        digest = sealed(self.salt, answer)
        if hmac.compare_digest(digest, self.right):
            return Verdict(right=True)
        return Verdict(right=False, misconception=next((said for known, said in self.known if known == digest), ""))


class Verdict(msgspec.Struct, frozen=True):
    """Whether an answer is right; if not, the misconception that it shows, where that is known."""

    right: bool
    misconception: str = ""


def sealed(salt: str, answer: Answer) -> str:
    """Return the hash of an answer."""
    return hashlib.pbkdf2_hmac("sha256", "\n".join(answer).encode(), salt.encode(), ROUNDS).hex()


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question, with one student's numbers in it.

    `count` numbers or letters are asked for, the numbers rounded to `places`. Without a seal it is judged when graded.
    """

    id: str
    form: Form
    points: int
    text: str
    choices: tuple[str, ...] = ()
    count: int = 1
    places: int | None = None
    seal: Seal | None = None

    @property
    def how(self) -> str:
        """What to type, in words."""
        if self.form is Form.SINGLE:
            return "one letter"
        if self.form is Form.MULTIPLE:
            return "all letters that apply"
        if self.form is Form.ORDERED:
            return f"{self.count} letters in order"
        whole = "whole " if self.places == 0 else ""
        numbers = f"a {whole}number" if self.count == 1 else f"{self.count} {whole}numbers"
        decimals = f"{self.places} decimal{'s' if self.places != 1 else ''}"
        return f"{numbers}, rounded to {decimals}" if self.places else numbers

    def read(self, typed: str) -> Answer:
        """Return the answer that was typed, or say what was not understood."""
        return self._numbers(typed) if self.form is Form.NUMERIC else self._letters(typed)

    def _letters(self, typed: str) -> Answer:
        known = LETTERS[: len(self.choices)]
        found = [letter for letter in typed.lower() if letter not in " ,;.:>-()[]\t"]
        unknown = next((letter for letter in found if letter not in known), None)
        if unknown is not None:
            raise self._unclear(typed, f"{unknown!r} is none of the choices {known[0]} to {known[-1]}")
        if self.form is Form.MULTIPLE:
            found = sorted(set(found))
        elif len(found) != self.count:
            raise self._unclear(typed, f"it has {_letters(len(found))}")
        return tuple(found)

    def _numbers(self, typed: str) -> Answer:
        parts = [part for part in re.split(r"[,;\s\[\]()]+", typed.replace("−", "-")) if part]
        strange = next((part for part in parts if not _NUMBER.fullmatch(part)), None)
        if strange is not None:
            raise self._unclear(typed, f"{strange[:40]!r} is not a number such as -2.5")
        if len(parts) != self.count:
            hint = "; write 2.5 with a point, and 1000 without a comma" if "," in typed else ""
            raise self._unclear(typed, f"it has {len(parts)} number{'s' if len(parts) != 1 else ''}{hint}")
        return tuple(canonical(part, self.places) for part in parts)

    def _unclear(self, typed: str, why: str) -> UsageError:
        shown = typed if len(typed) <= 40 else typed[:40] + "..."  # noqa: PLR2004 - as much as a line has room for
        return UsageError(f"The answer {shown!r} is not understood: {why}.", f"Asked for: {self.how}.")


def _letters(number: int) -> str:
    return f"{number} letter{'s' if number != 1 else ''}"


def canonical(number: str, places: int | None) -> str:
    """Return the one way in which a number is written here: as a fraction, rounded if it is asked for rounded."""
    exact = Fraction(number)
    return str(exact if places is None else Fraction(round(exact * 10**places), 10**places))


class AskedQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question in all its variants; the salt and the student's name decide which one is asked."""

    salt: str
    variants: tuple[Asked, ...]

    def of(self, student: str) -> Asked:
        """Return the variant of a student."""
        return self.variants[pick(self.salt, student, len(self.variants))]


class AskedQuiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A quiz as it lies in a bundle."""

    id: str
    title: str
    questions: tuple[AskedQuestion, ...]

    def of(self, student: str) -> tuple[Asked, ...]:
        """Return the questions with the numbers of a student."""
        return tuple(question.of(student) for question in self.questions)
