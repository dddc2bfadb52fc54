"""The repository by itself: it names no machine and no registry, and what leaves for students holds no answers."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECONDS = 30
BUILD_SECONDS = 300  # it records every check of the course
LESSONS = [lesson["folder"] for lesson in tomllib.loads((ROOT / "course.toml").read_text("utf-8"))["lesson"]]
# Put together here, so that this very file does not hold what it looks for.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "proxy." + "golang.org",
]
INDEX = [
    "--index-" + "url",
    "--extra-index-" + "url",
    "--find-" + "links",
    "PIP_INDEX_" + "URL",
    "PIP_EXTRA_INDEX_" + "URL",
]
SETTING = r"\bindex[-_]url\s*" + "="
MACHINE = r"(?<![\w.~}$])/(?:root|work)" + r"/|(?<![\w.~}$])/(?:home|Users)" + r"/(?!NAME\b)\w"
FOREIGN = re.compile("|".join([*map(re.escape, HOSTS + INDEX), SETTING, MACHINE]))


def targets():
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def code_of(page):
    """Return what a page shows as code: fenced, indented, or between backquotes."""
    blocks = re.findall(r"^```\w*\n.*?^```$|^ {4}.*$|`[^`\n]+`", page, re.DOTALL | re.MULTILINE)
    return "\n".join(block.strip("`") for block in blocks)


def run(*command, folder=ROOT, environment=None, timeout=SECONDS):
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="module")
def files():
    """Return the files that are in git, or would be after `git add .`."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = run("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stdout
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_gates_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_makefile_has_every_target_that_is_named():
    named = set()
    for words in re.findall(r"\bmake((?: [a-z]+)+)", code_of((ROOT / "README.md").read_text("utf-8"))):
        # A target may be followed by what it does, two spaces on.
        named.update(words.split())
    gates = (ROOT / ".ci" / "run").read_text("utf-8")
    named.update(re.findall(r"^step make ([a-z]+)", gates, re.MULTILINE))
    named.update(word for loop in re.findall(r"^for gate in ([a-z ]+);", gates, re.MULTILINE) for word in loop.split())
    assert named >= {"demo", "test", "install"}
    assert named <= targets()


def test_no_file_names_a_registry_or_a_machine(files):
    found = []
    for name in files:
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        found += [
            f"{name}:{n}: {line.strip()[:120]}" for n, line in enumerate(text.splitlines(), 1) if FOREIGN.search(line)
        ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        *(f"https://{host}/simple" for host in HOSTS),
        "pip install --index-" + "url https://mirror.example",
        "index-" + "url = x",
        "PIP_INDEX_" + "URL=x",
        "open('/" + "root/.ssh')",
        "cd /" + "work/main",
        "see /" + "home/ada/nn",
    ],
)
def test_what_is_foreign_is_recognised(text):
    assert FOREIGN.search(text)


@pytest.mark.parametrize(
    "text", ["~/work/nn", "docs/home/x.md", "src/root/a", "./work/b", "$HOME/work/c", "the index of"]
)
def test_what_is_not_foreign_is_left_alone(text):
    assert not FOREIGN.search(text)


