"""What the tests of sphinx-lean share: a small site with what a page may have, and a browser."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

CONF = """
extensions = ["sphinx_copybutton", "sphinx_design", "sphinx_lean"]
copybutton_selector = "div:not(.no-copybutton) > div.highlight > pre"
html_theme = "pydata_sphinx_theme"
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["own.css"]
html_sidebars = {"**": []}
"""
CSS = ".bd-main { --own: 1px; border-top: var(--own) solid } .no-page-has-this { color: red }"
INDEX = """
Home
====
.. toctree::
   :glob:

   [e-p]*
.. code-block:: python
   :class: no-copybutton

   nothing = "to copy"
.. grid:: 1 2 2 3

   .. grid-item-card:: A card
      :link: https://example.org/

      Words.
   .. grid-item::

      :bdg-primary:`Badge` :octicon:`alert;1em` :fas:`house` :far:`file`
"""
EVERYTHING = """
Everything
==========
*Emphasis*, **strength**, ``code``, a note [#]_, :kbd:`Ctrl+K` and :guilabel:`Save`.

.. [#] Here it stands.
.. note:: A note.
.. warning:: A warning.
.. admonition:: A tip
   :class: dropdown

   A tip that opens.
.. versionadded:: 1.0

Term
   1. One

=====  =====
Left   Right
=====  =====
a      1
=====  =====

.. code-block:: python
   :linenos:
   :emphasize-lines: 2
   :caption: A caption

   def hello() -> str:
       return "world"  # a comment
.. tab-set::

   .. tab-item:: First

      The first panel.
   .. tab-item:: Second

      The second panel.
.. dropdown:: Open me

   What was hidden.
.. card:: A lone card
.. button-link:: https://example.org/
   :color: primary
.. topic:: A topic

   Words.
.. rubric:: A rubric
"""
LONG = "A long paragraph about wombats. " * 40
PARTS = "Parts\n=====\n" + "".join(
    f"Part {name}\n------\n{LONG}One {name} saw a quokka. {LONG}\n\n" for name in "abcdefg"
)
PAGES = {"index": INDEX, "everything": EVERYTHING, "parts": PARTS}


def build_site(folder: Path, pages: dict[str, str], **settings: object) -> tuple[Path, str]:
    """Write and build a site, and return the folder of its pages, and the warnings."""
    (folder / "_static").mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.rst": text for name, text in pages.items()}
    for name, text in {"conf.py": CONF, "_static/own.css": CSS, **texts}.items():
        (folder / name).write_text(text, encoding="utf-8")
    said, out = StringIO(), folder.with_name("plain" if settings.get("lean") is False else "lean")
    app = SphinxTestApp("dirhtml", folder, out, confoverrides=settings, warning=said)
    app.build()
    app.cleanup()
    return app.outdir, said.getvalue()


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Path, str]]:
    """Return what builds a site of some pages, with settings, as `build_site` does."""
    return functools.partial(build_site, tmp_path / "source")


@pytest.fixture
def pages() -> dict[str, str]:
    """Return the text of each page of the small site."""
    return PAGES


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the small site lean and plain, and return both folders."""
    source = tmp_path_factory.mktemp("lean") / "source"
    (lean, said), (plain, _) = build_site(source, PAGES), build_site(source, PAGES, lean=False)
    assert said == ""
    return lean, plain


@pytest.fixture(scope="session")
def addresses(built: tuple[Path, Path]) -> Iterator[list[str]]:
    """Serve both sites."""
    with contextlib.ExitStack() as stack:
        servers = []
        for folder in built:
            handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            servers.append(f"http://127.0.0.1:{server.server_port}")
        yield servers


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the browser that the variable CHROMIUM names, or Playwright's own."""
    own = {"executable_path": os.environ.get("CHROMIUM") or None}
    return {**browser_type_launch_args, "args": ["--no-sandbox", "--disable-gpu"], **own}
