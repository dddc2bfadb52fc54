"""A CSV file of somebody else, of which single cells are changed and every other byte stays as it is."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from nnedu.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SEPARATORS = ",;\t"
_HEAD = 1 << 16  # characters, in which a head ends


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    text: str


class Sheet:
    """A table with a head. Rows are lists of cells, which may be shorter than the head."""

    def __init__(self, text: str, encoding: str, mark: bytes) -> None:
        self._text, self._encoding, self._mark = text, encoding, mark
        first = re.sub(r'"[^"]*"', "", text[:_HEAD]).partition("\n")[0]
        self.separator = max(_SEPARATORS, key=first.count)
        self._rows = _rows(text, self.separator)
        self.rows = [[cell.text for cell in row] for row in self._rows]

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a file, in UTF-8 or as spreadsheets write it otherwise; nothing of it is lost."""
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                try:
                    return cls(data[len(mark) :].decode(encoding), encoding, mark)
                except UnicodeDecodeError as error:
                    text = "The file is not the text that it begins as."
                    raise UsageError(text, "Export it again.") from error
        try:
            return cls(data.decode("utf-8"), "utf-8", b"")
        except UnicodeDecodeError:
            return cls(data.decode("latin-1"), "latin-1", b"")  # every byte is a character of it, and comes back

    @property
    def head(self) -> list[str]:
        """The names of the columns."""
        return [cell.strip() for cell in self.rows[0]] if self.rows else []

    def cell(self, row: int, column: int | None) -> str:
        """Return a cell, nothing where the row ends before it."""
        found = self.rows[row]
        return found[column].strip() if column is not None and column < len(found) else ""

    @property
    def decimal_comma(self) -> bool:
        """Whether its numbers have a comma: only where another character separates the cells."""
        cells = [cell.strip() for row in self.rows[1:] for cell in row]
        return self.separator != "," and any(map(_has_comma, cells)) and not any(map(_has_point, cells))

    def changed(self, changes: Mapping[tuple[int, int], str]) -> bytes:
        """Return the file with other texts in some cells, by row and column; a column may be one to the right."""
        edits: list[tuple[int, int, str]] = []
        beyond: defaultdict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), text in changes.items():
            cells = self._rows[row]
            if column < len(cells):
                cell = cells[column]
                quoted = self._text[cell.start : cell.start + 1] == '"'
                edits.append((cell.start, cell.end, self._written(text, quoted=quoted)))
            else:
                beyond[row][column] = text
        for row, texts in beyond.items():
            cells = self._rows[row]
            more = [self._written(texts.get(column, "")) for column in range(len(cells), max(texts) + 1)]
            end = cells[-1].end
            edits.append((end, end, "".join(self.separator + text for text in more)))
        text = self._text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        try:
            return self._mark + text.encode(self._encoding)
        except UnicodeEncodeError as error:
            sentence = f"The file is not in UTF-8, and cannot hold {error.object[error.start : error.end]!r}."
            raise UsageError(sentence, "Export it again as UTF-8.") from error

    def _written(self, text: str, *, quoted: bool = False) -> str:
        special = any(c in text for c in f'{self.separator}"\r\n')
        return '"' + text.replace('"', '""') + '"' if quoted or special else text


def _rows(text: str, separator: str) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    row: list[_Cell] = []
    at = 0
    while at < len(text) or row:
        cell = _cell(text, at, separator)
        row.append(cell)
        at = cell.end
        if text[at : at + 1] == separator:
            at += 1
            continue
        at += 2 if text[at : at + 2] == "\r\n" else 1
        rows.append(row)
        row = []
    return rows


def _cell(text: str, at: int, separator: str) -> _Cell:
    start, value = at, ""
    if text[at : at + 1] == '"':
        at, value = _quoted(text, at)
    rest = at
    while at < len(text) and text[at] not in {separator, "\r", "\n"}:
        at += 1
    return _Cell(start, at, value + text[rest:at])


def _quoted(text: str, at: int) -> tuple[int, str]:
    """Return where a quoted cell ends, and what it says."""
    parts = []
    at += 1
    while True:
        end = text.find('"', at)
        if end < 0:
            line = text.count("\n", 0, at) + 1
            sentence = f"The file has a quotation mark that is not closed, in line {line} or before it."
            raise UsageError(sentence, "Export it again.")
        parts.append(text[at:end])
        if text[end + 1 : end + 2] != '"':
            return end + 1, "".join(parts)
        parts.append('"')
        at = end + 2


def _has_comma(text: str) -> bool:
    whole, comma, part = text.partition(",")
    return bool(comma) and whole.isdigit() and part.isdigit()


def _has_point(text: str) -> bool:
    whole, point, part = text.partition(".")
    return bool(point) and whole.isdigit() and part.isdigit()
