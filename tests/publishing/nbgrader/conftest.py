"""One course of nbgrader for all tests of a run: its real commands take their time."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from nbgrader_class import LINES, SIX, TINY, NbgraderClass

from nnedu.publishing.nbgrader.config import Mode


@pytest.fixture(scope="session")
def quick_tiny(tmp_path_factory):
    """The second course with short limits, for students whose code never ends."""
    root = tmp_path_factory.mktemp("course") / "tiny"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    settings = root / "course.toml"
    text = settings.read_text("utf-8").replace("call_seconds = 5.0", "call_seconds = 1.0")
    settings.write_text(text.replace("submission_seconds = 30.0", "submission_seconds = 6.0"), "utf-8")
    return root


@pytest.fixture(scope="session")
def released(tmp_path_factory, quick_tiny):
    """A course of nbgrader whose assignment is generated and released."""
    klass = NbgraderClass(tmp_path_factory.mktemp("nbgrader") / "class", course=quick_tiny)
    klass.run("generate_assignment", LINES)
    klass.run("release_assignment", LINES)
    return klass


def exchange_settings(klass: NbgraderClass) -> str:
    root = klass.root / "exchange"
    return f'c = get_config()\nc.CourseDirectory.course_id = "lines"\nc.Exchange.root = {str(root)!r}\n'


@pytest.fixture(scope="session")
def handed_in(released):
    """Six students have fetched it, answered, and handed it in through nbgrader's exchange."""
    desk = released.root / "students"
    (desk / "nbgrader_config.py").write_text(exchange_settings(released), "utf-8")
    released.run("fetch_assignment", LINES, cwd=desk)
    fetched = json.loads((desk / LINES / f"{LINES}.ipynb").read_text("utf-8"))

    def submit(student):
        place = desk / student
        shutil.copytree(desk / LINES, place / LINES)
        shutil.copy(desk / "nbgrader_config.py", place)
        notebook = fetched if student == "fay" else released.answered(SIX[student], fetched)
        (place / LINES / f"{LINES}.ipynb").write_text(json.dumps(notebook), "utf-8")
        released.run("submit", LINES, f"--student={student}", cwd=place)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(submit, [*SIX, "fay"]))
    released.run("collect", LINES)
    return released


@pytest.fixture(scope="session")
def graded(handed_in):
    """Graded confined: the recommended way, and what all later steps of nbgrader are given."""
    handed_in.export(Mode.CONFINED)
    handed_in.run("autograde", LINES)
    return handed_in


ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def server(graded):
    """A Jupyter server in the course, as an instructor starts it for formgrader."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", f"--ServerApp.port={port}"]
    options += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"]
    log = (graded.root / "server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *options],
        cwd=graded.folder,
        env=graded.environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            assert process.poll() is None, (graded.root / "server.log").read_text("utf-8")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        log.close()


@pytest.fixture
def formgrader(server):
    """Open pages of formgrader in a real browser."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed here: apt-get install chromium")
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()

        def opened(path):
            page.goto(server + path)
            return page

        yield opened
        browser.close()
