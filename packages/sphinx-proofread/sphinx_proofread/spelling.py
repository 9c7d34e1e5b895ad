"""Print the words of files that are one slip of a finger away from a common word.

codespell knows the misspellings that were seen before. This finds new ones, such as "sentecnes":
a word that no list knows, one swap or one letter away from a word that people often misspell.
It runs as a program of its own, beside the build: `python -m sphinx_proofread.spelling FILES`.
"""

import functools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import codespell_lib
from spellchecker import SpellChecker

SHORTEST, LONGEST = 6, 40  # letters of a word
MOST = 2  # places: what's written more often is meant
WORD = re.compile(rf"(?<![\w’'@#-])[a-z]{{{SHORTEST},{LONGEST}}}(?![\w’'-])")
# Code, addresses, names of files and what stands in braces or is a key.
SKIP = re.compile(r"`[^`]*`|\]\([^)]{0,300}\)|\{[^}]{0,300}\}|^\s*:?[\w-]{1,40}:(?= )")
MARKED = re.compile(r"://|@|www\.|\w\.\w|[_/\\#]")  # addresses, and names of files
ENDS = re.compile("s|es|ers?|ors?|ings?|ees?|able|ed|ish|r|rs|ness|ly|d")
STARTS = ("non", "re", "un", "pre", "sub", "multi", "meta", "inter", "over", "auto", "micro")
LETTERS, VOWELS = "abcdefghijklmnopqrstuvwxyz", "aeiouy"
LISTS = Path(codespell_lib.__file__).parent / "data"


def _column(name: str, column: int) -> set[str]:
    """Return the wrong (0) or the right words (1) of a list of codespell."""
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    cells = [line.split("->")[column] for line in lines if "->" in line]
    return {word.strip() for cell in cells for word in cell.split(",") if word.strip()}


ENGLISH = SpellChecker().word_frequency.dictionary.keys()
RIGHT = _column("dictionary.txt", 1)
COMMON = RIGHT & ENGLISH  # what people do misspell: it holds no names
LATIN = {"dramatis", "generis", "machina", "mutatis", "operandi"}  # words of phrases
KNOWN = ENGLISH | RIGHT | LATIN | _column("dictionary_en-GB_to_en-US.txt", 0)


def _is_spelled(word: str) -> bool:
    """Return whether a word is known, with what English adds to words, or made of two."""
    american = (re.sub("is(?=e|ing|ation)", "iz", word), word.replace("our", "or"))
    if not KNOWN.isdisjoint([word, f"{word}d", f"{word}ed", *american]):
        return True
    for cut in range(3, len(word)):
        stem, end = word[:cut], word[cut:]
        near = {stem, f"{stem}e", stem.removesuffix(stem[-1]), re.sub("i$", "y", stem)}
        if ENDS.fullmatch(end) and near & KNOWN:
            return True
        if len(stem) > 3 < len(end) and {stem, end} <= KNOWN:
            return True
    rests = {word.removeprefix(start) for start in STARTS if word.startswith(start)}
    return not KNOWN.isdisjoint(rests | {re.sub("(?<=e)d$|s$", "", rest) for rest in rests})


def _near(word: str) -> Iterator[str]:
    """Yield the common words that differ in one place, behind the first letter."""
    cuts = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]
    yield from (
        w for a, b in cuts if len(b) > 1 and (w := a + b[1] + b[0] + b[2:]) != word and w in KNOWN
    )
    others = [a + b[1:] for a, b in cuts if b] + [a + c + b for a, b in cuts for c in LETTERS]
    # The wrong one of two letters is doubled, as in "attendess".  # codespell:ignore
    others += [a + b[0] + b[0] + b[2:] for a, b in cuts if len(b) > 2 and b[1] == b[2]]
    others += [a + b[0] + b[2] + b[2:] for a, b in cuts if len(b) > 2 and b[0] == b[1]]
    for same in (VOWELS, "cs"):
        others += [a + c + b[1:] for a, b in cuts if b and b[0] in same for c in same]
    yield from (other for other in others if other in COMMON)


@functools.cache
def correction(word: str) -> str:
    """Return what a word is meant to be.

    Args:
        word: small letters.

    Returns:
        The common word, or nothing where the word is known or like no other.
    """
    if _is_spelled(word):
        return ""
    rests = [(start, word.removeprefix(start)) for start in STARTS if word.startswith(start)]
    parts = [("", word), *(part for part in rests if len(part[1]) >= SHORTEST)]
    return next((start + right for start, rest in parts for right in _near(rest)), "")


def main() -> None:
    """Print each such word as `FILE:LINE: WORD ==> CORRECTION`."""
    seen: dict[str, list[str]] = {}
    for file in sys.argv[1:]:
        lines = Path(file).read_text(encoding="utf-8", errors="replace").split("\n")
        for number, line in enumerate(lines, 1):
            plain = (part for part in SKIP.sub(" ", line).split() if not MARKED.search(part))
            for word in WORD.findall(" ".join(plain)):
                seen.setdefault(word, []).append(f"{file}:{number}")
    for word, places in seen.items():
        if len(places) <= MOST and (right := correction(word)):
            print("\n".join(f"{place}: {word} ==> {right}" for place in places))


if __name__ == "__main__":
    main()
