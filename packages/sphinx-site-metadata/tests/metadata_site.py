"""Build a small site in this process, as a host with some variables would."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from sphinx.testing.util import SphinxTestApp

HOST = ("READTHEDOCS", "GITHUB_", "NETLIFY", "SITE_URL", "URL")
CONF = """\
project = "Tools"
author = "Makers"
extensions = ["sphinx_site_metadata"]
source_suffix = {".rst": "restructuredtext"}  # MyST changes the default for the whole process
"""
Text = Mapping[str, str]


@dataclass(frozen=True)
class Built:
    """A built site."""

    app: SphinxTestApp
    base: str
    warnings: str

    def text(self, file: str) -> str:
        """Return what a file of the site holds."""
        return Path(self.app.outdir, file).read_text(encoding="utf-8")

    def page(self, file: str) -> LexborHTMLParser:
        """Return a page of the site, parsed."""
        return LexborHTMLParser(self.text(file))

    def meta(self, file: str, name: str) -> list[str | None]:
        """Return the content of a page's meta elements of a name or a property."""
        found = self.page(file).css(f'meta[name="{name}"], meta[property="{name}"]')
        return [element.attributes["content"] for element in found]


def build(
    source: Path,
    pages: Text,
    conf: str = "",
    host: Text | None = None,
    builder: str = "dirhtml",
    **overrides: object,
) -> Built:
    """Write a site and build it; a second call writes and builds only what differs."""
    for name, text in {"conf.py": CONF + conf, **pages}.items():
        file = Path(source, name)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(HOST)]:
            patch.delenv(name)
        for name, value in (host or {}).items():
            patch.setenv(name, value)
        app = SphinxTestApp(builder, srcdir=source, confoverrides=overrides)
        try:
            app.build()
        finally:
            app.cleanup()  # or the next test would find its nodes registered
    return Built(app, app.config.html_baseurl, app.warning.getvalue())
