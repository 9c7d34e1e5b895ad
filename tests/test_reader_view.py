"""In Firefox's reader view a page keeps each sentence, heading and link of its article."""

from playwright.sync_api import Page
from support import BROWSER_PAGES, ROOT, report

LIBRARY = ROOT / "tests/browser/node_modules/@mozilla/readability"
PAGES = [path for path in BROWSER_PAGES if path not in ("/search/", "/404.html")]

# `charThreshold`: its strictest try must do, since it makes others for short articles alone.
VIEW = """() => {
  const words = (element) => element.textContent.replace(/\\s+/g, " ").trim();
  const article = document.querySelector("article").cloneNode(true);
  article.querySelectorAll("h1, .headerlink, button, svg").forEach((e) => e.remove());
  const read = new Readability(document.cloneNode(true), { charThreshold: 1 }).parse();
  const view = new DOMParser().parseFromString(read?.content ?? "", "text/html");
  const kept = words(view.body);
  const links = new Set([...view.links].map((a) => a.href));
  const texts = [...article.querySelectorAll("h2, h3, p, dt, dd, li, td, pre, .sd-card-title")];
  return [
    ...texts.map(words).filter((text) => !kept.includes(text)).map((text) => `loses "${text}"`),
    ...[...article.querySelectorAll("a[href]:not([role=doc-backlink])")]
      .filter(({ href }) => !links.has(href))
      .map(({ href }) => `loses the link to ${href}`),
    ...[...view.querySelectorAll("h1, h2, h3")].map(words).filter((text) => text.endsWith("#"))
      .map((text) => `has the heading "${text}"`),
    ...(texts.length < 3 ? ["has too few texts: the check overlooks them"] : []),
  ];
}"""


def test_reader_view(tab: Page) -> None:
    """Nothing of an article is lost, and each About page offers the view."""
    found = []
    for path in PAGES:
        tab.goto(path)
        for name in ("Readability.js", "Readability-readerable.js"):
            tab.add_script_tag(path=LIBRARY / name)
        found += [f"{path} {what}" for what in tab.evaluate(VIEW)]
        offered = tab.evaluate("isProbablyReaderable(document)")
        if path.startswith("/about/") and not offered:
            found += [f"{path} offers no reader view: its article has too few words"]
    report(found)
