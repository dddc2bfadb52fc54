"""Who may have worked together: the passages that two students share, and hardly anybody else has.

What the stub has counts for nobody, and neither does what many have: a short right answer is often the same in all. The
rest is an index from fingerprints to students, in which only those meet who share something.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nnedu.classroom.fingerprints import Reader, winnowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from nnedu.classroom.fingerprints import Hashes, Tokens

    Counts = NDArray[np.int64]
    _Lines = tuple[int, int, int, int]  # first and last of the one's, first and last of the other's

COMMON_SHARE = 0.1  # what more than this share of a class have says nothing of any two of them...
COMMON_LEAST = 6  # ...and in a small class, what more than these have
# Two are shown who share that much of the smaller work: half of it, or more where half is little. A fingerprint is
# worth two or three tokens. Of one module alone it must be much, for a short one may be alike by chance. Measured in
# docs/classroom.md.
SHARE, SHARE_OF_LITTLE, LITTLE = 0.5, 0.75, 75
FEWEST, FEWEST_OF_ONE = 30, 60
SHOWN = 24  # tokens of a passage that is worth looking at: three lines


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that two students share: first and last line in the one's file and in the other's, from 1."""

    module: str
    first: tuple[int, int]
    second: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students, how much of the shorter work the other also has (0 to 1), and where."""

    first: str
    second: str
    share: float
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Students whose works are similar, each to at least one other of them; the most similar pair first."""

    students: tuple[str, ...]
    pairs: tuple[Pair, ...]


def similar(texts: Mapping[str, Mapping[str, str]], stubs: Mapping[str, str]) -> tuple[Cluster, ...]:
    """Return the clusters of similar works: texts are the modules of each student, stubs what all were given."""
    works = _Works(texts, stubs)
    return tuple(_clusters([works.pair(*found) for found in works.suspects()]))


