"""A reader's own text size holds: nothing overlaps, is cut off, or scrolls sideways.

A browser's default size is what `rem` and the `em` of breakpoints follow; a page can't set it, so
each size is a browser of its own. People who see less set 20, 24 or 32 px, or a minimum.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import show
from playwright.sync_api import Page, Playwright
from support import BROWSER_PAGES, MEASURE, report

WIDTHS = [360, 390, 480, 640, 768, 960, 1024, 1100, 1280]
# The default size and the minimum size; each in a browser of its own, and the long ones thorough.
SIZES = [(20, 0), (24, 0), (32, 0), (16, 20), (16, 24)]

# A link to a heading, followed: does it land below the header, and inside the window?
LANDING = """() => {
  const header = document.querySelector("#pst-header");
  const last = [...document.querySelectorAll("article .headerlink")].at(-1);
  if (!last) return [];
  last.click();
  const { top, bottom } = last.parentElement.getBoundingClientRect();
  const shown = top >= header.getBoundingClientRect().bottom && bottom <= innerHeight;
  scrollTo(0, 0);
  return shown ? [] : [`a link to "${last.parentElement.textContent}" doesn't show it`];
}"""


@pytest.fixture
def large_text(
    playwright: Playwright,
    browser_type_launch_args: dict[str, object],
    browser_context_args: dict[str, object],
    tmp_path: Path,
    size: int,
    minimum: int,
) -> Iterator[Page]:
    """Return a page in a browser with these sizes."""
    fonts = {"default_font_size": size, "minimum_font_size": minimum}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text(json.dumps({"webkit": {"webprefs": fonts}}))
    options = {**browser_type_launch_args, **browser_context_args, "reduced_motion": "reduce"}
    context = playwright.chromium.launch_persistent_context(tmp_path, **options)
    context.add_init_script(path=MEASURE)
    yield context.pages[0]
    context.close()


@pytest.mark.parametrize(
    ("size", "minimum", "widths"),
    [
        (24, 0, [360, 1024]),
        *(pytest.param(*sizes, WIDTHS, marks=pytest.mark.long) for sizes in SIZES),
    ],
)
def test_large_text(large_text: Page, size: int, minimum: int, widths: list[int]) -> None:
    """Every page fits, and a link to its last heading shows the heading below the header."""
    page, found = large_text, []
    show(page, "/")
    shown = page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)")
    assert shown >= max(size, minimum), f"the text has {shown} px: the browser ignores the size"
    for path in BROWSER_PAGES:
        show(page, path)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            problems = page.evaluate("measure.unfit()") + page.evaluate(LANDING)
            found += [f"{path} at {width} px: {problem}" for problem in problems]
    report(found)
