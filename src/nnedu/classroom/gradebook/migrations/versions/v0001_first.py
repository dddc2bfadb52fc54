"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _create_people()
    _create_attempts()
    _create_runs()
    _create_results()
    _create_decisions()


def _create_people() -> None:
    op.create_table("students", _text("login"), sa.PrimaryKeyConstraint("login", name="pk_students"))
    op.create_table(
        "roster",
        _id(),
        *map(_text, ("login", "name", "email", "number", "section")),
        sa.Column("listed", sa.Boolean, nullable=False),
        *_made(),
        sa.PrimaryKeyConstraint("id", name="pk_roster"),
        sa.ForeignKeyConstraint(["login"], ["students.login"], name="fk_roster_login"),
    )
    op.create_index("ix_roster_login", "roster", ["login"])


def _create_attempts() -> None:
    op.create_table(
        "archives",
        _text("digest"),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_archives"),
    )
    op.create_table(
        "attempts",
        _id(),
        *map(_text, ("student", "lesson", "digest")),
        sa.Column("submitted_at", _moment, nullable=False),
        sa.Column("received_at", _moment, nullable=False),
        *map(_text, ("source", "problem")),
        sa.Column("hints", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.ForeignKeyConstraint(["student"], ["students.login"], name="fk_attempts_student"),
        sa.ForeignKeyConstraint(["digest"], ["archives.digest"], name="fk_attempts_digest"),
        sa.UniqueConstraint(
            "student", "lesson", "digest", "submitted_at", name="uq_attempts_student_lesson_digest_submitted_at"
        ),
    )
    op.create_index("ix_attempts_lesson", "attempts", ["lesson"])


def _create_runs() -> None:
    op.create_table(
        "runs",
        _id(),
        _text("lesson"),
        sa.Column("began", _moment, nullable=False),
        *map(_text, ("by", "course", "course_version", "lesson_version", "engine")),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "run_layers",
        sa.Column("run", sa.Integer, nullable=False),
        _text("layers"),
        sa.PrimaryKeyConstraint("run", "layers", name="pk_run_layers"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_layers_run"),
    )
    op.create_table(
        "run_ends",
        sa.Column("run", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("ended", _moment, nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_run_ends"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_ends_run"),
    )


def _create_results() -> None:
    op.create_table(
        "results",
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("outcome", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("attempt", "run", name="pk_results"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_results_attempt"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_results_run"),
    )
    op.create_index("ix_results_run", "results", ["run"])
    op.create_table(
        "checks",
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("attempt", "run", "position")),
        *map(_text, ("exercise", "name", "state")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("points", "max_points")),
        _text("message"),
        sa.Column("picture", sa.LargeBinary),
        sa.PrimaryKeyConstraint("attempt", "run", "position", name="pk_checks"),
        sa.ForeignKeyConstraint(["attempt", "run"], ["results.attempt", "results.run"], name="fk_checks_attempt_run"),
        sqlite_with_rowid=False,
    )


def _create_decisions() -> None:
    for table, columns in {
        "overrides": (_text("exercise"), sa.Column("points", sa.Float), _text("why")),
        "comments": (_text("exercise"), _text("text")),
        "extensions": (sa.Column("until", _moment, nullable=False), _text("why")),
    }.items():
        once = ["student", "lesson", *(["exercise"] if table != "extensions" else []), "by", "at"]
        op.create_table(
            table,
            _id(),
            *map(_text, ("student", "lesson")),
            *columns,
            *_made(),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.ForeignKeyConstraint(["student"], ["students.login"], name=f"fk_{table}_student"),
            sa.UniqueConstraint(*once, name=f"uq_{table}_{'_'.join(once)}"),
        )
        op.create_index(f"ix_{table}_lesson", table, ["lesson"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _made() -> tuple[sa.Column[str], sa.Column[object]]:
    return _text("by"), sa.Column("at", _moment, nullable=False)