class _Works:
    """The works of a class, and what is rare in each."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]], stubs: Mapping[str, str]) -> None:
        self._texts = texts
        self._students = sorted(texts)
        self._modules = sorted(stubs)
        self._reader = Reader()
        modules = range(len(self._modules))
        given = [np.unique(self._reader.read(stubs[self._modules[m]], m).hashes) for m in modules]
        own = []
        for student in range(len(self._students)):
            prints = [winnowed(self._read(student, m).hashes) for m in modules]
            own.append([one[~np.isin(one, stub)] for one, stub in zip(prints, given, strict=True)])
        self._index = _Index(own, len(modules), max(COMMON_LEAST, int(COMMON_SHARE * len(own))))

    def suspects(self) -> Iterator[tuple[int, int, float]]:
        """Yield two students and how much of the smaller work both have, where it is much.

        A work is all modules, or one of them: some copy only where they are at a loss.
        """
        sizes = _with_sums(self._index.sizes)
        fewest = np.array([FEWEST_OF_ONE] * len(self._modules) + [FEWEST])
        one = np.arange(len(self._modules) + 1) < len(self._modules)
        for student in range(len(self._students)):
            shared = _with_sums(self._index.shared(student))
            share = shared / np.maximum(np.minimum(sizes, sizes[student]), 1)
            share[(shared < fewest) | (share < np.where(one | (shared < LITTLE), SHARE_OF_LITTLE, SHARE))] = 0.0
            for other in np.flatnonzero(share.any(axis=1)).tolist():
                if other > student:
                    yield student, other, float(share[other].max())

    def pair(self, first: int, second: int, share: float) -> Pair:
        """Return two students with the passages that they share."""
        found = [
            Match(name, (a, b), (c, d))
            for module, name in enumerate(self._modules)
            for a, b, c, d in self._passages(module, first, second)
        ]
        return Pair(self._students[first], self._students[second], share, tuple(found))

    def _read(self, student: int, module: int) -> Tokens:
        return self._reader.read(self._texts[self._students[student]].get(self._modules[module], ""), module)

    def _passages(self, module: int, first: int, second: int) -> list[_Lines]:
        """Return the passages around what is rare and in both, as far as the two go on alike."""
        one, other = self._read(first, module), self._read(second, module)
        rare = np.intersect1d(self._index.rare(first, module), self._index.rare(second, module))
        place = dict(zip(reversed(other.hashes.tolist()), reversed(range(len(other.hashes))), strict=True))
        found = []
        reached = 0
        for at in np.flatnonzero(np.isin(one.hashes, rare)).tolist():
            if at >= reached:
                there = place[int(one.hashes[at])]
                back = _alike(one.codes[:at][::-1], other.codes[:there][::-1])
                on = _alike(one.codes[at:], other.codes[there:]) - 1
                reached = at + on + 1
                if back + on + 1 < SHOWN:
                    continue
                ends = (one.lines[at - back], one.lines[at + on], other.lines[there - back], other.lines[there + on])
                a, b, c, d = map(int, ends)
                found.append((a, b, c, d))
        return _joined(found)


class _Index:
    """Who has which fingerprint of which module, of those that at most `limit` have."""

    def __init__(self, own: Sequence[Sequence[Hashes]], modules: int, limit: int) -> None:
        self._shape = (len(own), modules)
        flat = [prints for row in own for prints in row]
        prints = np.concatenate([np.zeros(0, dtype=np.uint64), *flat])
        holders = np.repeat(np.arange(len(flat)), [len(one) for one in flat])  # student * modules + module
        _, which, counts = np.unique(prints, return_inverse=True, return_counts=True)
        rare = counts[which] <= limit
        order = np.argsort(which[rare], kind="stable")
        # Holders of one fingerprint stand side by side; of each posting, where they begin and how many they are.
        self._prints, self._holders = prints[rare][order], holders[rare][order]
        _, starts, counts = np.unique(self._prints, return_index=True, return_counts=True)
        self._starts, self._counts = np.repeat(starts, counts), np.repeat(counts, counts)
        self._by_holder = np.argsort(self._holders, kind="stable")
        self._bounds = np.searchsorted(self._holders[self._by_holder], np.arange(len(flat) + 1))
        self.sizes: Counts = np.diff(self._bounds).reshape(self._shape)

    def rare(self, student: int, module: int) -> Hashes:
        """Return the rare fingerprints of a student in a module."""
        return self._prints[self._postings(student * self._shape[1] + module, 1)]

    def shared(self, student: int) -> Counts:
        """Return how many rare fingerprints each student shares with one, by module; with oneself all."""
        mine = self._postings(student * self._shape[1], self._shape[1])
        counts = self._counts[mine]
        ends = np.cumsum(counts)
        places = np.arange(counts.sum()) + np.repeat(self._starts[mine] - (ends - counts), counts)
        return np.bincount(self._holders[places], minlength=self._shape[0] * self._shape[1]).reshape(self._shape)

    def _postings(self, holder: int, how_many: int) -> Counts:
        return self._by_holder[self._bounds[holder] : self._bounds[holder + how_many]]


def _with_sums(counts: Counts) -> Counts:
    """Put the sum over the modules behind them."""
    return np.column_stack([counts, counts.sum(axis=1)])


def _alike(first: Hashes, second: Hashes) -> int:
    """Return how long two rows go on alike."""
    length = min(len(first), len(second))
    different = np.flatnonzero(first[:length] != second[:length])
    return int(different[0]) if len(different) else length


def _joined(passages: list[_Lines]) -> list[_Lines]:
    """Join passages that overlap, or follow each other, in both files."""
    found: list[_Lines] = []
    for a, b, c, d in sorted(passages):
        if found:
            before = found[-1]
            if a <= before[1] + 1 and before[2] <= c <= before[3] + 1:
                found[-1] = (before[0], max(b, before[1]), before[2], max(d, before[3]))
                continue
        found.append((a, b, c, d))
    return found


def _clusters(pairs: Sequence[Pair]) -> Iterator[Cluster]:
    """Yield the groups that pairs connect, the one with the most similar pair first."""
    group: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group.get(pair.first, {pair.first}) | group.get(pair.second, {pair.second})
        group.update(dict.fromkeys(joined, joined))
    found: dict[tuple[str, ...], list[Pair]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda pair: (-pair.share, pair.first, pair.second)):
        found[tuple(sorted(group[pair.first]))].append(pair)
    for students, connecting in found.items():
        yield Cluster(students, tuple(connecting))
