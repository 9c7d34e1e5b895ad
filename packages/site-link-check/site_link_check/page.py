"""Read a page, as browsers decode it, into what a verdict rests on."""

from pathlib import Path

from w3lib.encoding import html_to_unicode

from .document import Document, Page, in_css

XML = (".svg", ".xhtml")


def read(body: bytes, kind: str | None) -> Page:
    """Return what a page says.

    Args:
        body: the page.
        kind: the header Content-Type, if there is one.

    Returns:
        All that the verdict on a link to the page may ask for.
    """
    document = Document(decoded(body, kind), is_xml="xml" in (kind or "").lower())
    tree = document.tree
    return Page(
        anchors=document.anchors,
        refresh=document.refresh,
        title=document.words("title"),
        titles=document.words("title, h1, h2"),
        visible=document.visible,
        scripts=[
            (
                (s.attributes.get("type") or "").strip().lower(),
                s.attributes.get("src") or "",
                s.text(),
            )
            for s in tree.css("script")
        ],
        has_handlers=tree.css_first("[onload], [onerror]") is not None,
        has_password=tree.css_first('input[type="password" i]') is not None,
        shows_file=tree.css_first("react-app") is not None,
    )


def read_file(file: Path, *, is_placed: bool) -> tuple[list[str], str, Page]:
    """Return what a file of the site says.

    Args:
        file: a page, a drawing or a stylesheet.
        is_placed: it's known where the site is published.

    Returns:
        The addresses in it, the one that they start from, if it names one, and its anchors.
    """
    body = file.read_bytes()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = decoded(body)
    if file.suffix == ".css":
        return [*in_css(text)], "", Page()
    document = Document(text, is_xml=file.name.endswith(XML))
    kept = Page(document.anchors, document.refresh)
    return [*document.addresses(is_placed=is_placed)], document.base, kept


def decoded(body: bytes, kind: str | None = None) -> str:
    """Return the text of a page, whose header may name the encoding."""
    try:
        return html_to_unicode(kind, body, auto_detect_fun=_undeclared)[1]
    except (LookupError, UnicodeError):  # it names something that isn't an encoding of text
        return body.decode(_undeclared(body), "replace")


def _undeclared(body: bytes) -> str:
    """Return the encoding of a page that doesn't name one, as browsers guess it."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(body) - 4:  # else a letter was cut in two
            return "cp1252"
    return "utf-8"
