"""Print the figures as tables, with the ratios that tell more than the figures."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Figures = Mapping[str, Any]


def table(found: Figures) -> str:
    """Write what was measured for people.

    Args:
        found: what `bench.json` holds.

    Returns:
        A table for each step.
    """
    parts = [*found["left_out"]]
    if found["visits"]:
        parts.append("\n".join(visits(found["visits"])))
    if found["lighthouse"]:
        parts.append("\n".join(grades(found["lighthouse"])))
    if found["builds"]:
        parts.append("\n".join(builds(found["builds"])))
    return "\n\n".join(parts)


def visits(sites: Figures) -> Iterator[str]:
    """Write the means of all pages that every site was asked for.

    Args:
        sites: the figures of each page of each site.

    Yields:
        The lines.
    """
    pages = sorted(set.intersection(*(set(figures) for figures in sites.values())))
    yield f"On the wire, mean of {', '.join(pages)}; ratios are to the first row"
    yield row("", ["first page", "", "", "second page", "", ""])
    yield row("", ["requests", "kB", "ratio", "requests", "kB", "ratio"])
    base: dict[str, float] = {}
    for site, figures in sites.items():
        cells = []
        for visit in ("first", "second"):
            asked = statistics.mean(figures[page][visit]["requests"] for page in pages)
            sent = statistics.mean(figures[page][visit]["bytes"] for page in pages) / 1000
            cells += [f"{asked:.1f}", f"{sent:.1f}", f"{sent / base.setdefault(visit, sent):.2f}"]
        yield row(site, cells)


def grades(sites: Figures) -> Iterator[str]:
    """Write what Lighthouse says of each page.

    Args:
        sites: the medians of each page of each site.

    Yields:
        The lines.
    """
    yield "Lighthouse on a slow phone: grades; first and largest paint and blocking in ms; shift"
    yield row("", ["perf.", "practices", "SEO", "access.", "first", "largest", "blocking", "shift"])
    for site, pages in sites.items():
        for page, figures in pages.items():
            *values, shift, failed = figures.values()
            cells = [*(f"{value:.0f}" for value in values), f"{shift:.3f}"]
            yield row(f"{site} {page}", cells) + "  " + ", ".join(failed)


def builds(shapes: Figures) -> Iterator[str]:
    """Write the processor time of each build.

    Args:
        shapes: the seconds of each build, by shape and size.

    Yields:
        The lines.
    """
    yield "Processor seconds of a build on one core, and how many times those of alabaster as it is"
    yield "installed; with PyStemmer, which ours has, it takes those of the second column"
    for shape, by_size in shapes.items():
        heads = [head for name in next(iter(by_size.values())) for head in (name, "ratio")]
        yield row(shape, heads)
        for size, seconds in by_size.items():
            base = seconds["alabaster"]
            cells = [cell for s in seconds.values() for cell in (f"{s:.1f}", f"{s / base:.2f}")]
            yield row(f"{size} pages", cells)


def row(name: str, cells: Sequence[str]) -> str:
    """Write a line of a table.

    Args:
        name: what the line is about.
        cells: its figures.

    Returns:
        The line, in columns.
    """
    return (f"{name:<34}" + "".join(f"{cell:>12}" for cell in cells)).rstrip()
