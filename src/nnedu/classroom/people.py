"""Who is meant: the names that platforms and files give to people, and the students of a gradebook."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nnedu.classroom.records import Student
    from nnedu.reporting.lms import Clues


class People:
    """Students, found by login, e-mail address, number or name."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = {one.login: one for one in students}
        self._ids: defaultdict[str, set[str]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.students.values():
            for key in filter(None, map(_same, (one.login, one.email, one.number))):
                self._ids[key].add(one.login)
            for key in _keys(one.name):
                self._names[key].add(one.login)

    def find(self, clues: Clues) -> list[Student]:
        """Return who may be meant: one, if it is clear; several, if it is not; none, if nobody fits.

        Logins, addresses and numbers have to agree; only where there are none, another number counts, and then a name.
        """
        sure = [hits for said in (clues.login, clues.email, clues.number) if (hits := self._ids.get(_same(said)))]
        if not sure and clues.other:
            sure = [hits] if (hits := self._ids.get(_same(clues.other))) else []
        if not sure:
            sure = [hits for hits in map(self._named, (clues.name, clues.login)) if hits][:1]
        return [self.students[login] for login in sorted(set().union(*sure))]

    def _named(self, name: str) -> set[str]:
        """Return who bears a name, in whatever order its parts are written."""
        return next((hits for key in _plain(name) if key and (hits := self._names.get(key))), set())


def _same(said: str) -> str:
    return unicodedata.normalize("NFC", said).strip().casefold()


def _keys(name: str) -> Iterator[str]:
    """Yield a name as platforms run it together: from each of its parts on, with accents and without."""
    for text in {name, _bare(name)}:
        parts = [key for part in text.replace(",", " ").split() if (key := _run_together(part))]
        for start in range(len(parts)):
            yield "".join(parts[start:] + parts[:start])


def _plain(name: str) -> tuple[str, str]:
    return _run_together(name), _run_together(_bare(name))


def _run_together(text: str) -> str:
    return "".join(c for c in _same(text) if c.isalnum())


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
