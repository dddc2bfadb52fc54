"""Every read and write of the gradebook. Each is a transaction of its own, as short as it can be."""

from __future__ import annotations

import hashlib
import weakref
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.dialects import postgresql, sqlite

from nnedu.classroom.gradebook import schema
from nnedu.classroom.gradebook.stored import check_rows, compact, expand, with_said
from nnedu.classroom.gradebook.trouble import explained
from nnedu.classroom.records import Attempt, Comment, Extension, GradedWith, Override, Run, Scored, Student
from nnedu.errors import FaultError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from _typeshed import DataclassInstance
    from sqlalchemy import Connection, Engine, Row, RowMapping, Select, Table

    from nnedu.outcome import LessonOutcome

_hints = msgspec.json.Decoder(tuple[tuple[str, int], ...]).decode


class Gradebook:
    """A course's students, attempts, runs, results, and what people decided. `where` shows no password."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.where = where
        self._engine = engine
        self.close = weakref.finalize(self, engine.dispose)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Students

    def students(self) -> list[Student]:
        """Return everybody the gradebook knows, by login: as on the roster now, or as one who is not listed."""
        with self._reading() as connection:
            logins = connection.execute(select(schema.students.c.login)).scalars().all()
            known = _roster(connection)
        return [known.get(login) or Student(login, listed=False) for login in sorted(logins)]

    def enrol(self, students: Iterable[Student], by: str) -> None:
        """Write a row for each student who is new or has changed; the others are left alone."""
        wanted, at = list(students), datetime.now(UTC)
        with self._writing() as connection:
            known = _roster(connection)
            changed = sorted((one for one in wanted if known.get(one.login) != one), key=lambda one: one.login)
            rows = [asdict(one) | {"by": by, "at": at} for one in changed]
            _add(connection, schema.students, [{"login": one.login} for one in changed])
            _add(connection, schema.roster, rows)

    # Attempts

    def add_attempt(
        self,
        *,
        student: str,
        lesson: str,
        data: bytes,
        submitted_at: datetime,
        received_at: datetime,
        source: str = "",
        problem: str = "",
        hints: Iterable[tuple[str, int]] = (),
    ) -> tuple[Attempt, bool]:
        """Keep a submission; say whether it is new. It is known by student, lesson, archive and moment."""
        digest = hashlib.sha256(data).hexdigest()
        row = {
            "student": student,
            "lesson": lesson,
            "digest": digest,
            "submitted_at": submitted_at,
            "received_at": received_at,
            "source": source,
            "problem": problem,
            "hints": msgspec.json.encode(tuple(hints)),
        }
        table = schema.attempts
        key = ("student", "lesson", "digest", "submitted_at")
        with self._writing() as connection:
            _add(connection, schema.archives, [{"digest": digest, "data": data}])
            _add(connection, schema.students, [{"login": student}])
            new = connection.execute(_insert(connection, table).returning(table.c.id), row).scalar() is not None
            found = connection.execute(select(table).where(and_(*(table.c[name] == row[name] for name in key)))).one()
        return _attempt(found), new

    def attempts(self, lesson: str | None = None) -> list[Attempt]:
        """Return the attempts at a lesson, or at all, by student and moment."""
        query = _of(select(schema.attempts), schema.attempts, lesson)
        with self._reading() as connection:
            return sorted(map(_attempt, connection.execute(query)), key=_order)

    def archive(self, digest: str) -> bytes:
        """Return the archive of an attempt."""
        with self._reading() as connection:
            found = connection.execute(
                select(schema.archives.c.data).where(schema.archives.c.digest == digest)
            ).scalar()
        if found is None:
            text = f"The gradebook {self.where} holds no archive {digest[:12]}."
            raise FaultError(text, "It was taken out by hand: put a copy of the database in its place.")
        return bytes(found)

    # Runs and results

    def begin_run(self, lesson: str, by: str, used: GradedWith) -> int:
        """Begin a run, and return its number."""
        row = {"lesson": lesson, "began": datetime.now(UTC), "by": by, "course": used.course}
        row |= {name: getattr(used, name) for name in ("course_version", "lesson_version", "engine")}
        with self._writing() as connection:
            made = connection.execute(schema.runs.insert().values(row)).inserted_primary_key
            run = int(made[0]) if made else 0
            _add(connection, schema.run_layers, [{"run": run, "layers": one} for one in used.sandbox])
        return run

    def save(self, run: int, rows: Iterable[tuple[int, LessonOutcome]], sandbox: Iterable[str] = ()) -> None:
        """Keep what came of attempts, by their numbers, and the layers that student code was behind; all at once."""
        outcomes = dict(rows)  # made before the transaction begins, which is to be short
        small = [{"attempt": one, "run": run, "outcome": compact(outcome)} for one, outcome in outcomes.items()]
        large = [row for one, outcome in outcomes.items() for row in check_rows(one, run, outcome)]
        with self._writing() as connection:
            _add(connection, schema.results, small)
            _add(connection, schema.checks, large)
            _add(connection, schema.run_layers, [{"run": run, "layers": one} for one in sandbox])

    def end_run(self, run: int) -> None:
        """Note that a run came to its end."""
        with self._writing() as connection:
            _add(connection, schema.run_ends, [{"run": run, "ended": datetime.now(UTC)}])

    def runs(self, lesson: str | None = None) -> list[Run]:
        """Return the runs at a lesson, or all, in their order."""
        query = select(schema.runs, schema.run_ends.c.ended).outerjoin(schema.run_ends).order_by(schema.runs.c.id)
        layers: dict[int, list[str]] = {}
        with self._reading() as connection:
            rows = connection.execute(_of(query, schema.runs, lesson)).all()
            for run, one in connection.execute(select(schema.run_layers.c.run, schema.run_layers.c.layers)):
                layers.setdefault(run, []).append(one)
        return [_run(row, layers.get(row.id, [])) for row in rows]

    def scored(self, lesson: str | None = None) -> list[Scored]:
        """Return what the latest run made of each attempt that was graded, without messages and pictures."""
        results, attempts = schema.results, schema.attempts
        later = results.alias()
        latest = select(func.max(later.c.run)).where(later.c.attempt == attempts.c.id).scalar_subquery()
        query = select(attempts, results.c.run, results.c.outcome).join(results).where(results.c.run == latest)
        with self._reading() as connection:
            rows = connection.execute(_of(query, attempts, lesson)).all()
        found = [Scored(_attempt(row), row.run, expand(row.outcome)) for row in rows]
        return sorted(found, key=lambda one: _order(one.attempt))

    def results(self, run: int) -> dict[int, LessonOutcome]:
        """Return what a run made of attempts, by their numbers, without messages and pictures."""
        query = select(schema.results.c.attempt, schema.results.c.outcome).where(schema.results.c.run == run)
        with self._reading() as connection:
            return {attempt: expand(data) for attempt, data in connection.execute(query)}

    def outcome(self, attempt: int, run: int | None = None) -> LessonOutcome | None:
        """Return all that a run, or the latest, made of an attempt; None where it was not graded."""
        results, checks = schema.results, schema.checks
        query = select(results).where(results.c.attempt == attempt).order_by(results.c.run.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query if run is None else query.where(results.c.run == run)).one_or_none()
            if row is None:
                return None
            same = and_(checks.c.attempt == attempt, checks.c.run == row.run)
            said = connection.execute(select(checks.c.position, checks.c.message, checks.c.picture).where(same)).all()
        return with_said(expand(row.outcome), {position: (message, picture) for position, message, picture in said})

    # What people decided

    def override(self, one: Override) -> None:
        """Set a mark by hand, or take that back."""
        self._decide(schema.overrides, one)

    def overrides(self, lesson: str | None = None) -> list[Override]:
        """Return the marks set by hand, in the order they were set."""
        return [Override(**row) for row in self._decided(schema.overrides, Override, lesson)]

    def comment(self, one: Comment) -> None:
        """Write to a student."""
        self._decide(schema.comments, one)

    def comments(self, lesson: str | None = None) -> list[Comment]:
        """Return what was written to students, in the order it was written."""
        return [Comment(**row) for row in self._decided(schema.comments, Comment, lesson)]

    def extend(self, one: Extension) -> None:
        """Give a student a later due date."""
        self._decide(schema.extensions, one)

    def extensions(self, lesson: str | None = None) -> list[Extension]:
        """Return the later due dates, in the order they were given."""
        return [Extension(**row) for row in self._decided(schema.extensions, Extension, lesson)]

    def _decide(self, table: Table, one: Override | Comment | Extension) -> None:
        known = schema.students.c.login
        with self._writing() as connection:
            if connection.execute(select(known).where(known == one.student)).scalar() is None:
                text = f"The gradebook knows no student {one.student!r}."
                raise UsageError(text, "Put the student on the roster first: nnedu roster FILE.csv")
            _add(connection, table, [asdict(one)])

    def _decided(self, table: Table, kind: type[DataclassInstance], lesson: str | None) -> Sequence[RowMapping]:
        query = select(*(table.c[field.name] for field in fields(kind))).order_by(table.c.id)
        with self._reading() as connection:
            return connection.execute(_of(query, table, lesson)).mappings().all()

    # Transactions

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self.where), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        engine = self._engine.execution_options(writes=True)
        with explained(self.where), engine.begin() as connection:
            yield connection


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return the insertion of rows that leaves out those that are there: to write twice does no harm."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing()


def _add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(_insert(connection, table), rows)


def _roster(connection: Connection) -> dict[str, Student]:
    """Return what the roster says now, by login."""
    table = schema.roster
    latest = select(func.max(table.c.id)).group_by(table.c.login)
    rows = connection.execute(select(*(table.c[field.name] for field in fields(Student))).where(table.c.id.in_(latest)))
    return {row.login: Student(*row) for row in rows}


def _of(query: Select[Any], table: Table, lesson: str | None) -> Select[Any]:
    return query if lesson is None else query.where(table.c.lesson == lesson)


def _order(one: Attempt) -> tuple[str, datetime, int]:
    return one.student, one.submitted_at, one.id


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        row.id,
        row.student,
        row.lesson,
        row.digest,
        row.submitted_at,
        row.received_at,
        row.source,
        row.problem,
        _hints(row.hints),
    )


def _run(row: Row[Any], layers: Sequence[str]) -> Run:
    used = GradedWith(row.course, row.course_version, row.lesson_version, row.engine, tuple(sorted(layers)))
    return Run(row.id, row.lesson, row.began, row.ended, row.by, used)
