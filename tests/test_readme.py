"""What the README shows works as it is typed, and its links lead somewhere.

Run are the lines `$ nnedu ...` of its ```sh blocks, in order, but those with `...` in them. Students' commands run in a
folder of their own, those of instructors and authors in a copy of the course beside it, as the README says. There is
what a reader has by then: a folder `classroom` beside both, and, once a lesson is fetched, a line typed into each file.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|^\[[^\]]+\]:\s+(\S+)|<(?:img|a)\s[^>]*(?:src|href)=\"([^\"]+)", re.MULTILINE)
IN_THE_COURSE = {"release", "collect", "grade", "report", "course"}
UNFINISHED = {"check", "grade"}
SECONDS = 30


def commands(text):
    blocks = [block for language, block in FENCE.findall(text) if language == "sh"]
    lines = [
        line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines() if line.startswith("$ ")
    ]
    return [line for line in lines if line.split()[:1] == ["nnedu"] and "..." not in line]


def links(text):
    found = ("".join(groups) for groups in LINK.findall(FENCE.sub("", text)))
    return [link.partition("#")[0] for link in found if not re.match(r"[a-z]+:|#|//", link)]


COMMANDS = commands(README.read_text("utf-8")) if README.is_file() else []
PAGES = [README, *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "benchmarks").glob("*.md"))]


class Terminal:
    """Runs the commands in order, each once; asked for one, it first runs those before it."""

    def __init__(self, folder):
        self.student, self.course = folder / "student", folder / "course"
        self.student.mkdir()
        for name in ("exercises", "solutions", "graders"):
            shutil.copytree(ROOT / name, self.course / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "course.toml", self.course)
        (folder / "classroom").mkdir()
        (folder / "tmp").mkdir()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("NNEDU_")}
        self.environment |= {"HOME": str(folder), "TMPDIR": str(folder / "tmp"), "PYTHONUTF8": "1"}
        self.done = []

    def result(self, number):
        while len(self.done) <= number:
            self.done.append(self._run(COMMANDS[len(self.done)]))
        return self.done[number]

    def _run(self, line):
        words = shlex.split(line, comments=True)
        words[0] = str(Path(sys.executable).with_name("nnedu"))
        done = self._start(words)
        if words[1:2] == ["fetch"]:
            for path in self.student.glob("*/*.py"):
                path.write_text(path.read_text("utf-8") + "\n# begun\n", "utf-8")
        return done

    def _start(self, words):
        return subprocess.run(
            words,
            cwd=self.course if words[1:2] and words[1] in IN_THE_COURSE else self.student,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    return Terminal(tmp_path_factory.mktemp("readme"))


def test_the_readme_shows_students_instructors_and_authors_what_to_type():
    shown = {command.split()[1] for command in COMMANDS if len(command.split()) > 1}
    assert shown >= {"fetch", "check", "hint", "submit", "grade", "course"}


@pytest.mark.parametrize(("number", "line"), list(enumerate(COMMANDS)), ids=COMMANDS)
def test_a_command_of_the_readme_works(terminal, number, line):
    done = terminal.result(number)
    words = line.split()
    expected = {0, 1} if words[1:2] and words[1] in UNFINISHED else {0}
    assert done.returncode in expected, f"{line} exited with {done.returncode}:\n{done.stdout}"
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_lead_to_files(page):
    assert [link for link in links(page.read_text("utf-8")) if link and not (page.parent / link).exists()] == []


def test_commands_are_found_in_sh_blocks_alone():
    inside = ["$ nnedu a", "$ nnedu b ...", "$ make c", "nnedu d", "$ nnedue", "$ nnedu f  # why"]
    text = "\n".join(["```sh", *inside, "```", "", "```", "$ nnedu g", "```", "$ nnedu h", ""])
    assert commands(text) == ["nnedu a", "nnedu f  # why"]


def test_links_are_found_wherever_they_stand():
    text = '[a](x.md#y) ![b](c.png) [d](https://e) [f](#g)\n```sh\n[h](i)\n```\n<img alt="" src="j.svg">\n\n[k]: l.md\n'
    assert links(text) == ["x.md", "c.png", "j.svg", "l.md"]
