"""Make an EPUB that is the same, byte for byte, whenever and wherever it is built.

Sphinx writes the time of the build into it, and into the ZIP file that it is. It also packs the
styles and pictures of the site, which a book does not show; `docs/_themes/book` has its own.
And it says two things in a way that epubcheck or e-readers do not take: see `corrected`.
"""

from __future__ import annotations

import html
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


def is_book(app: Sphinx) -> bool:
    """Tell whether this build makes an EPUB.

    Args:
        app: the application that builds.

    Returns:
        Whether it does.
    """
    return app.builder.name == "epub"


def leave_out_files(app: Sphinx) -> None:
    """Pack no file of the site, nor of an extension.

    Args:
        app: the application that builds.
    """
    if is_book(app):
        app.config.html_static_path = []


def set_date(app: Sphinx, env: BuildEnvironment) -> None:
    """Date the book with the last change of a page, unless who builds it gives a date.

    Args:
        app: the application that builds.
        env: what it knows of the pages.
    """
    dates = [facts["updated"] for facts in env.metadata.values() if facts.get("updated")]
    if is_book(app) and dates:
        seconds = int(max(map(datetime.fromisoformat, dates)).timestamp())
        # https://reproducible-builds.org/specs/source-date-epoch/
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(seconds))


def corrected(app: Sphinx, name: str, data: bytes) -> bytes:
    """Return a part of the book with what Sphinx has no setting for.

    Args:
        app: the application that builds.
        name: that of the part.
        data: the part as Sphinx wrote it.

    Returns:
        The part as it shall be.
    """
    config = app.config
    changes = {
        # The contents for old e-readers must name the book as content.opf does, not by its key.
        "toc.ncx": (f'content="{config.epub_uid}"', f'content="{config.epub_identifier}"'),
        # Sphinx marks the cover as EPUB 2 did; EPUB 3 has this word.
        "content.opf": (
            f'href="{config.epub_cover[0]}"',
            f'href="{config.epub_cover[0]}" properties="cover-image"',
        ),
    }
    if name not in changes:
        return data
    old, new = changes[name]
    return data.decode().replace(old, html.escape(new, quote=False)).encode()


def pack_again(app: Sphinx, exception: Exception | None) -> None:
    """Take the times out of the ZIP file, and correct what is in it.

    Args:
        app: the application whose build has ended.
        exception: what ended the build early, if anything did.
    """
    if exception is not None or not is_book(app):
        return
    book = Path(app.outdir, f"{app.config.epub_basename}.epub")
    with ZipFile(book) as old:
        parts = [(part, old.read(part)) for part in old.infolist()]
    with ZipFile(book, "w") as new:
        for part, data in parts:
            name = part.filename
            new.writestr(ZipInfo(name), corrected(app, name, data), part.compress_type)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Change what goes into an EPUB.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("builder-inited", leave_out_files, priority=900)  # after extensions add theirs
    app.connect("env-updated", set_date, priority=600)  # after git_dates has found them
    app.connect("build-finished", pack_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
