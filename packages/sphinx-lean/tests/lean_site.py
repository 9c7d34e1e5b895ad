"""A small site with what a page of the theme may have, and how the tests build and serve it."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

from sphinx.testing.util import SphinxTestApp

CONF = """
extensions = ["sphinx_copybutton", "sphinx_design", "sphinx_lean"]
html_theme = "pydata_sphinx_theme"
html_context = {"default_mode": "auto"}
project = "A small site"
html_static_path = ["_static"]
html_css_files = ["own.css"]
html_sidebars = {"**": []}
"""
CSS = ".bd-main { --own: 1px; border-top: var(--own) solid } .no-page-has-this { color: red }"
INDEX = """
Home
====

.. toctree::

   everything
   parts

.. grid:: 1 2 2 3
   :gutter: 2

   .. grid-item-card:: A card
      :link: everything
      :link-type: doc

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

      - a
      - b

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

.. button-ref:: parts
   :color: primary

.. topic:: A topic

   Words.

.. rubric:: A rubric

"""
LONG = "A long paragraph about wombats. " * 50
PARTS = "Parts\n=====\n\n" + "".join(
    f"Part {name}\n------\n\n{LONG}One {name} saw a quokka. {LONG}\n\n" for name in "abcdefg"
)


def write(folder: Path, **pages: str) -> Path:
    """Write a site.

    Args:
        folder: where it goes.
        pages: the text of each page by its name; by default, the whole small site.

    Returns:
        The folder of the sources.
    """
    source = folder / "source"
    (source / "_static").mkdir(parents=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "_static/own.css").write_text(CSS, encoding="utf-8")
    for name, text in (pages or {"index": INDEX, "everything": EVERYTHING, "parts": PARTS}).items():
        (source / f"{name}.rst").write_text(text, encoding="utf-8")
    return source


def build(source: Path, name: str = "lean", **settings: object) -> tuple[Path, str]:
    """Build a site into a folder beside its sources.

    Args:
        source: the folder of the sources.
        name: that folder's name.
        settings: what conf.py would set.

    Returns:
        The folder of the pages, and the warnings.
    """
    warnings = StringIO()
    builddir = source.parent / name
    app = SphinxTestApp("dirhtml", source, builddir, confoverrides=settings, warning=warnings)
    app.build()
    app.cleanup()
    return app.outdir, warnings.getvalue()


class _Host(SimpleHTTPRequestHandler):
    """A file server that writes no line for each request."""

    def log_message(self, *args: object) -> None:
        """Write nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, and yield its address.

    Args:
        folder: the pages.
    """
    handler = functools.partial(_Host, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
