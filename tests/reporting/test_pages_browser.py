"""The pages in a real browser: nothing is loaded, nothing is injected, and everybody can read and sort them."""

import re
import shutil
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pages_records import (
    HOSTILE,
    course_report,
    hostile_course,
    hostile_lesson,
    hostile_student,
    lesson_report,
    people,
    student_report,
)

from nnedu.reporting.pages.render import course_html, lesson_html, student_html

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here: apt-get install chromium")
ARGUMENTS = [
    "--no-sandbox",  # it opens files that were written here, also as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "lesson": lambda: lesson_html(lesson_report()),
    "course": lambda: course_html(course_report()),
    "student": lambda: student_html(student_report()),
    "lesson of a hostile class": lambda: lesson_html(hostile_lesson()),
    "course of a hostile class": lambda: course_html(hostile_course()),
    "student who is hostile": lambda: student_html(hostile_student()),
    "lesson without students": lambda: lesson_html(
        replace(lesson_report(), people=(), columns=(), misunderstood=(), faults=(), alike=())
    ),
}
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Opened:
    """A page, and what the browser said and asked for while it was open."""

    def __init__(self, page, path):
        self.page, self.said, self.asked, self.refused = page, [], [], {}
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", lambda request: self.refused.update({request.url: request.failure}))
        page.goto(path.as_uri())


@pytest.fixture
def opening(chromium, tmp_path):
    """Open pages as files, as an instructor does."""

    @contextmanager
    def opened(html, **options):
        path = tmp_path / "page.html"
        path.write_text(html, "utf-8")
        context = chromium.new_context(**options)
        try:
            yield Opened(context.new_page(), path)
        finally:
            context.close()

    return opened


def in_column(page, table, column):
    return page.locator(f"{table} tbody tr").evaluate_all(f"rows => rows.map(row => row.cells[{column}].innerText)")


@pytest.mark.parametrize("what", PAGES)
def test_nothing_is_loaded_and_nothing_goes_wrong(opening, what):
    with opening(PAGES[what]()) as opened:
        opened.page.wait_for_load_state("networkidle")
        assert opened.said == []
        assert len(opened.asked) == 1
        assert opened.asked[0].startswith("file:")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("what", PAGES)
def test_a_page_is_accessible(opening, what, colours):
    with opening(PAGES[what](), color_scheme=colours) as opened:
        for fold in opened.page.locator("details").all():
            fold.evaluate("one => one.open = true")
        found = axe.Axe().run(opened.page).response["violations"]
        serious = {one["id"]: one["nodes"][0]["html"] for one in found if one["impact"] in SERIOUS}
        assert serious == {}


@pytest.mark.parametrize("what", [what for what in PAGES if "hostile" in what])
def test_hostile_texts_stay_texts(opening, what):
    """The elements are those of the templates, the title is not taken over, and no text obeys anybody."""
    calm = what.replace(" of a hostile class", "").replace(" who is hostile", "")
    kinds = "() => [...new Set(Array.from(document.querySelectorAll('*'), one => one.localName))].sort()"
    attributes = "() => Array.from(document.querySelectorAll('*'), one => one.getAttributeNames()).flat()"
    with opening(PAGES[calm]()) as opened:
        known = set(opened.page.evaluate(kinds))
    with opening(PAGES[what]()) as opened:
        page = opened.page
        assert set(page.evaluate(kinds)) <= known
        assert page.locator("body script").count() == (what != "student who is hostile")
        assert page.locator("style").count() == 1
        assert [name for name in page.evaluate(attributes) if name.startswith("on") or name in {"style", "src"}] == []
        assert "owned" not in page.title() or "<script>" in page.title()
        text = page.evaluate("() => document.documentElement.textContent")
        assert "<script>document.title='owned'</script>" in text
        assert [hex(ord(c)) for c in "\x1b\x07\x00\u202e\u202c\u2028\u2029\ufeff" if c in text] == []
        assert "{{ 7 * 7 }}" in text
        assert max(map(len, re.findall("x+", text))) < 4100


