"""Build a site plain and lean, and compare what readers get: bytes, pictures, features, errors.

Run `python -m sphinx_lean.compare DOCS`. It needs Playwright, Pillow and Chromium.
"""

import argparse
import functools
import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Error, Page, sync_playwright
from sphinx.config import Config
from sphinx.util.tags import Tags

from .pages import THEME

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # also as root
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # no other host answers
PACKED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}  # other files are compressed
VIEWS = [(width, theme) for width in (390, 1280) for theme in ("light", "dark")]
LATER = re.compile(r"https?://127\.0\.0\.1:\d+|lean\.\w+\.js|:\d+(?::\d+)?")  # differs by itself
SITES = ("plain", "lean")


class Host(SimpleHTTPRequestHandler):
    """A static host: it compresses text, and browsers keep all but pages."""

    protocol_version = "HTTP/1.1"  # connections stay open
    disable_nagle_algorithm = True  # a small answer doesn't wait for the next one

    def send_head(self) -> BinaryIO | None:  # type: ignore[override]
        """Send the status and the headers, and return the body."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return super().send_head()  # an error
        body = path.read_bytes()
        self.send_response(200)
        if path.suffix in PACKED:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        cache = "no-cache" if path.suffix == ".html" else "max-age=31536000"
        self.send_header("Cache-Control", cache)
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(folder: Path) -> str:
    """Serve a folder as long as the program runs, and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(folder)))
    server.handle_error = lambda *_: None  # a browser may leave before the end of an answer
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def build(given: argparse.Namespace, folder: Path, is_lean: bool) -> tuple[float, list[str]]:
    """Build the site; return the processor seconds and the warnings."""
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, [Path(__file__).parents[1], *sys.path]))
    extensions = [*Config.read(given.docs, overrides={}, tags=Tags()).extensions, "sphinx_lean"]
    name = folder / SITES[is_lean]
    command = [sys.executable, "-m", "sphinx", "-q", "-b", given.builder, f"-Dlean={is_lean:d}"]
    command += [f"-Dextensions={','.join(dict.fromkeys(extensions))}", f"-d{name}-doctrees"]
    command += [*given.options, str(given.docs), str(name)]
    before = os.times()
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=given.docs)  # noqa: S603
    after = os.times()
    if done.returncode:
        raise SystemExit(done.stderr)
    seconds = after[2] + after[3] - before[2] - before[3]
    return seconds, sorted(re.findall(r".*(?:WARNING|ERROR): .*", done.stderr))


