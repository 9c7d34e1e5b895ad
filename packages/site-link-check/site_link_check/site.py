"""The built site: which file answers which address, without a server."""

from functools import cache
from pathlib import Path
from urllib.parse import unquote

from ada_url import URL

from .document import Document

NOWHERE = "http://site.invalid/"  # https://www.rfc-editor.org/rfc/rfc6761#section-6.4


class Site:
    """A folder of built pages, and the address at which it is published."""

    def __init__(self, folder: Path, base_url: str = "") -> None:
        """List the files of a site.

        Args:
            folder: the built pages.
            base_url: where they are published; links that spell it lead inside.

        Raises:
            ValueError: if `base_url` isn't an address.
        """
        self.folder = folder
        self.base = URL(base_url or NOWHERE).href.rstrip("/") + "/"
        # A set of names, because some file systems take "Logo.svg" for "logo.svg"; hosts don't.
        self.files = {
            file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
        }
        self.document = cache(self._document)

    def pages(self) -> list[str]:
        """Return each page, without the templates that a theme leaves in `_static`."""
        return sorted(
            file
            for file in self.files
            if file.endswith((".html", ".htm")) and "_static" not in file.split("/")
        )

    def url_of(self, file: str) -> str:
        """Return the address of a file, such as "about/index.html"."""
        return self.base + without_index(file)

    def path_of(self, target: str) -> str | None:
        """Return which part of the site an address names.

        Args:
            target: a whole address, in the spelling of a browser.

        Returns:
            The path below the base, such as "about/"; None if it leads out of the site.
        """
        address = target.partition("#")[0].partition("?")[0]
        start = self.base
        if address.startswith("http:"):  # the host leads on to https
            start = start.replace("https:", "http:", 1)
        if f"{address}/" == start:
            return ""
        return unquote(address.removeprefix(start)) if address.startswith(start) else None

    def file_at(self, path: str) -> str | None:
        """Return the file that a host shows for a path, if there is one."""
        is_folder = not path or path.endswith("/")
        choices = [f"{path}index.html"] if is_folder else [path, f"{path}/index.html"]
        return next((file for file in choices if file in self.files), None)

    def _document(self, file: str) -> Document:
        text = (self.folder / file).read_text(encoding="utf-8", errors="replace")
        return Document(text, is_xml=file.endswith(".svg"))


def without_index(file: str) -> str:
    """Return the path at which a host shows a file, such as "about/" for "about/index.html"."""
    folder, slash, name = file.rpartition("/")
    return folder + slash if name == "index.html" else file
