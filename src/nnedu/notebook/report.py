"""What `%check` puts below a cell: an object that a notebook shows as HTML, and anything else as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnedu.notebook.page import as_html, as_text, message_html

if TYPE_CHECKING:
    from nnedu.errors import NneduError
    from nnedu.notebook.checked import Checked
    from nnedu.outcome import LessonOutcome


class Shown:
    """Something to be shown: `text` for a terminal, `html` for a notebook."""

    def __init__(self, text: str, html: str) -> None:
        self.text = text
        self.html = html

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        del include, exclude
        return {"text/plain": self.text, "text/html": self.html}


class Report(Shown):
    """What came of a check; the last line of a cell shows it. `outcome` holds the facts."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(as_text(checked), as_html(checked))
        self.outcome: LessonOutcome = checked.outcome

    @property
    def complete(self) -> bool:
        """Whether all that was checked passes."""
        return self.outcome.complete


def shown_error(error: NneduError) -> Shown:
    """Return what is shown where there is nothing to check."""
    return Shown(str(error), message_html(error.sentence, error.next_step))


def sentence(text: str, next_step: str = "") -> Shown:
    """Return a sentence to be shown."""
    return Shown(f"{text}\n{next_step}".rstrip(), message_html(text, next_step))
