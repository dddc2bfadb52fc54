"""The command line: the only place that knows click, and the one place where errors are shown."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path

import click

from nnedu.cli.author import course
from nnedu.cli.back import reset, undo
from nnedu.cli.data import data
from nnedu.cli.demo import demo
from nnedu.cli.exchange import collect, release
from nnedu.cli.export import export
from nnedu.cli.hint import hint
from nnedu.cli.instructor import grade
from nnedu.cli.nbgrader import nbgrader
from nnedu.cli.people import comment, extend, override, roster
from nnedu.cli.plot import plot
from nnedu.cli.quiz import quiz
from nnedu.cli.regrade import regrade
from nnedu.cli.report import report
from nnedu.cli.student import check, fetch, home, status
from nnedu.cli.submit import submit
from nnedu.cli.worlds import WORLDS
from nnedu.errors import FaultError, NneduError
from nnedu.sandbox.threads import one_thread

STUDENT = ("fetch", "check", "hint", "quiz", "submit", "plot", "data", "status", "reset", "undo")
INSTRUCTOR = (
    "release",
    "collect",
    "grade",
    "report",
    "regrade",
    "roster",
    "override",
    "comment",
    "extend",
    "export",
    "nbgrader",
)
AUTHOR = ("course", "demo")


class _Nnedu(click.Group):
    """A group that lists its commands by who uses them, and offers the right word for a wrong one."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in (("Students", STUDENT), ("Instructors", INSTRUCTOR), ("Authors, and anyone", AUTHOR)):
            rows = [(name, self.commands[name].get_short_help_str(70)) for name in names]
            with formatter.section(title):
                formatter.write_dl(rows)
        del ctx


@click.group(cls=_Nnedu, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nnedu", message="nnedu %(version)s")
@click.pass_context
def nnedu(ctx: click.Context) -> None:
    """Learn neural networks by writing them: fetch a lesson, edit, check, submit.

    \b
    Start with
        nnedu fetch lesson5      puts the lesson's files into this folder
        nnedu check lesson5      says what is right, and what is not

    Without a command, nnedu says where you are and what to type next.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    if ctx.invoked_subcommand is None:
        home()


for _command in (
    fetch,
    check,
    hint,
    quiz,
    submit,
    plot,
    data,
    status,
    reset,
    undo,
    release,
    collect,
    grade,
    report,
    regrade,
    roster,
    override,
    comment,
    extend,
    export,
    nbgrader,
    course,
    demo,
):
    nnedu.add_command(_command)

for _world in WORLDS:
    export.add_command(_world)


def _is_student(arguments: list[str] | None) -> bool:
    words = [word for word in (sys.argv[1:] if arguments is None else arguments) if not word.startswith("-")]
    return not words or words[0] in STUDENT


def main(arguments: list[str] | None = None) -> None:
    """Run nnedu, and turn whatever goes wrong into a sentence and an exit code."""
    one_thread()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = nnedu.main(args=arguments, prog_name="nnedu", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except NneduError as error:
        if isinstance(error, FaultError):
            whose = ", not in your code" if _is_student(arguments) else ""
            click.echo(f"This is a mistake in the course or in nnedu{whose}.", err=True)
        click.echo(error.sentence, err=True)
        if error.next_step:
            click.echo(error.next_step, err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped. Nothing was lost.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception:  # noqa: BLE001 - the last resort, where a defect of the engine becomes a sentence and a report
        path = Path(tempfile.gettempdir()) / f"nnedu-fault-{os.getpid()}.txt"
        path.write_text(traceback.format_exc(), "utf-8")
        click.echo("This is a mistake in nnedu, not in your code. Nothing is counted against you.", err=True)
        click.echo(f"Please send {path} to your instructor.", err=True)
        sys.exit(FaultError.exit_code)
