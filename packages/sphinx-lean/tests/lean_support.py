"""Small sites, and how the tests compare them with themselves."""

import argparse
from pathlib import Path

from playwright.sync_api import Browser
from sphinx_lean import compare

HOME = "Home\n====\n\n.. toctree::\n\n   parts\n\nWords.\n"
PARTS = "Parts\n=====\n\n" + "".join(
    f"Part {n}\n------\n\nThe page has a quokka.\n\n{'Much ado. ' * 300}\n\n" for n in "abcd"
)
RAW = "\n.. raw:: html\n\n   {}\n"
COLLAPSE = """<p><button data-bs-toggle="collapse" data-bs-target="#x">More</button></p>
   <p id="x" class="collapse">Hidden.</p>"""


def make_site(folder: Path, settings: dict[str, object], files: dict[str, str]) -> Path:
    """Write the sources of a site of two pages."""
    settings = {"html_theme": "pydata_sphinx_theme", "html_static_path": ["_static"], **settings}
    settings.setdefault("html_context", {"default_mode": "auto"})
    lines = [f"{name} = {value!r}" for name, value in settings.items()]
    texts = {"index.rst": HOME, "parts.rst": PARTS, "_static/x": "", "conf.py": "\n".join(lines)}
    for name, text in (texts | files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def compared(docs: Path, builder: str, browser: Browser) -> dict[str, str]:
    """Compare a site with itself, as it is and lean."""
    given = argparse.Namespace(docs=docs, builder=builder, options=[])
    given.only = ["index.html", "parts.html" if builder == "html" else "parts/index.html"]
    given.views = [(390, "dark"), (1280, "light")]
    return compare.compared(given, docs.parent, browser)