def chosen(folder: Path, most: int) -> list[str]:
    """Return the addresses of some pages of the theme: the first, the search, and others."""
    texts = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", "replace")
        for path in sorted(folder.rglob("*.html"))
        if "_static" not in path.parts
    }
    names = [name for name, text in texts.items() if THEME in text]
    first = [name for name in names if re.fullmatch(r"(?:index|search(?:/index)?)\.html", name)]
    for mark in ("sd-tab-set", "<details", "copybtn", "data-bs-", "<pre", "admonition", "<table"):
        first += [name for name in names if mark in texts[name]][:1]
    others = [name for name in names if name not in first]
    step = max(1, len(others) // max(1, most - len(set(first))))
    return [*dict.fromkeys([*first, *others[::step]])][: most or None]


def opened(browser: Browser, address: str, theme: str, width: int, errors: list[str]) -> Page:
    """Return a window in which nothing moves."""
    context = browser.new_context(base_url=address, reduced_motion="reduce", color_scheme=theme)
    context.set_default_timeout(5000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    context.add_init_script(f"localStorage.mode ??= localStorage.theme ??= '{theme}'")
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    return page


def go(page: Page, path: str, until: str = "networkidle") -> None:
    """Open a page, and wait until all of it is there."""
    with suppress(Error):
        page.goto(path, wait_until=until)
    page.evaluate("document.fonts.ready")


def picture(page: Page) -> Image.Image:
    """Return a picture of a whole page."""
    taken = page.screenshot(full_page=True, animations="disabled", timeout=60_000)
    return Image.open(io.BytesIO(taken)).convert("RGB")


def differs(pages: list[Page], path: str) -> bool:
    """Return whether a page looks different; a busy machine may draw it late."""
    for wait in (0, 500, 2000, 5000):
        for page in pages:
            go(page, path, "load")
            page.wait_for_timeout(wait)
        one, two = map(picture, pages)
        if one.size == two.size and not ImageChops.difference(one, two).getbbox():
            return False
    return True


def visit(browser: Browser, address: str, path: str) -> tuple[int, int]:
    """Return the requests and bytes of a page in a browser that knows nothing of the site."""
    page = opened(browser, address, "light", 1280, [])
    session, answers, ends = page.context.new_cdp_session(page), {}, []
    session.on("Network.responseReceived", lambda e: answers.update({e["requestId"]: e}))
    session.on("Network.loadingFinished", lambda e: ends.append(e))
    session.send("Network.enable")
    go(page, path)
    asked = {key for key, e in answers.items() if e["response"]["url"].startswith("http")}
    sizes = [e["encodedDataLength"] for e in ends if e["requestId"] in asked]
    page.context.close()
    return sum(size > 0 for size in sizes), round(sum(sizes))


# -- What a reader can do: each yields what it did, or nothing where a page doesn't have it ------


def theme_menu(page: Page) -> Iterator[object]:
    """Choose the dark theme, then that of the system."""
    button = page.locator("header .theme-switch-button:visible")
    for mode in ("dark", "auto") if button.count() else ():
        button.click()
        menu = page.locator("header .theme-switch-container .dropdown-menu")
        yield menu.is_visible(), button.get_attribute("aria-expanded"), menu.bounding_box()
        menu.locator(f"[data-mode={mode}]").click()
        yield menu.is_visible(), page.evaluate("({...document.documentElement.dataset})")


def search(page: Page) -> Iterator[object]:
    """Look for a word, and follow the first result."""
    if not page.locator("#pst-search-dialog").count():
        return
    page.keyboard.press("Control+k")
    page.keyboard.type("the page", delay=20)
    page.wait_for_timeout(900)
    typed = page.locator("#pst-search-dialog #search-results li")
    yield typed.count() > 0, page.locator("#pst-search-dialog").is_visible()
    page.keyboard.press("Enter")
    page.locator("#search-results li").first.wait_for()
    page.wait_for_timeout(900)
    links = page.locator("#search-results li a")
    yield links.evaluate_all("all => all.map(link => link.innerText)")[:9]
    links.first.click()
    page.wait_for_url(lambda url: "search" not in url.rpartition("/")[2] and "q=" not in url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    yield page.title(), page.locator(".highlighted").count()


def sidebar_collapse(page: Page) -> Iterator[object]:
    """Collapse the sidebar and bring it back."""
    button = page.locator("#pst-collapse-sidebar-button:visible")
    for _ in range(2 * button.count()):
        button.click()
        page.wait_for_timeout(300)
        shown = page.locator(".tooltip").all_inner_texts()
        sidebar = page.locator("#pst-primary-sidebar")
        yield button.get_attribute("aria-expanded"), sidebar.bounding_box(), shown


def version_switcher(page: Page) -> Iterator[object]:
    """Open the list of versions."""
    button = page.locator(".version-switcher__button:visible")
    if button.count():
        button.first.click()
        yield page.locator(".version-switcher__menu:visible a").all_inner_texts()
        yield button.first.inner_text(), page.locator("#bd-header-version-warning").inner_text()
        page.keyboard.press("Escape")


def opening_parts(page: Page) -> Iterator[object]:
    """Open each dropdown, tab, and whatever Bootstrap opens on the page."""
    parts = "summary, .sd-tab-set > label, .toggle-button, .admonition.toggle"
    more = "[data-bs-toggle]:not([data-bs-toggle=tooltip], .theme-switch-button)"
    for part in page.locator(f"main :is({parts}):visible, {more}:visible").all()[:12]:
        with suppress(Error):
            part.click(timeout=2000)
        page.wait_for_timeout(250)
        yield page.locator("body").inner_text()
        page.keyboard.press("Escape")


def copy_buttons(page: Page) -> Iterator[object]:
    """Copy the first piece of code."""
    if page.locator("button.copybtn").count():
        page.locator(".highlight:has(.copybtn):visible").first.hover()
        button = page.locator("button.copybtn:visible").first
        button.click()
        page.locator("button.copybtn.success").first.wait_for()
        yield button.get_attribute("data-tooltip"), page.evaluate("navigator.clipboard.readText()")


def back_to_top(page: Page) -> Iterator[object]:
    """Scroll down, up a bit, and go back with the button."""
    button = page.locator("#pst-back-to-top")
    if button.count() and page.evaluate("document.body.scrollHeight") > 2400:
        page.mouse.wheel(0, 1500)
        page.wait_for_function("scrollY > 1000")
        page.mouse.wheel(0, -200)
        button.click()
        yield page.wait_for_function("scrollY == 0").json_value()


def contents(page: Page) -> Iterator[object]:
    """Follow a link of the list of a page's parts."""
    link = page.locator("#pst-page-toc-nav a:visible")
    if link.count() > 1:
        link.nth(1).click()
        page.wait_for_timeout(300)
        yield page.url.rpartition("#")[2], link.nth(1).get_attribute("aria-current")


def mobile_menus(page: Page) -> Iterator[object]:
    """Open both drawers of a phone, and the theme's menu in one."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload(wait_until="load")  # as a phone loads it: nothing waits for the window's change
    for name in ("primary", "secondary"):
        button = page.locator(f".{name}-toggle:visible")
        if button.count():
            button.first.click()
            drawer = page.locator("dialog[open]")
            yield drawer.inner_text(), drawer.bounding_box()
            theme = drawer.locator(".theme-switch-button")
            if theme.count():
                theme.click()
                yield drawer.locator(".dropdown-menu.show li").all_inner_texts()
                page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.wait_for_timeout(400)
            yield page.locator("dialog[open]").count()


FEATURES: list[Callable[[Page], Iterator[object]]] = [
    *(theme_menu, search, sidebar_collapse, version_switcher, opening_parts),
    *(copy_buttons, back_to_top, contents, mobile_menus),
]


def driven(page: Page, feature: Callable[[Page], Iterator[object]], path: str) -> list[object]:
    """Do something on a page, and return what happened."""
    seen: list[object] = []
    page.set_viewport_size({"width": 1280, "height": 800})
    go(page, path, "load")
    page.wait_for_timeout(150)
    try:
        for step in feature(page):
            seen.append(step)
    except Error as error:
        seen.append(f"failed: {error.message.splitlines()[0]}")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    return seen


def compared(given: argparse.Namespace, folder: Path, browser: Browser) -> dict[str, str]:
    """Build, open and drive both sites; return the rows of the table."""
    times, warnings = zip(
        *(build(given, folder, is_lean) for is_lean in (False, True)), strict=True
    )
    paths = given.only or chosen(folder / "plain", given.pages)
    addresses = [serve(folder / name) for name in SITES]
    new = [line for line in warnings[1] if re.sub(r"/lean\b", "", line) not in warnings[0]]
    rows = {"Warnings beyond the plain build's": str(len(new))}
    for line in new:
        print(f"  {line}")
    taken = [[visit(browser, address, path) for path in paths] for address in addresses]
    unlike, errors, count = [], ([], []), 0
    for width, theme in given.views:
        pages = [
            opened(browser, address, theme, width, said)
            for address, said in zip(addresses, errors, strict=True)
        ]
        for path in paths:
            count += 1
            if differs(pages, path):
                unlike.append(f"{path} at {width} px, {theme}")
                for name, page in zip(SITES, pages, strict=True):
                    picture(page).save(f"{folder}/{len(unlike)}-{name}.png")
        for page in pages:
            page.context.close()
    done, broken = [], []
    pages = [
        opened(browser, address, "light", 1280, said)
        for address, said in zip(addresses, errors, strict=True)
    ]
    for feature in FEATURES:
        tried = 0
        for path in paths:
            plain, lean = (driven(page, feature, path) for page in pages)
            if plain != lean:
                broken.append(f"{feature.__name__} on {path}: {_first(plain, lean)}")
            tried += bool(plain)
            if tried == (1 if feature is search else 3):
                break
        done += [feature.__name__.replace("_", " ")] if tried else []
    # The first line says what: the others name the files, which differ.
    usual, ours = ({LATER.sub("", error.partition("\n")[0]) for error in said} for said in errors)
    odd = sorted(ours - usual)
    for line in [*unlike, *broken, *odd]:
        print(f"  {line}")
    for number, what in ((1, "kB"), (0, "requests")):
        plain, lean = ([visits[number] for visits in site] for site in taken)
        unit = 1000 if number else 1
        rows[f"First visit to {paths[0]}, {what}"] = f"{plain[0] / unit:.0f} → {lean[0] / unit:.0f}"
        ratio = sum(lean) / sum(plain)
        mean = [sum(site) / len(paths) / unit for site in (plain, lean)]
        rows[f"Mean of {len(paths)} pages, {what}"] = f"{mean[0]:.0f} → {mean[1]:.0f} ({ratio:.0%})"
    rows["Pictures that differ"] = f"{len(unlike)} of {count}"
    rows["Share of the bytes"] = f"{sum(s for _, s in taken[1]) / sum(s for _, s in taken[0]):.0%}"
    rows["Features driven"] = ", ".join(done)
    rows["Features broken"] = str(len(broken))
    rows["Console errors beyond the plain site's"] = str(len(odd))
    rows["Build, processor seconds"] = (
        f"{times[0]:.1f} → {times[1]:.1f} ({times[1] / times[0]:.0%})"
    )
    return rows


def _first(plain: list[object], lean: list[object]) -> str:
    """Return the first step that differs."""
    for one, two in zip(plain, lean, strict=False):
        if one != two:
            return f"{str(one)[-300:]!r} became {str(two)[-300:]!r}"
    return f"{len(plain)} steps became {len(lean)}"


def main() -> None:
    """Compare the site that the command line names, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("docs", type=lambda text: Path(text).resolve(), help="folder of conf.py")
    add("--builder", choices=["html", "dirhtml"], default="html", help="%(default)s")
    add("--pages", type=int, default=12, help="how many to look at, 0 for all; %(default)s")
    add("--only", nargs="+", help="pages to look at, such as index.html")
    add("--options", nargs="+", default=[], help="more arguments for sphinx-build")
    add("--keep", type=Path, help="folder for both sites and pictures that differ")
    given = parser.parse_args()
    given.views = VIEWS
    start = time.time()
    chrome = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome, args=FLAGS)
        rows = compared(given, given.keep or Path(temporary), browser)
        browser.close()
    print("| | |\n| --- | --- |")
    for name, value in rows.items():
        print(f"| {name} | {value} |")
    print(f"\nTook {time.time() - start:.0f} s.")


if __name__ == "__main__":
    main()
