"""Readers' questions lead to the page that answers them, in the words that readers use."""

import io
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlsplit

import pytest
from browsing import Host, served
from playwright.sync_api import Browser, Locator, Page, expect
from support import ROOT, report
from test_weight import visit

QUESTIONS = [
    (question, answer)
    for line in (ROOT / "tests/data/questions.tsv").read_text(encoding="utf-8").splitlines()
    for question, answer in [line.split("\t")]
]
NOTHING = "Nothing on this site answers that"


def ask(page: Page, question: str) -> list[str]:
    """Ask a question, and return the paths of the pages that the search finds, the best first."""
    page.goto(f"/search/?q={quote(question, safe='')}")
    expect(page.get_by_role("status")).to_contain_text(re.compile("result"))
    links = results(page).get_by_role("link")
    return [urlsplit(href).path for href in links.evaluate_all("all => all.map(a => a.href)")]


def results(page: Page) -> Locator:
    """Return the list of what the search found."""
    return page.locator("#search-results")


def test_questions_find_their_answer(tab: Page) -> None:
    """The right page comes first for 95 % of the questions, and no guide before a reader's page."""
    wrong, guides = [], []
    for question, answer in QUESTIONS:
        found = [*ask(tab, question), "nothing"][0]
        if found != answer:
            wrong.append(f"`{question}` leads to {found} first, not {answer}")
            if found.startswith("/contributing/"):
                guides.append(wrong[-1])
    assert guides == [], "contributors' guides come before pages for readers"
    assert len(wrong) <= 0.05 * len(QUESTIONS), "\n".join(wrong)


def test_questions_are_of_many_kinds() -> None:
    """The list is long enough to mean something, and has questions that the site can't answer."""
    assert len({question.casefold() for question, _ in QUESTIONS}) >= 45
    assert len([question for question, answer in QUESTIONS if answer == "nothing"]) >= 3


def test_results_are_counted_and_explained(tab: Page) -> None:
    """The number is announced, and each result has its title, place and matching sentence."""
    found = ask(tab, "grants")
    expect(tab.get_by_role("status")).to_have_text(f"{len(found)} results for “grants”")
    expect(tab.get_by_text(NOTHING)).to_be_hidden()
    first = results(tab).get_by_role("listitem").first
    expect(first.get_by_role("heading")).to_have_text("Funding")
    expect(first.locator(".place")).to_have_text(re.compile("^Quansight Labs . Learn About Us$"))
    expect(first.locator(".context")).to_have_text(
        "direct funding for open source projects through grants"
    )
    expect(first.locator("mark")).to_have_text("grants")
    assert ask(tab, "rgommers") == ["/about/contact/"]
    expect(tab.get_by_role("status")).to_have_text("1 result for “rgommers”")


def test_numbers_of_the_text_are_found(tab: Page) -> None:
    """Sphinx's index has no numbers, so the search looks for them in the pages."""
    assert ask(tab, "44") == ["/accessibility/"]
    expect(results(tab).locator("mark")).to_have_text("44")


class Breaking(Host):
    """A host whose connection breaks in the middle of each page in Markdown."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Promise more than what is sent."""
        if not self.path.endswith(".md"):
            return super().send_head()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        return io.BytesIO(b"Our grants")


def test_results_stay_when_the_connection_breaks(page: Page, html: Path) -> None:
    """Results stand without their sentences, a number gets an answer, and no error is thrown."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"unhandled in the search: {error}"))
    with served(html, Breaking) as address:
        page.goto(f"{address}/search/?q=grants")
        expect(results(page).locator(".context").first).to_be_attached()
        page.goto(f"{address}/search/?q=44")
        expect(page.get_by_role("status")).to_have_text("No results for “44”")
    report(errors)


def test_nothing_found_leads_to_contact(tab: Page) -> None:
    """A question without an answer gets one sentence and a way on."""
    assert ask(tab, "<b>weather</b>") == []
    expect(tab.get_by_role("status")).to_have_text("No results for “<b>weather</b>”")
    expect(tab.get_by_text(NOTHING)).to_be_visible()
    tab.get_by_role("main").get_by_role("link", name="write to us").click()
    expect(tab).to_have_url(re.compile("/about/contact/$"))


def test_dialog_and_keyboard_lead_to_the_answer(tab: Page) -> None:
    """Ctrl-K, a question, Enter, Tab and Enter open the page; a second search does the same."""
    tab.goto("/about/mission/")
    for question, path in (("how do I contact you?", "/about/contact/"), ("C++", "/about/vision/")):
        tab.keyboard.press("ControlOrMeta+k")
        tab.keyboard.type(question)
        tab.keyboard.press("Enter")
        expect(tab.get_by_role("status")).to_contain_text(f"for “{question}”")
        expect(tab.get_by_role("main").get_by_role("searchbox")).to_be_focused()
        expect(tab.get_by_role("main").get_by_role("searchbox")).to_have_value(question)
        tab.keyboard.press("Tab")
        expect(results(tab).get_by_role("link").first).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab).to_have_url(re.compile(f"{path}$"))


@pytest.fixture
def without_javascript(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[Page]:
    """Return a page that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_javascript_the_page_leads_on(without_javascript: Page) -> None:
    """The search says what it needs, and offers the main pages."""
    without_javascript.goto("/search/?q=grants")
    without = without_javascript.locator("main noscript")  # Playwright reads no text of it whole
    expect(without.locator("p")).to_contain_text("The search needs JavaScript")
    expect(without_javascript.get_by_text(NOTHING)).to_be_hidden()
    without.locator("a", has_text="Funding").click()
    expect(without_javascript).to_have_url(re.compile("/about/funding/$"))


def test_first_visit_is_light(page: Page) -> None:
    """With the index, and the sentences in sight, the answer to a question takes 32 kB."""
    taken = sum(visit(page, "/search/?q=email"))
    assert taken <= 32_000, f"the search takes {taken:,.0f} bytes"
