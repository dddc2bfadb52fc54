"""The exercises of a simulated class: how hard each shall be, and which mistakes are made in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nnedu.authoring.material import Material

SLOPE = 1.5
NOT_BEGUN = 0.12  # of those who do not have it right
EASIEST, HARDEST = 0.05, 0.55  # shares of the points that a class loses
REACH = 0.85  # of the most that can be lost where mistakes are worth points, too
PROOF = 20_000  # students from whom what a class loses is computed
FAR = 6.0


class Items:
    """The exercises and quizzes of a lesson. Exercises stand in an order in which each comes after what it builds on.

    How much a class shall lose in each is spread evenly, and where the exercise lies on the scale of abilities is
    computed from it, with what its mistakes are worth, and with who cannot have it right because of an earlier one.
    """

    def __init__(self, material: Material, quizzes: Sequence[str], rng: np.random.Generator) -> None:
        self._material = material
        self._worth: dict[str, float] = {}
        self._popular: dict[str, NDArray[np.float64]] = {}
        self.exercises = self._ordered(rng)
        for name in self.exercises:
            wrong = material.wrong[name]
            self._popular[name] = rng.dirichlet(np.full(len(wrong), 1.5)) if wrong else np.zeros(0)
            worth = np.array([way.worth for way in wrong])
            self._worth[name] = float(self._popular[name] @ worth) * (1 - NOT_BEGUN) if wrong else 0.0
        self.location: dict[str, float] = {}
        self.difficulty: dict[str, float] = {}
        names = _mixed(self.exercises, quizzes, rng)
        self._locate(names, np.linspace(EASIEST, HARDEST, len(names)).tolist(), rng)

    def chance(self, name: str, ability: float) -> float:
        """Return the chance of somebody to have an exercise, or a question of a quiz, right."""
        return float(1 / (1 + np.exp(SLOPE * (self.location[name] - ability))))

    def mistakes(self, rng: np.random.Generator) -> dict[str, str]:
        """Draw for each exercise the mistake that somebody makes who does not have it right; none: it is not begun."""
        found = {}
        for name in self.exercises:
            begun = len(self._popular[name]) and rng.random() >= NOT_BEGUN
            found[name] = (
                self._material.wrong[name][rng.choice(len(self._popular[name]), p=self._popular[name])].name
                if begun
                else ""
            )
        return found

    def _ordered(self, rng: np.random.Generator) -> tuple[str, ...]:
        """Return the exercises in a random order in which each comes after what all its right ways build on."""
        left = list(self._material.right)
        rng.shuffle(left)
        found: list[str] = []
        while left:
            ready = next((name for name in left if not self._material.needs(name) & set(left)), left[0])
            left.remove(ready)
            found.append(ready)
        return tuple(found)

    def _locate(self, names: Sequence[str], wanted: Sequence[float], rng: np.random.Generator) -> None:
        """Find where each exercise has to lie so that a class loses what it shall, and what it loses then."""
        ability = rng.normal(size=PROOF)
        sound: dict[str, NDArray[np.bool_]] = {}
        for name, share in zip(names, wanted, strict=True):
            luck = rng.random(PROOF)
            blocking = self._blocking(name)
            possible = np.all([np.ones(PROOF, dtype=bool), *(sound[other] for other in blocking)], axis=0)
            left = np.where(possible, 1.0, min((self._left(name, other) for other in blocking), default=1.0))
            worth = self._worth.get(name, 0.0)
            low, high = -FAR, FAR
            for _ in range(40):
                middle = (low + high) / 2
                right = luck < 1 / (1 + np.exp(SLOPE * (middle - ability)))
                lost = 1 - (np.where(right, 1.0, worth) * left).mean()
                low, high = (low, middle) if lost >= min(share, REACH * (1 - worth)) else (middle, high)
            sound[name] = right & possible
            self.location[name], self.difficulty[name] = middle, float(lost)

    def _blocking(self, name: str) -> list[str]:
        """Return the exercises that every right way of one builds on."""
        ways = self._material.right.get(name, ())
        return sorted(frozenset.intersection(*(way.uses for way in ways))) if ways else []

    def _left(self, name: str, other: str) -> float:
        """Return what an exercise done right is worth for those who have another wrong that it builds on."""
        worth = self._material.standing(name, other)
        wrong = self._material.wrong[other]
        return sum(float(p) * worth[way.name] for p, way in zip(self._popular[other], wrong, strict=True)) * (
            1 - NOT_BEGUN
        )


def _mixed(exercises: Sequence[str], quizzes: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Put the quizzes somewhere between the exercises."""
    names = list(exercises)
    for quiz in quizzes:
        names.insert(int(rng.integers(len(names) + 1)), quiz)
    return names
