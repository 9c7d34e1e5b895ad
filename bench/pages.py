"""Generate Markdown pages, of about the length of ours, that pass every check of the build."""

from __future__ import annotations

import math
import re
from pathlib import Path

# How many sections a site of so many pages has, in each shape.
SHAPES = {"many sections": math.isqrt, "one section": lambda _: 1}

PAGE = """\
---
myst:
  html_meta:
    description: The page {name} of {size}, made to see how long it takes to build.
---

# The page {name}

This page has the number {name}. Each page of this kind has the same parts, with other numbers in
them, so that a site can have as many of them as we like. Read also [the page {other}]({other}.md).

## What the page {name} is for

A site grows by a page now and then, and nobody notices that its build takes a little longer each
time. Page {name} shows that in a minute. It has paragraphs, **strong words**, *others*, `code` and
[a link to a host](https://numpy.org/) that nobody follows.

- The first of three items of page {name}.
- The second, which is somewhat longer, since items seldom have one length.
- The third.

## How the page {name} is read

1. Open it.
2. Read it to the end, in a minute.
3. Open the next one.

```python
def next_page(number: int) -> int:
    return number + {name}
```

### What else there is

| Page | Words |
| --- | --- |
| {name} | About two hundred |
| {other} | As many |
"""
NEEDED = """\
---
myst:
  html_meta:
    description: The page {title}, which the checks and the foot of each page want.
---

# The page {title}

{text}
"""
LIST = """\
---
myst:
  html_meta:
    description: The list of {title} of {size}, made to see how long it takes to build.
---

# The {title}

What follows is the list of {title}.

```{{toctree}}
{entries}
```
"""


def write_site(folder: Path, size: int, sections: int, contact: Path) -> None:
    """Write a site of generated pages.

    Args:
        folder: the source folder of the site.
        size: how many pages, without the list of each section and what every site needs.
        sections: how many sections they are in.
        contact: the page of our site with the addresses that must stay.
    """
    mails = re.findall(r"<[^<>@\s]+@[^<>\s]+>", contact.read_text(encoding="utf-8"))
    needed = {"about/contact": "\n".join(mails), "accessibility": "A.", "contributing/index": "C."}
    for title, text in needed.items():
        file = folder / f"{title}.md"
        file.parent.mkdir(exist_ok=True)
        write(file, NEEDED.format(title=title, text=text))
    names: dict[int, list[int]] = {number: [] for number in range(sections)}
    for number in range(size):
        names[number * sections // size].append(number)
    for section, pages in names.items():
        inside = folder / f"section-{section}"
        inside.mkdir()
        write_list(inside, f"pages of section {section}", size, [str(page) for page in pages])
        for page, other in zip(pages, [*pages[1:], pages[0]], strict=True):
            write(inside / f"{page}.md", PAGE.format(name=page, other=other, size=size))
    entries = [f"section-{section}/index" for section in names]
    write_list(folder, "sections", size, [*entries, *needed])


def write_list(folder: Path, title: str, size: int, entries: list[str]) -> None:
    """Write the `index.md` of a folder, with a toctree.

    Args:
        folder: where it goes.
        title: what it lists.
        size: how many pages the site has.
        entries: the lines of the toctree.
    """
    text = LIST.format(title=title, size=size, entries="\n".join(entries))
    write(folder / "index.md", text)


def write(file: Path, text: str) -> None:
    """Write a page as the checks want it, with line ends of Unix on every system.

    Args:
        file: the page.
        text: its Markdown.
    """
    file.write_text(text, encoding="utf-8", newline="\n")
