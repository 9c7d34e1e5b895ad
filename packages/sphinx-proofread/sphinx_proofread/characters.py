"""Find characters that nobody can see, or that look like others.

They come with text that is pasted from a word processor, a chat or another site.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from .rule import Rule, connect_source
from .fences import code_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

INVISIBLE = Rule(
    "text-invisible",
    "a character that nobody can see",
    "Delete it, and type the words on both sides again.",
    "Search does not find the words, and a link that holds it is dead.",
    "We work with many part\u200bners.",
    "We work with many partners.",
)
SPACE = Rule(
    "text-space",
    "a space that is not a plain one",
    "Delete it and type a space.",
    "The line would not break there, and Markdown does not take it for a space.",
    "We work with many\u00a0partners.",
    "We work with many partners.",
)
LOST = Rule(
    "text-lost",
    "the sign U+FFFD in place of a letter",
    "Type the word again, and save the file as UTF-8.",
    "Readers would see a question mark.",
    "We work in Z\ufffdrich.",
    "We work in Z\u00fcrich.",
)
LOOKALIKE = Rule(
    "text-look-alike",
    "a word with a letter of another alphabet",
    "Type the word again.",
    "It looks the same, but search does not find it, and a screen reader spells it.",
    "Our p\u0430rtners.",
    "Our partners.",
)
CONFLICT = Rule(
    "text-conflict",
    "a merge conflict that is not resolved",
    "Keep the words that are right, and take the lines of signs away.",
    "Readers would see both versions.",
    "<<<<<<< HEAD\nOur old text.\n=======\nOur new text.\n>>>>>>> new",
    "Our new text.",
)
MARKERS = re.compile(r"(?m)^(?:<{7}|\|{7}|>{7})(?: .*)?$|^={7}$")
ALONE = "\u200d"  # joins emoji: fine behind a symbol
GREEK = "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1"  # look like Latin letters


def check(path: Path, source: list[str]) -> None:
    """Report the characters of a file that are not what they seem.

    Args:
        path: the file.
        source: its text, as the only item; the marks of a conflict are blanked.
    """
    code = code_lines(source[0].split("\n"))
    for found in re.finditer(r"(?m)^(?:<{7}|>{7})(?: .*)?$", source[0]):
        line = source[0][: found.start()].count("\n") + 1
        if line in code:
            continue  # an example of a conflict
        CONFLICT.report(f"{path}:{line}", found[0])
        source[0] = MARKERS.sub("", source[0])  # they would look like headings and quotations
        break
    for number, line in enumerate(source[0].split("\n"), 1):
        for rule, text in mistakes(line):
            rule.report(f"{path}:{number}", text)


def mistakes(line: str) -> Iterator[tuple[Rule, str]]:
    """Find the characters of a line that are not what they seem.

    Args:
        line: the line.

    Yields:
        The rule and the word with the character.
    """
    if line.isascii() and line.isprintable():  # most are, and the rest takes long
        return
    for found in re.finditer(r"[^ \t]+", line):
        word = found[0]
        for before, sign in zip(" " + word, word, strict=False):
            if 0xE0020 <= ord(sign) <= 0xE007F:  # spell the name of a flag
                continue
            category = unicodedata.category(sign)
            joined = sign in ALONE and unicodedata.category(before) in (
                "So",
                "Sk",
                "Mn",
                "Cf",
                "Nd",  # codespell:ignore nd
                "Po",
            )
            if category in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and not joined:
                yield INVISIBLE, word
                break
            if category == "Zs":
                yield SPACE, word
                break
            if sign == "\ufffd":
                yield LOST, word
                break
    for found in re.finditer(r"[^\W\d_]+", line):
        alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in found[0]}
        greek = "GREEK" in alphabets and any(letter in GREEK for letter in found[0])
        if "FULLWIDTH" in alphabets or (
            "LATIN" in alphabets and ("CYRILLIC" in alphabets or greek)
        ):
            yield LOOKALIKE, found[0]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check the text of each page before it is parsed.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    connect_source(app, check, 300)  # as it is written
    return {"parallel_read_safe": True, "parallel_write_safe": True}
