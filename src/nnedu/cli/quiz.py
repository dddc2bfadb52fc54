"""`nnedu quiz`: the concept questions of a lesson, in the terminal or in answers.toml."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from nnedu.cli.identity import student_name
from nnedu.cli.session import find_target, open_workspace, style
from nnedu.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nnedu.course.answers import Answers
    from nnedu.course.asked import Asked, AskedQuiz
    from nnedu.reporting.terminal import Style
    from nnedu.workspace.answers import AnswerFile


class _Place(NamedTuple):
    """A question, where it stands, and what was answered so far."""

    quiz: str
    number: int
    asked: Asked
    typed: str


@click.command()
@click.argument("target", required=False, metavar="[LESSON]")
@click.argument("question", required=False)
@click.option("--again", is_flag=True, help="Ask what you have answered too.")
def quiz(target: str | None, question: str | None, *, again: bool) -> None:
    """Answer the questions of a lesson.

    \b
        nnedu quiz lesson1              asks what is open, one after the other
        nnedu quiz lesson1 theorem      asks one question, by name or number
        nnedu quiz lesson1 --again      asks all of them once more

    Type letters or numbers. Enter alone leaves a question as it is, and Ctrl-C stops. Each answer is kept at once,
    in answers.toml in the lesson's folder, which you may also edit. Some answers are checked right away, the others
    when you are graded: each question says which. Without a terminal the questions are printed.
    """  # noqa: D301 - \b is click's mark for a block that is not wrapped
    from nnedu.reporting.terminal import header, short_lesson
    from nnedu.workspace.answers import AnswerFile
    from nnedu.workspace.history import snapshot

    workspace = open_workspace()
    lesson, exercise = find_target(workspace, target)
    bundle = workspace.bundle(lesson)
    quizzes = _chosen(bundle.quizzes(), lesson, exercise)
    file = AnswerFile(workspace, lesson)
    answers = file.read() if file.path.exists() else file.begin(student_name(workspace), bundle.quizzes())
    places = _places(quizzes, answers)
    wanted = _wanted(places, question, again=again)
    snapshot(workspace, lesson, "quiz")
    click.echo(header(lesson, bundle.manifest.title, style()))
    if not wanted:
        click.echo(f"Nothing is open. nnedu quiz {short_lesson(lesson)} --again asks all {len(places)} once more.")
    elif sys.stdin.isatty():
        _ask_all(wanted, len(places), file)
    else:
        _print_all(wanted, file)
    _close(quizzes, file, short_lesson(lesson), asked_all=question is None)


def _chosen(quizzes: Sequence[AskedQuiz], lesson: str, exercise: str | None) -> Sequence[AskedQuiz]:
    if exercise is None and quizzes:
        return quizzes
    found = [one for one in quizzes if one.id == exercise]
    if not found:
        text = f"{exercise} is no quiz." if exercise else f"{lesson} has no quiz."
        known = f"Quizzes of {lesson}: {', '.join(one.id for one in quizzes)}." if quizzes else ""
        raise UsageError(text, known or "nnedu status lists what there is to do.")
    return found


def _places(quizzes: Sequence[AskedQuiz], answers: Answers) -> list[_Place]:
    asked = [(quiz.id, number, one) for quiz in quizzes for number, one in enumerate(quiz.of(answers.student), 1)]
    return [_Place(quiz, number, one, answers.to(quiz, one.id)) for quiz, number, one in asked]


def _wanted(places: Sequence[_Place], question: str | None, *, again: bool) -> list[_Place]:
    """Return what to ask: one question, all, or those that are open."""
    from nnedu.running.quiz import is_open

    if question is None:
        return [place for place in places if again or is_open(place.asked, place.typed)]
    found = [place for place in places if question in {place.asked.id, str(place.number)}]
    if not found:
        text = f"There is no question {question!r}."
        raise UsageError(text, did_you_mean(question, [place.asked.id for place in places]))
    return found[:1]


def _ask_all(wanted: Sequence[_Place], total: int, file: AnswerFile) -> None:
    click.echo(f"{len(wanted)} of {total} questions. Enter alone leaves one as it is; Ctrl-C stops.")
    shown = style()
    for place in wanted:
        _show(place, shown)
        _ask(place, file)


def _show(place: _Place, shown: Style) -> None:
    from nnedu.reporting.questions import question_lines

    first, *lines = question_lines(place.asked, place.number)
    so_far = [f"Your answer so far: {place.typed}"] if place.typed else []
    click.echo("\n" + shown.paint(shown.fit(first), "bold"))
    click.echo(shown.fit("\n".join(lines + so_far)))


def _ask(place: _Place, file: AnswerFile) -> None:
    """Ask until an answer is understood and not known to be wrong, or none is given."""
    while typed := click.prompt(">", default="", show_default=False, prompt_suffix=" ").strip():
        try:
            answer = place.asked.read(typed)
        except UsageError as error:
            click.echo(f"  {error.sentence} {error.next_step}")
            continue
        file.put(place.quiz, place.asked, place.number, typed)
        if place.asked.seal is None:
            click.echo("  kept; judged when graded")
            return
        verdict = place.asked.seal.judge(answer)
        if verdict.right:
            click.echo("  right")
            return
        click.echo(f"  not right. {verdict.misconception}".rstrip())
        click.echo("  Try again, or leave it with Enter.")


def _print_all(wanted: Sequence[_Place], file: AnswerFile) -> None:
    for place in wanted:
        _show(place, style())
    click.echo(f"\nThere is no terminal to ask in. Write your answers between the quotes in\n  {file.path}")


def _close(quizzes: Sequence[AskedQuiz], file: AnswerFile, lesson: str, *, asked_all: bool) -> None:
    """Say how far the student is, and what to type next."""
    from nnedu.running.quiz import look_at_quiz

    outcomes = [look_at_quiz(one, file.read()) for one in quizzes]
    click.echo("\n" + "\n".join(f"{one.id}: {one.summary}" for one in outcomes))
    try:
        shown = file.path.relative_to(Path.cwd())
    except ValueError:
        shown = file.path
    click.echo(f"Your answers are in {shown}, which you may edit.")
    done = all(one.state == "passed" for one in outcomes)
    more = "check" if done or asked_all else "quiz"
    click.echo(f"Next:  nnedu {more} {lesson}")
