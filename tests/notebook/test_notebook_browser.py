"""`%check` in real JupyterLab, in a real browser: it is there, in both themes, for everybody."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path

import nbformat
import pytest
from notebook_cells import notebook_of

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here: apt-get install chromium")
ARGUMENTS = [
    "--no-sandbox",  # it opens what was started here, also as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "a-token-of-this-test"  # noqa: S105 - of a server that lives as long as the test
WAIT = 90_000
SHOWN = 3
HOSTILE = """
def step(value, velocity, gradient):
    print("<b>bold</b>")
    raise ValueError("<img src=x onerror=alert(1)>")
"""


@pytest.fixture(scope="module")
def lab(jupyter_home, bundles):
    """JupyterLab on this machine, in a folder with one notebook; gives its address and how to choose a theme."""
    folder = jupyter_home / "work"
    folder.mkdir()
    sources = [
        "%load_ext nnedu",
        "def line(x, slope, intercept):\n    return slope * x + intercept\n\n\ndef fit(x, y):\n    return [1.0, 2.0]",
        f"%check line --from {bundles}",
        f"%check fit --from {bundles}",
        f"%%check step --from {bundles}{HOSTILE}",
    ]
    nbformat.write(notebook_of(sources), folder / "work.ipynb")
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
    command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.news_url=", f"--ServerApp.root_dir={folder}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            found = next((at for line in server.stdout if (at := re.search(r"http://127\.0\.0\.1:\d+/", line))), None)
            assert found is not None
            reader = threading.Thread(target=deque, args=(server.stdout, 0))
            reader.start()
            yield found[0]
        finally:
            server.terminate()
            server.wait()
            reader.join()


def choose(jupyter_home, theme):
    place = jupyter_home / "settings" / "@jupyterlab" / "apputils-extension"
    place.mkdir(parents=True, exist_ok=True)
    (place / "themes.jupyterlab-settings").write_text(json.dumps({"theme": f"JupyterLab {theme}"}))
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (place / "notification.jupyterlab-settings").write_text(json.dumps(quiet))


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_check_is_shown(lab, jupyter_home, theme):
    choose(jupyter_home, theme)
    said = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1200, "height": 1800})
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{lab}lab/tree/work.ipynb?token={TOKEN}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
        page.get_by_text("| Idle").wait_for(timeout=WAIT)  # what is run before that is forgotten
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        page.locator(".nnedu").nth(SHOWN - 1).wait_for(timeout=WAIT)
        shown = page.locator(".nnedu")
        texts = shown.all_inner_texts()
        dark = page.evaluate("getComputedStyle(document.querySelector('.nnedu')).colorScheme")
        found = axe.Axe().run(page, context=".nnedu").response["violations"]
        if "NNEDU_SCREENSHOTS" in os.environ:  # for whoever wants to look
            page.screenshot(path=Path(os.environ["NNEDU_SCREENSHOTS"], f"lab-{theme}.png"))
        browser.close()
    assert len(texts) == SHOWN
    assert "line done: 3 checks" in texts[0]
    assert "This matches" in texts[1] or "checks pass; the first that does not:" in texts[1]
    assert "ValueError: <img src=x onerror=alert(1)>" in texts[2]
    assert "<b>bold</b>" in texts[2]
    assert dark == theme.lower()
    assert {one["id"]: one["nodes"][0]["html"] for one in found} == {}
    assert [text for text in said if "nnedu" in text or "dialog" in text or "onerror" in text] == []
