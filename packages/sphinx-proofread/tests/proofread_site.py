"""Build small sites with the package, and return what the build reports."""

import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.errors import SphinxError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import docutils_namespace

HEAD = (
    "---\nmyst:\n  html_meta:\n    description: What the page {} is about, in a sentence.\n---\n\n"
)
CONF = """
extensions = ["sphinx_proofread", "myst_parser"]
exclude_patterns = ["_build"]
html_static_path = ["_static"]
templates_path = []  # else a theme that another test loaded would add to it
myst_enable_extensions = ["colon_fence", "deflist"]
proofread_addresses = ["about.python.org"]
proofread_mail_domains = ["numpy.org"]
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>\n'
)

Build = Callable[..., list[str]]


@pytest.fixture(scope="session")
def proofread(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that builds a site of some pages and returns the messages."""

    def build(files: dict[str, str | bytes | Path], conf: str = "", parallel: int = 0) -> list[str]:
        root = tmp_path_factory.mktemp("site").resolve()
        pages = [
            name for name in files if re.fullmatch(r"[^_/]+\.md", name) and name != "contact.md"
        ]
        entries = "\n".join(
            Path(name).stem for name in ["mission.md", "vision.md", "contact.md", *pages]
        )
        site: dict[str, str | bytes | Path] = {
            "conf.py": CONF + conf,
            "index.md": page("index", "# Home\n\n```{toctree}\nabout/index\n```"),
            "about/index.md": page(
                "about",
                f"# About\n\n![The logo of NumPy](logo.svg)\n\n```{{toctree}}\n{entries}\n```",
            ),
            "about/mission.md": page("mission", "# Mission\n\nWords."),
            "about/vision.md": page("vision", "# Vision\n\nWords."),
            "about/contact.md": page("contact", "# Contact\n\nWrite to <ana@numpy.org>."),
            "about/logo.svg": DRAWING,
            "_static/site.css": "p {\n  color: #000;\n}\n",
            **{f"about/{name}" if "/" not in name else name: text for name, text in files.items()},
        }
        for name, text in site.items():
            path = root / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, Path):
                path.symlink_to(text)
            else:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        said, stopped = io.StringIO(), ""
        # A build that stops leaves its nodes registered; MyST uses what Sphinx 11 drops.
        with docutils_namespace(), warnings.catch_warnings(action="ignore"):
            try:
                app = SphinxTestApp("dirhtml", root / "docs", parallel=parallel, warning=said)
                app.build()
            except (SphinxError, SystemExit) as error:
                stopped = str(error)
        lines = re.sub(r"\x1b\[[\d;]*m", "", said.getvalue()).splitlines()
        return [line for line in (*lines, stopped) if line]

    return build


def page(name: str, text: str) -> str:
    """Return a page with a description of its own."""
    return f"{HEAD.format(name)}{text}\n"
