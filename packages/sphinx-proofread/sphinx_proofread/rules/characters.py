"""Find characters that nobody can see, or that look like others.

They come with text that is pasted from a word processor, a chat or another site.
"""

import re
import unicodedata
from collections.abc import Iterator

from ..rule import Finding, Rule, Source, finds
from .fences import code_lines

# fmt: off
INVISIBLE = Rule("text-invisible", "a character that nobody can see",
    "Delete it, and type the words on both sides again.",
    "Search does not find the words, and a link that holds it is dead.",
    "We work with many part\u200bners.", "We work with many partners.")
SPACE = Rule("text-space", "a space that is not a plain one",
    "Delete it and type a space.",
    "The line would not break there, and Markdown does not take it for a space.",
    "We work with many\u00a0partners.", "We work with many partners.")
TAB = Rule("text-tab", "a tab between words",
    "Delete it and type a space; write a table with bars and hyphens.",
    "It looks different in each editor.",
    "We\twork.", "We work.")
LOST = Rule("text-lost", "the sign U+FFFD, or two that mean nothing, instead of a letter",
    "Type the word again, and save the file as UTF-8.",
    "Readers would see a question mark, or signs that mean nothing.",
    "We work in Z\ufffdrich.", "We work in Z\u00fcrich.")
LOOKALIKE = Rule("text-look-alike", "a word with a letter of another alphabet, or one sign for two letters",
    "Type the word again.",
    "It looks the same, but search does not find it, and a screen reader spells it.",
    "Our p\u0430rtners.", "Our partners.")
CONFLICT = Rule("text-conflict", "a merge conflict that is not resolved",
    "Keep the words that are right, and take the lines of signs away.",
    "Readers would see both versions.",
    "<<<<<<< HEAD\nOur old text.\n=======\nOur new text.\n>>>>>>> new", "Our new text.")
# fmt: on
CONFLICTED = re.compile(r"(?:<{7}|>{7})(?: .*)?")
# Behind a sign of a list, another rule says it.
TABBED = re.compile(r"^(?!\s*\w{1,2}[.)]\t).*(?<=[^\s•‣◦·▪●])\t+(?=\S)")
# Typographers put other spaces beside a dash, between a number and its unit, and in French beside
# some signs, and behind the title of a person or in an abbreviation; Japanese has one of its own.
SET = re.compile(
    r"(?<=[\d–—«])[\u00a0\u2009\u200a\u202f]|[\u00a0\u2009\u200a\u202f](?=[\d–—%°»:;?!])"
    r"|(?<=\w\.)[\u00a0\u202f]|(?<=\bM[rm]e)\u00a0"
    r"|(?<=[\u3001-\u9fff\uff00-\uffef])\u3000|\u3000(?=[\u3001-\u9fff\uff00-\uffef])"
)
NON_JOINERS = "\u200c\u200d"
JOINER = "\u200d"  # joins emoji: fine behind a character of these categories
ASIAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
JOINED = {"So", "Sk", "Mn", "Cf", "Nd", "Po"}  # codespell:ignore nd
# A capital letter such as Ö, read in the encoding of Windows: the second sign is no letter.
MISREAD = re.compile(r"Ã[\u2010-\u203a\u0152\u0153\u0160\u0178\u017d]\w*")
GREEK = "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1"  # look Latin


@finds("source")
def _check(source: Source) -> Iterator[Finding]:
    """Find the characters of a file that are not what they seem."""
    code = code_lines(source.lines)
    conflicts = (n for n, line in enumerate(source.lines, 1) if CONFLICTED.fullmatch(line))
    first = next((n for n in conflicts if n not in code), 0)  # code may show one
    if first:
        yield CONFLICT.at(f"{source.path}:{first}", source.lines[first - 1])
    for number, line in enumerate(source.lines, 1):
        if number not in code and TABBED.search(line):
            yield TAB.at(f"{source.path}:{number}", line)
        for rule, text in _mistakes(line):
            yield rule.at(f"{source.path}:{number}", text)


def _mistakes(line: str) -> Iterator[tuple[Rule, str]]:
    """Find the characters of a line that are not what they seem."""
    if line.isascii() and line.isprintable():  # most are, and the rest takes long
        return
    for found in re.finditer(r"[^ \t]+", SET.sub(" ", line)):
        word = found[0]
        for before, sign in zip(" " + word, word, strict=False):
            if 0xE0020 <= ord(sign) <= 0xE007F:  # spell the name of a flag
                continue
            category = unicodedata.category(sign)
            joined = sign == JOINER and unicodedata.category(before) in JOINED
            # Persian and the languages of India join letters, or keep them apart.
            joined |= sign in NON_JOINERS and unicodedata.category(before) in ("Lo", "Mn", "Mc")
            if category in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and not joined:
                rule = INVISIBLE
            elif category == "Zs":
                rule = SPACE
            elif sign == "\ufffd":
                rule = LOST
            elif "\ufb00" <= sign <= "\ufb06":  # as a PDF has them for two letters
                rule = LOOKALIKE
            else:
                continue
            yield rule, word
            break
    yield from ((LOST, found[0]) for found in MISREAD.finditer(line))
    for found in re.finditer(r"[^\W\d_]+", line):
        alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in found[0]}
        others = "CYRILLIC" in alphabets or any(letter in GREEK for letter in found[0])
        is_wide = "FULLWIDTH" in alphabets and not ASIAN.search(line)
        if is_wide or ("LATIN" in alphabets and others):
            yield LOOKALIKE, found[0]
