"""Look up links to the site's own pages, files and anchors on disk."""

import difflib
import posixpath
from collections.abc import Iterable
from functools import cache

from .site import PAGES, Link, Site, absolute, without_index

MOST_NAMES = 2000  # to compare with; more take seconds
MOST_HINTS = 200  # to look for in one run


def problem_of(
    link: Link, site: Site, path: str, seen: frozenset[str] = frozenset()
) -> tuple[str, str] | None:
    """Return what is wrong with a link that leads inside the site.

    Args:
        link: the link.
        site: the built pages.
        path: the part of the site that it names.
        seen: the redirects that led there.

    Returns:
        What is wrong and what to write instead, both without a full stop; None if it works.
    """
    file = site.file_at(path)
    if file is None:
        return _missing(link, site, path)
    fragment = link.target.partition("#")[2].partition(":~:")[0]
    # A slash begins the address of what a script shows.
    is_route = fragment.startswith(("/", "!/", "svgView("))
    if not fragment or is_route or not file.lower().endswith((*PAGES, ".svg")):
        return None
    page = site.page(file)
    if page.shows(fragment) or not page.is_readable:
        return None
    if page.refresh:  # an old address; its anchors are those of the page it leads to
        onward = absolute(page.refresh[1], site.url_of(file))
        further = site.path_of(onward)
        if further is not None and further not in seen | {path}:
            target = onward if "#" in onward else f"{onward}#{fragment}"
            return problem_of(Link(link.url, link.page, target), site, further, seen | {path})
    close = near(fragment, page.anchors)
    other = "Link to a heading or a label of that page, or to the page"
    reason = f"there is no part called #{fragment} on that page"
    return reason, f"Did you mean `#{close}`?" if close else other


def _missing(link: Link, site: Site, path: str) -> tuple[str, str]:
    """Return what to report about a link to a file that doesn't exist."""
    if not link.url:
        return "the address is empty", "Write where it should lead"
    close, differs_in_case = _closest(site, path)
    if differs_in_case:
        reason = "small and capital letters differ from the name of the file"
        return reason, f"Write `{_relative(close, link.page)}`"
    other = "Check how it's spelled, and whether that page or file exists"
    hint = f"Did you mean `{_relative(close, link.page)}`?" if close else other
    return "there is no such page or file", hint


@cache
def _closest(site: Site, path: str) -> tuple[str, bool]:
    """Return the file that may be meant, and whether only capital letters differ; "" if none."""
    folder, _, name = path.rstrip("/").rpartition("/")
    alike = site.names.get(name.casefold(), [])
    for file in alike:
        right = without_index(file).rstrip("/")
        if right.casefold() == path.rstrip("/").casefold() and right != path.rstrip("/"):
            return file, True
    beside = {
        without_index(f).rstrip("/")[len(folder) :].strip("/"): f
        for f in site.names.get(f"{folder}/", [])
    }
    found = near(name, beside)
    return (beside[found] if found else next(iter(alike), "")), False


def _relative(file: str, page: str) -> str:
    """Return the way from a page to a file, as a link on that page spells it."""
    return without_index(posixpath.relpath(file, posixpath.dirname(page) or ".")) or "./"


def near(wrong: str, right: Iterable[str]) -> str:
    """Return the name that is spelled almost the same; "" if there is none."""
    if _near.cache_info().currsize >= MOST_HINTS:
        return ""
    return _near(wrong, tuple(sorted(right)[:MOST_NAMES]))


@cache
def _near(wrong: str, some: tuple[str, ...]) -> str:
    """Compare with each name, which takes long, once."""
    return next(iter(difflib.get_close_matches(wrong, some, n=1, cutoff=0.75)), "")
