"""`%check`, `%%check` and `%hint`: what IPython calls when a student types them."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnedu.errors import NneduError, UsageError
from nnedu.notebook.cells import cell_name
from nnedu.notebook.checked import check_broken, check_namespace
from nnedu.notebook.lessons import find_target
from nnedu.notebook.report import Report, Shown, sentence, shown_error
from nnedu.reporting.terminal import short_lesson

if TYPE_CHECKING:
    from nnedu.notebook.lessons import Target

USAGE = "As in: %check relu_derivative    or  %check lesson5/backprop    or  %check lesson5 --from bundles/"


class Magics:
    """The commands of one notebook, and what its last checks have found."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._mistakes: dict[tuple[str, str], str | None] = {}
        self._hints: dict[tuple[str, str, str | None], int] = {}
        self._inner: dict[str, str] = {}

    def check(self, line: str, cell: str | None = None) -> Shown | None:
        """Check what is defined in this notebook.

        As in `%check relu_derivative`, `%check lesson5/backprop` or `%check lesson5`; with `%%check` in the first line
        of a cell, the cell is run first. `--from PATH` names a bundle, or a folder of them.
        """
        try:
            target = find_target(*_arguments(line))
            if cell is not None:
                broken = self._run(cell, target)
                if broken is not None:
                    return broken
            return self._report(target)
        except NneduError as error:
            return shown_error(error)
        except KeyboardInterrupt:
            return sentence("The check was interrupted; nothing is lost.", f"Next:  %check {line}")

    def hint(self, line: str) -> Shown:
        """Give the next hint on an exercise, fitting what its last check found."""
        try:
            target = find_target(*_arguments(line))
        except NneduError as error:
            return shown_error(error)
        manifest = target.bundle.manifest
        lesson, exercise = manifest.lesson, target.exercises[0]
        mistake = self._mistakes.get((lesson, exercise))
        hints = manifest.hints(exercise, mistake)
        again = f"{short_lesson(lesson)}/{exercise}"
        if not hints:
            return sentence(f"There is no hint for {exercise}.", f"Next:  %check {again}")
        key = (lesson, exercise, mistake)
        level = self._hints[key] = min(self._hints.get(key, 0) + 1, len(hints))
        more = f"    or once more  %hint {again}" if level < len(hints) else ""
        general = "" if mistake else " (general)"
        text = f"{exercise}, hint {level} of {len(hints)}{general}: {hints[level - 1]}"
        return sentence(text, f"Next:  %check {again}{more}")

    def _run(self, cell: str, target: Target) -> Shown | None:
        """Run a cell; return what is to be shown if there is nothing to check after it."""
        whole = f"# %%check\n{cell}"  # a line in place of its first, so that lines are counted as the notebook does
        source = self._shell.transform_cell(whole)
        name = f"cell {self._shell.displayhook.prompt_count}"
        try:
            ast.parse(source)
        except SyntaxError as error:
            return Report(check_broken(error, name, target))
        # To IPython this is a cell within a cell, with the number of the next one.
        self._inner[self._shell.compile.get_code_name(whole, source, self._shell.execution_count)] = name
        result = self._shell.run_cell(whole, store_history=False)
        if result.success:
            return None
        raised = result.error_in_exec or result.error_before_exec
        what = f"The cell raised {type(raised).__name__}" if raised is not None else "The cell did not run to its end"
        return sentence(f"{what}, so nothing was checked.")

    def _name_of(self, file: str) -> str | None:
        return self._inner.get(file) or cell_name(file)

    def _report(self, target: Target) -> Report:
        report = Report(check_namespace(self._shell.user_ns, target, self._name_of))
        for one in report.outcome.exercises:
            self._mistakes[report.outcome.lesson, one.id] = one.diagnosis.mistake if one.diagnosis else None
        return report


def _arguments(line: str) -> tuple[str, Path | None]:
    """Return what is to be checked, and where its lesson comes from."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        text = f"{line.strip()} cannot be read: {error}."
        raise UsageError(text, USAGE) from error
    source = None
    if "--from" in words:
        at = words.index("--from")
        if at + 1 == len(words):
            text = "--from names a bundle, or a folder of them."
            raise UsageError(text, USAGE)
        source = Path(words[at + 1])
        del words[at : at + 2]
    if len(words) != 1 or words[0].startswith("-"):
        text = "Name one thing to check."
        raise UsageError(text, USAGE)
    return words[0], source


def register(shell: Any) -> None:
    """Give an IPython its commands."""
    magics = Magics(shell)
    shell.register_magic_function(magics.check, "line_cell", "check")
    shell.register_magic_function(magics.hint, "line", "hint")
