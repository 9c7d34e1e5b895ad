"""The site as a book, as a PDF and as one page has all its words, says what it is, and works."""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin
from zipfile import ZIP_STORED, ZipFile

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import Browser
from pypdf import PdfReader
from pypdf.generic import Destination
from support import (
    DOCS,
    LOCK,
    ROOT,
    documents,
    environment,
    environment_python,
    needs_make,
    nox,
    nox_quietly,
    program,
    run,
    runs,
)
from test_content import plain, source_blocks

ADDRESS = "https://labs.quansight.org/about/"  # where no host tells another
SUMMARY = "About us: mission, vision, model, funding, and whom to write to"
CHAPTERS = ["Learn About Us", "Contributing", "Accessibility"]


def words(text: str) -> str:
    """Return a text as it can be compared: without the ways to write quotes and dashes."""
    return plain(text).replace("\xad", "")


def source_words() -> list[str]:
    """Return each paragraph and list item of the owner's page."""
    return [block.words for _, block in source_blocks()]


def made(session: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run a session, and return a copy of what it has made."""
    copy = tmp_path_factory.mktemp("made") / session
    with LOCK:  # another test may build in this checkout
        nox_quietly("-s", session)
        return shutil.copytree(ROOT / "docs/_build" / session, copy)


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the book that `nox -s epub` has made and checked."""
    (book,) = made("epub", tmp_path_factory).glob("*.epub")
    return book


@pytest.fixture(scope="module")
def parts(epub: Path) -> Mapping[str, str]:
    """Return each text of the book, by its name."""
    with ZipFile(epub) as book:
        names = [name for name in book.namelist() if not name.endswith(".png")]
        return {name: book.read(name).decode() for name in names}


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the page that `nox -s single` has made."""
    return made("single", tmp_path_factory)


def sphinx(builder: str, to: Path, **env: str) -> Path:
    """Build as Read the Docs does: without nox, with warnings as errors; return the folder."""
    python = environment_python("single")  # it has requirements/docs.txt alone
    command = [python, "-m", "sphinx", "-T", "-W", "--keep-going", "-q", "-b", builder]
    command += ["-d", to / "doctrees", "-D", "language=en", DOCS, to / builder]
    done = run(*command, env=environment(**env))
    assert (done.returncode, done.stdout) == (0, "")
    return to / builder


@pytest.fixture(scope="module")
def read_the_docs(single: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the book and then the sources for LaTeX, both as on Read the Docs."""
    folder = tmp_path_factory.mktemp("read-the-docs")
    sphinx("epub", folder, TZ="Pacific/Kiritimati", PYTHONHASHSEED="7")
    sphinx("latex", folder)  # from the pages that the other has parsed
    return folder


@pytest.fixture(scope="module")
def latex(read_the_docs: Path) -> Path:
    """Return the sources that LaTeX turns into the PDF."""
    return read_the_docs / "latex"


def metadata(parts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what the book says of itself."""
    package = BeautifulSoup(parts["content.opf"], "xml").package
    found: dict[str, list[str]] = {}
    for element in package.metadata.find_all(True):
        name = element.get("property") or element.get("name") or f"dc:{element.name}"
        found.setdefault(name, []).append(element.get("content") or element.get_text())
    return found


@runs("make epub")
def test_the_book_says_what_it_is(parts: Mapping[str, str]) -> None:
    """Title, author, language and the like are right; `nox -s epub` has passed epubcheck."""
    said = metadata(parts)
    assert said["dc:title"] == said["dc:creator"] == said["dc:publisher"] == ["Quansight Labs"]
    assert said["dc:rights"] == said["dc:contributor"] == ["Quansight Labs"]
    assert said["dc:identifier"] == [ADDRESS]
    assert said["dc:language"] == ["en"]
    assert said["dc:description"] == [SUMMARY]
    assert f'<meta name="dtb:uid" content="{ADDRESS}"' in parts["toc.ncx"]
    assert not [value for values in said.values() for value in values if value == "unknown"]


def test_the_book_has_each_page_in_the_order_of_the_menus(parts: Mapping[str, str]) -> None:
    """The spine starts with the cover and has each page once; the contents name them."""
    package = BeautifulSoup(parts["content.opf"], "xml").package
    files = {item["id"]: item["href"] for item in package.manifest("item")}
    spine = [item for item in package.spine("itemref") if item.get("linear") != "no"]
    pages = [files[item["idref"]] for item in spine]
    every = {
        f"{url}index.xhtml" if url == "/" or (DOCS / url[1:] / "index.md").exists() else url
        for url in documents()
    }
    every = {name.strip("/").removesuffix(".xhtml") + ".xhtml" for name in every}
    assert pages[:3] == ["epub-cover.xhtml", "index.xhtml", "about/index.xhtml"]
    assert sorted(pages) == sorted({*every, "epub-cover.xhtml"})
    nav = BeautifulSoup(parts["nav.xhtml"], "xml")
    named = [link["href"] for link in nav.find("nav")("a")]
    assert {name.partition("#")[0] for name in named} == every
    (about,) = (link.parent for link in nav("a", href="about/index.xhtml"))
    below = [item.a["href"] for item in about.ol.find_all("li", recursive=False)]
    assert "about/mission.xhtml" in below  # not below the last heading of that page


def test_the_cover_is_a_picture_with_words(parts: Mapping[str, str]) -> None:
    """E-readers find the cover by either of its marks, and it can be heard."""
    package = BeautifulSoup(parts["content.opf"], "xml").package
    (cover,) = package.manifest("item", properties="cover-image")
    assert metadata(parts)["cover"] == [cover["id"]]
    image = BeautifulSoup(parts["epub-cover.xhtml"], "xml").img
    assert (image["src"], image["alt"]) == (cover["href"], f"Quansight Labs. {SUMMARY}")
    drawing = (DOCS / "_drawings/cover.svg").read_text(encoding="utf-8")
    assert " ".join(re.findall("<text[^>]*>(.*?)</text>", drawing)) == SUMMARY
    with Image.open(DOCS / "_themes/book/static/cover.png") as picture:
        assert f'width="{picture.width}" height="{picture.height}"' in drawing


def test_the_book_has_nothing_of_the_site_around_its_pages(parts: Mapping[str, str]) -> None:
    """No script, no menu, no style of the theme; and no color that a dark page would swallow."""
    assert [name for name in parts if name.endswith((".js", ".ico"))] == []
    assert [name for name in parts if name.endswith(".css")] == ["_static/book.css"]
    pages = {name: text for name, text in parts.items() if name.endswith(".xhtml")}
    for name, text in pages.items():
        page = BeautifulSoup(text, "xml")
        assert page.select("script, button, header, footer, [style], svg") == [], name
        assert (page.find("nav") is not None) == (name == "nav.xhtml")
    assert re.findall(r"(?<![\w-])color:", parts["_static/book.css"]) == []


def test_the_links_of_the_book_lead_to_its_parts(parts: Mapping[str, str]) -> None:
    """A link inside the site stays inside the book."""
    ids = {
        name: {element["id"] for element in BeautifulSoup(text, "xml").select("[id]")}
        for name, text in parts.items()
        if name.endswith(".xhtml")
    }
    inside = 0
    for name in ids:
        for link in BeautifulSoup(parts[name], "xml").select("a[href]"):
            target, part = urldefrag(urljoin(f"http://book/{name}", link["href"]))
            if target.startswith("http://book/"):
                inside += 1
                assert not part or part in ids[target.removeprefix("http://book/")], link["href"]
    assert inside > 100


def test_the_book_has_the_words_of_the_owner(parts: Mapping[str, str]) -> None:
    """Each block of the owner's page stands in the book once."""
    about = [text for name, text in parts.items() if name.startswith("about/")]
    blocks = Counter(words(p.get_text()) for text in about for p in BeautifulSoup(text, "xml")("p"))
    assert [(block, blocks[block]) for block in source_words() if blocks[block] != 1] == []


def test_the_book_shows_the_drawing(parts: Mapping[str, str]) -> None:
    """Both pages have it as a picture, with a name, and it brings its own colors."""
    for page in ("about/model.xhtml", "about/funding.xhtml"):
        (image,) = BeautifulSoup(parts[page], "xml").select("img")
        assert image["alt"] == "How money, time and ideas flow"
        assert image["src"] == "../_images/how-it-works.svg"
    assert "<style>" in parts["_images/how-it-works.svg"]


def test_the_book_is_the_same_anywhere(epub: Path, read_the_docs: Path) -> None:
    """Another folder, time zone and order of hashes give the same bytes, and no time is in them."""
    (book,) = (read_the_docs / "epub").glob("*.epub")
    with ZipFile(epub) as one, ZipFile(book) as other:
        assert one.namelist()[0] == "mimetype"
        assert one.infolist()[0].compress_type == ZIP_STORED
        assert {part.date_time[0] for part in one.infolist()} == {1980}
        differ = [n for n in one.namelist() if one.read(n) != other.read(n)]
    assert differ == []
    assert epub.read_bytes() == book.read_bytes()


@pytest.fixture(scope="module")
def page(single: Path) -> BeautifulSoup:
    """Return the page that holds all others."""
    return BeautifulSoup((single / "index.html").read_text("utf-8"), "html.parser")


@runs("make single")
def test_the_single_page_says_what_it_is(page: BeautifulSoup) -> None:
    """It has one title of level 1, a name, a language and a description."""
    assert [h1.find(string=True) for h1 in page("h1")] == ["Quansight Labs"]
    assert page.title.get_text() == "Quansight Labs"
    assert page.html["lang"] == "en"
    assert page.find("meta", attrs={"name": "description"})["content"].startswith("What Quansight")


def test_the_links_of_the_single_page_work(single: Path, page: BeautifulSoup) -> None:
    """No id stands twice, each link leads to one of them or out, each file is there."""
    ids = Counter(element["id"] for element in page.select("[id]"))
    assert [name for name, times in ids.items() if times > 1] == []
    links = [unquote(str(a["href"])) for a in page.select("a[href]")]
    inside = [link for link in links if not re.match(r"https?:|mailto:", link)]
    assert len(inside) > 100
    assert [link for link in inside if link != "#" and link.removeprefix("#") not in ids] == []
    named = [str(e.get("src") or e["href"]) for e in page.select("[src], link[href]")]
    files = {name.partition("?")[0] for name in named}
    assert [name for name in files if not (single / name).is_file()] == []


def test_the_single_page_has_the_words_of_the_owner(page: BeautifulSoup) -> None:
    """Each block stands there; the mission stands on the first page too."""
    blocks = Counter(words(p.get_text()) for p in page.select("article p"))
    mission, *others = source_words()
    assert blocks[mission] == 2
    assert [block for block in others if blocks[block] != 1] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_single_page_works_from_a_folder(browser: Browser, single: Path, theme: str) -> None:
    """Without a network, a browser finds all that it asks for, and a link scrolls to its part."""
    context = browser.new_context(offline=True, color_scheme=theme)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("requestfailed", lambda request: wrong.append(request.url))
    tab.on("request", lambda r: None if r.url.startswith("file:") else wrong.append(r.url))
    tab.goto((single / "index.html").as_uri())
    tab.locator(f"html[data-theme={theme}]").wait_for()
    tab.get_by_role("link", name="Hire our experts").click()
    part = tab.locator(":target")
    assert "sales@quansight.com" in part.inner_text()
    assert part.evaluate("e => Math.abs(e.getBoundingClientRect().top)") < 700
    assert tab.locator("dialog#pst-search-dialog, .search-button__button").count() == 0
    context.close()
    assert wrong == []


def test_latex_gets_title_words_and_drawings(latex: Path) -> None:
    """The sources name what the PDF is, and have the words and the drawings, as PDF."""
    source = (latex / "quansightlabs.tex").read_text(encoding="utf-8")
    for field in ("title={Quansight Labs}", "author={Quansight Labs}", f"subject={{{SUMMARY}}}"):
        assert f"pdf{field}" in source
    assert "pdflang={en}" in source
    assert source.count("{how-it-works}.pdf") == 2
    for name in ("how-it-works.pdf", "wordmark-light.pdf"):
        assert (latex / name).read_bytes().startswith(b"%PDF-")
    text = PdfReader(latex / "how-it-works.pdf").pages[0].extract_text()
    assert {"Commercial", "Industry partners", "open source maintainers"} <= {*text.splitlines()}
    assert [c for c in CHAPTERS if f"\\chapter{{{c}}}" not in source] == []
    assert "\\section{Mission}" in source
    assert not re.search(r"<(?:svg|div|p)\b", source)


@pytest.mark.skipif(sys.platform == "win32", reason="the PATH of Windows has the system's parts")
def test_pdf_names_what_is_missing(tmp_path: Path) -> None:
    """Without LaTeX, the session says what to install, and installs nothing first."""
    for name in ("git", "python3"):
        (tmp_path / name).symlink_to(program(name))
    done = nox("-s", "pdf", env=environment(PATH=str(tmp_path)))
    assert done.returncode != 0
    assert "This needs latexmk and xelatex." in done.stdout
    assert "apt-get install --no-install-recommends latexmk texlive-xetex" in done.stdout
    assert "Traceback" not in done.stdout


@needs_make
@runs("make pdf")
def test_make_starts_what_makes_the_files() -> None:
    """Each target runs its session."""
    for session in ("epub", "pdf", "single"):
        shown = run(program("make"), "--dry-run", session, "NOX=nox").stdout
        assert shown.strip() == f"nox -s {session} --"


def outline(entries: list[Destination | list], depth: int = 0) -> Iterator[tuple[int, str]]:
    """Yield each entry of the outline of a PDF, with its depth."""
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry, depth + 1)
        else:
            yield depth, str(entry.title)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """Return the PDF that `nox -s pdf` has made, where there is LaTeX."""
    if not (shutil.which("latexmk") and shutil.which("xelatex")):
        pytest.skip("the PDF itself needs LaTeX, which is large; its sources are tested")
    return PdfReader(made("pdf", tmp_path_factory) / "quansightlabs.pdf")


def test_the_pdf_says_what_it_is(pdf: PdfReader) -> None:
    """Title, author, subject, keywords and language are right; the paper is A4."""
    said = pdf.metadata
    assert said is not None
    assert said.title == said.author == "Quansight Labs"
    assert said.subject == SUMMARY
    assert said.keywords == "mission, vision, model, funding, contact"
    assert pdf.root_object["/Lang"] == "en"
    assert [round(float(length)) for length in pdf.pages[0].mediabox[2:]] == [595, 842]


def test_the_pdf_has_title_outline_and_words(pdf: PdfReader) -> None:
    """The first page is the title, the outline names each page, and no word is lost."""
    first = pdf.pages[0].extract_text()
    assert SUMMARY in first
    assert ADDRESS in first
    named = [*outline(pdf.outline)]
    assert [title for depth, title in named if depth == 0] == CHAPTERS
    assert (1, "Community Work Orders") in named
    # Lines break inside words, and the number of a footnote stands in a sentence.
    letters = re.sub(r"\W|\d", "", "".join(p.extract_text() for p in pdf.pages))
    blocks = [re.sub(r"\W|\d", "", block) for block in source_words()]
    assert [block for block in blocks if block not in letters] == []
    assert letters.count("Industrypartners") >= 2  # the drawings


def test_the_links_of_the_pdf_work(pdf: PdfReader) -> None:
    """Links lead to places that are there, to mail addresses and to other sites."""
    outside, inside = set(), set()
    for sheet in pdf.pages:
        for link in sheet.get("/Annots", ()):
            action = link.get_object().get("/A", {})
            outside |= {action["/URI"]} if "/URI" in action else set()
            inside |= {action["/D"]} if "/D" in action else set()
    assert {"https://numpy.org", "mailto:sales@quansight.com", ADDRESS} <= outside
    assert len(inside) > 30
    assert inside <= pdf.named_destinations.keys()


def test_read_the_docs_makes_each_format() -> None:
    """Its settings ask for what the sessions make, with the fonts that the PDF has."""
    settings = (ROOT / ".readthedocs.yaml").read_text(encoding="utf-8")
    assert re.search(r"^formats: \[pdf, epub, htmlzip\]", settings, re.M)
    assert "- fonts-freefont-otf" in settings
