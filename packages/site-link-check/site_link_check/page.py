"""Read a page of another host, as browsers decode it, into what a verdict rests on."""

from w3lib.encoding import html_to_unicode

from .document import Document, Page


def read(body: bytes, kind: str | None) -> Page:
    """Return what a page says.

    Args:
        body: the page.
        kind: the header Content-Type, if there is one.

    Returns:
        All that the verdict on a link to the page may ask for.
    """
    try:
        _, text = html_to_unicode(kind, body, auto_detect_fun=_undeclared)
    except (LookupError, UnicodeError):  # it names something that isn't an encoding of text
        text = body.decode(_undeclared(body), "replace")
    document = Document(text, is_xml="xml" in (kind or "").lower())
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
        has_password=tree.css_first('input[type="password" i]') is not None,
        shows_file=tree.css_first("react-app") is not None,
        is_readable=not document.is_too_deep,
    )


def _undeclared(body: bytes) -> str:
    """Return the encoding of a page that doesn't name one, as browsers guess it."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(body) - 4:  # else a letter was cut in two
            return "cp1252"
    return "utf-8"