def test_every_pin_has_a_hash():
    text = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    lines = [line.split(" #")[0].strip() for line in text.replace("\\\n", " ").splitlines() if not line.startswith("#")]
    pins = [line for line in lines if line]
    pattern = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+( *;[^\n]*?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [pin for pin in pins if not pattern.fullmatch(pin)] == []
    names = {re.split(r"[=\[; ]", pin)[0].lower() for pin in pins}
    assert names >= {"numpy", "pytest", "click", "msgspec", "ruff", "mypy"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, files):
    """Build the wheel as `make wheel` does, from a copy: building leaves bundles beside the sources."""
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nwheel:")[2].partition("\n\n")[0]
    assert "-m build --wheel --no-isolation" in recipe
    folder = tmp_path_factory.mktemp("wheel")
    for name in files:
        if not name.startswith(("tests/", "benchmarks/")):
            (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / "copy" / name)
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist")
    built = run(*command, folder=folder / "copy", timeout=BUILD_SECONDS)
    assert built.returncode == 0, built.stdout
    [path] = (folder / "dist").glob("*.whl")
    return path


# What the engine needs besides modules: styles and templates of pages, and what Gradescope starts.
BESIDE = (
    r"nnedu/(py\.typed|notebook/style\.css|reporting/pages/templates/[\w.]+|publishing/gradescope/(setup\.sh|run_\w+))"
)


@pytest.fixture(scope="module")
def bundles(wheel):
    """Return the files of each bundle in the wheel."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".zip"):
                with archive.open(name) as data, zipfile.ZipFile(data) as bundle:
                    found[name] = {member: bundle.read(member) for member in bundle.namelist()}
    return found


def test_a_wheel_holds_the_engine_and_a_bundle_of_each_lesson(wheel, bundles):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    engine = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == engine
    assert set(bundles) == {f"nnedu/bundles/{lesson}.zip" for lesson in LESSONS}
    rest = [name for name in names if not re.match(r"nnedu/.+\.(py|zip)$|nnedu-[\w.]+\.dist-info/", name)]
    assert [name for name in rest if not re.fullmatch(BESIDE, name)] == []


def test_a_wheel_holds_no_solution_no_grader_and_no_mistake(wheel, bundles):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [name for name in names if re.search(r"(^|/)(solutions|graders|exercises|variants)/|mistakes_", name)] == []
    for members in bundles.values():
        assert [name for name in members if re.search(r"solutions/|variants/|mistakes_|hints\.toml", name)] == []
        known = {"README.md", "bundle.json", "figures", "graders", "quiz.json", "stubs", "traces"}
        assert {name.split("/")[0] for name in members} <= known


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_bundle_holds_no_text_that_gives_an_answer(bundles, lesson):
    members = bundles[f"nnedu/bundles/{lesson}.zip"]
    sources = [*(ROOT / "solutions" / lesson).glob("*.py"), *(ROOT / "graders" / lesson).glob("mistakes_*.py")]
    secrets = {text for path in sources for text in long_bodies(path.read_text("utf-8"))}
    for given in (ROOT / "exercises" / lesson).glob("*.py"):
        secrets.difference_update(long_bodies(given.read_text("utf-8")))
    assert secrets
    told = "\n".join(data.decode("utf-8") for name, data in members.items() if name.endswith((".py", ".json")))
    told = " ".join(told.split())
    assert [secret for secret in secrets if secret in told] == []
    graders = [data.decode("utf-8") for name, data in members.items() if name.startswith("graders/")]
    assert graders
    assert not any(re.search(r"^\s*@(\w+\.)?hidden\b", text, re.MULTILINE) for text in graders)


def long_bodies(source):
    """Yield the body of each function, without its docstring, where it is long enough to be somebody's own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = source.splitlines()[body[0].lineno - 1 : body[-1].end_lineno] if body else []
            text = " ".join(" ".join(lines).split())
            if len(text) > 60 and "NotImplementedError" not in text:
                yield text


def test_a_student_fetches_and_checks_with_nothing_but_the_wheel(wheel, tmp_path):
    place = tmp_path / "venv"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    python = place / "bin" / "python"
    installed = run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python),
        *("install", "--quiet", "--no-index", "--no-deps", wheel),
    )
    assert installed.returncode == 0, installed.stdout
    # What nnedu needs is that of this environment; whose own .pth file, which leads to the sources here, is not read.
    [site] = place.glob("lib/python*/site-packages")
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUTF8": "1"}
    where = run(python, "-c", "import nnedu; print(nnedu.__file__)", folder=home, environment=environment)
    assert where.stdout.startswith(str(site)), where.stdout
    name = LESSONS[0]
    short = "lesson" + re.search(r"[1-9]\d*", name)[0]
    fetched = run(place / "bin" / "nnedu", "fetch", short, folder=home, environment=environment)
    assert fetched.returncode == 0, fetched.stdout
    checked = run(place / "bin" / "nnedu", "check", short, folder=home, environment=environment)
    assert checked.returncode == 1, checked.stdout
    assert re.search(r"^0 of \d+ exercises done, 0 of \d+ points", checked.stdout, re.MULTILINE), checked.stdout
