"""What one student handed in, as archives: each zip as it came, and loose files gathered into one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnedu.classroom.archive import MANIFEST, MAX_TOTAL, UnreadableError, make_archive
from nnedu.classroom.downloads import module_of
from nnedu.classroom.tree import path_shown
from nnedu.outcome import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from nnedu.classroom.downloads import Upload
    from nnedu.classroom.tree import Leaf

MAX_LOOSE = 64


@dataclass(frozen=True, slots=True)
class Packet:
    """One archive. `source` is what it came as, `problem` why it could not be read, `changed` when it was written."""

    data: bytes
    source: str
    problem: str = ""
    changed: datetime | None = None


def packets(upload: Upload, modules: Sequence[str], left_out: list[str]) -> Iterator[Packet]:
    """Yield the archives of an upload; what is in none of them is named in `left_out`."""
    zips = [leaf for leaf in upload.leaves if leaf.name.lower().endswith(".zip")]
    loose = [leaf for leaf in upload.leaves if leaf not in zips]
    for leaf in zips:
        source = path_shown(leaf.path)
        try:
            yield Packet(leaf.read(), source, changed=leaf.changed)
        except UnreadableError as problem:
            yield Packet(b"", source, str(problem), leaf.changed)
    ours = [leaf for leaf in loose if module_of(leaf.name, modules) or leaf.name == ANSWERS]
    if ours or (loose and not zips):
        yield _gathered(loose, modules, upload.who.label, left_out)
    else:
        left_out += [f"{upload.who.label}: {path_shown(leaf.path)}" for leaf in loose]


def _gathered(loose: Sequence[Leaf], modules: Sequence[str], label: str, left_out: list[str]) -> Packet:
    """Return loose files as one archive, those of the lesson first, as far as there is room."""
    files: dict[str, bytes] = {}
    room, problems, changed = MAX_TOTAL, [], []
    for leaf in sorted(loose, key=lambda leaf: _order(leaf, modules)):
        module = module_of(leaf.name, modules)
        name = path_shown((*leaf.path[:-1], module or leaf.name))
        if name in files:
            continue  # an earlier version of what was handed in once more
        try:
            data = leaf.read()
        except UnreadableError as why:
            problems.append(f"{leaf.name}: {why}")
            data = None
        if data is None or len(data) > room or len(files) >= MAX_LOOSE:
            left_out.append(f"{label}: {path_shown(leaf.path)}")
            continue
        files[name], room = data, room - len(data)
        changed += [leaf.changed] if leaf.changed is not None else []
    source = ", ".join(sorted(files)) or ", ".join(path_shown(leaf.path) for leaf in loose)
    problem = problems[0] if problems and not files else ""
    return Packet(make_archive(files), source, problem, max(changed, default=None))


def _order(leaf: Leaf, modules: Sequence[str]) -> tuple[bool, int, tuple[str, ...]]:
    """Put the files of the lesson first, and of the same file the one that was handed in last."""
    module = module_of(leaf.name, modules)
    ours = module is not None or leaf.name in {ANSWERS, MANIFEST}
    number = re.search(r"-(\d+)\.\w+$", leaf.name) if module not in {None, leaf.name} else None
    return not ours, -int(number[1][:9]) if number else 0, leaf.path