def test_the_policy_stops_what_would_get_into_a_page(opening):
    """Were something not escaped, it would not run, and neither would a style apply or an image be asked for."""
    slipped = '<script>document.title="owned"</script><img src="https://example.org/x.png" onerror="document.title=1">'
    html = lesson_html(lesson_report()).replace("</main>", f'{slipped}<p id="p" style="color: red">x</p></main>')
    with opening(html) as opened:
        opened.page.wait_for_load_state("networkidle")
        assert opened.page.title() == "Backpropagation: how the class did"
        assert opened.refused == {"https://example.org/x.png": "csp"}
        assert opened.page.evaluate("() => getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
        assert len(opened.said) >= 3


def test_the_map_is_sorted_with_the_mouse(opening):
    """Marks from the best down, then up; who has none is last both ways."""
    missing = replace(people()[14], marked=False)
    class_ = (missing, *(one for one in people() if one.login != missing.login))
    with opening(lesson_html(replace(lesson_report(), people=class_))) as opened:
        page = opened.page
        head = page.get_by_role("columnheader", name="Mark", exact=True)
        assert head.get_attribute("aria-sort") == "none"
        for way, sign in (("descending", -1), ("ascending", 1)):
            head.get_by_role("button").click()
            assert head.get_attribute("aria-sort") == way
            marks = in_column(page, ".map", 1)
            assert marks[-1] == "–"
            numbers = [float(mark) for mark in marks[:-1]]
            assert numbers == sorted(numbers, key=lambda mark: sign * mark)
            assert page.get_by_role("status").text_content() == f"Sorted by Mark, {way}."
        assert page.locator(".map th[aria-sort]:not([aria-sort=none])").count() == 1


def test_the_map_is_sorted_with_the_keyboard(opening):
    """From the top of the page, by Tab and Enter alone; an exercise by its points, letters after numbers."""
    with opening(lesson_html(lesson_report())) as opened:
        page = opened.page
        for _ in range(100):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.closest('.map th')?.innerText.includes('backprop')"):
                break
        else:
            pytest.fail("Tab never reaches the map")
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.closest('th').getAttribute('aria-sort')") == "descending"
        column = page.evaluate("() => document.activeElement.closest('th').cellIndex")
        cells = in_column(page, ".map", column)
        numbers = [int(cell) for cell in cells if cell.isdigit()]
        assert numbers == sorted(numbers, reverse=True)
        assert all(cell.isdigit() for cell in cells[: len(numbers)])
        page.keyboard.press("Space")
        assert page.evaluate("() => document.activeElement.closest('th').getAttribute('aria-sort')") == "ascending"


def test_names_are_sorted_by_letters_and_shares_by_size(opening):
    with opening(lesson_html(lesson_report())) as opened:
        page = opened.page
        page.locator(".map").get_by_role("button", name="Student").click()
        assert in_column(page, ".map", 0)[0].startswith("Ada")
        table = "section:has(#exercises) table"
        page.locator(table).get_by_role("button", name="All right").click()
        shares = [int(cell.split()[0]) for cell in in_column(page, table, 2)]
        assert shares == sorted(shares, reverse=True)


def test_the_trend_is_sorted_by_its_change(opening):
    with opening(course_html(course_report())) as opened:
        opened.page.get_by_role("button", name="Trend").click()
        ends = [list(map(int, cell.split(" to "))) for cell in in_column(opened.page, ".map", 2)]
        changes = [last - first for first, last in ends]
        assert changes == sorted(changes)


@pytest.mark.parametrize("what", ["lesson", "course", "student"])
def test_the_keyboard_comes_first_to_a_link_past_the_head(opening, what):
    with opening(PAGES[what]()) as opened:
        page = opened.page
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.innerText") == "Skip to the report"
        box = page.locator(".skip").bounding_box()
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "main"


def test_whatever_has_the_focus_shows_it(opening):
    with opening(lesson_html(lesson_report())) as opened:
        page = opened.page
        for _ in range(30):
            page.keyboard.press("Tab")
            seen = page.evaluate("() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle }")
            assert seen == "solid"


def test_without_a_script_everything_is_there(opening):
    with opening(lesson_html(lesson_report()), java_script_enabled=False) as opened:
        page = opened.page
        assert page.locator(".map tbody tr").count() == len(people())
        assert page.locator("button").count() == 0
        assert page.locator(".map").get_by_text("Ada Lovelace").is_visible()


@pytest.mark.parametrize("width", [320, 400, 900, 1400])
@pytest.mark.parametrize("what", PAGES)
def test_no_width_makes_the_page_itself_scroll_sideways(opening, what, width):
    """320 is a screen of 1280 at 400 %; tables scroll inside their own frames."""
    with opening(PAGES[what](), viewport={"width": width, "height": 800}) as opened:
        for fold in opened.page.locator("details").all():
            fold.evaluate("one => one.open = true")
        assert opened.page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_dark_is_dark_and_light_is_light(opening):
    sums = {}
    for colours in ("light", "dark"):
        with opening(lesson_html(lesson_report()), color_scheme=colours) as opened:
            colour = opened.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
            sums[colours] = sum(int(part) for part in colour.strip("rgb()").split(","))
    assert sums["dark"] < 150
    assert sums["light"] > 600


def test_print_is_light_whole_and_without_what_only_a_screen_has(opening):
    """Also for those who read in the dark: nothing scrolls on paper, and what is folded is printed."""
    with opening(lesson_html(lesson_report()), color_scheme="dark") as opened:
        page = opened.page
        page.emulate_media(media="print")
        assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.locator("nav").is_visible()
        assert page.evaluate("() => getComputedStyle(document.querySelector('.tall')).overflowY") == "visible"
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")
        assert page.locator("details[open]").count() == 0
        assert page.pdf().startswith(b"%PDF")


def test_a_name_in_another_script_does_not_turn_what_stands_beside_it(opening):
    with opening(lesson_html(lesson_report())) as opened:
        names = opened.page.locator(".map tbody th bdi").all_inner_texts()
        assert "נועה כהן" in names
        assert len(names) == len(people())
        assert HOSTILE[2] not in names
