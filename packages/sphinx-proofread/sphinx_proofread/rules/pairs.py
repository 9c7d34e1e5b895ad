"""Find a bracket or a quotation mark that is opened or closed only once.

Each language has its own quotation marks, and Sphinx makes them of straight ones.
"""

import re

from ..rule import Rule

# fmt: off
UNBALANCED = Rule("text-unbalanced", "a bracket or a quotation mark that is opened or closed only once",
    "Add the other one; an apostrophe is `’`.",
    "Readers would look for the end of what it opens.",
    "We work with partners (many of them.", "We work with partners (many of them).")
# fmt: on
MOST = 9  # brackets of a paragraph
PAIRS = ("()", "“”", "«»", "「」", "『』", "（）")
FINE = re.compile(
    r"(?<!\S)(?:[:;=8]['’-]?[()]|[()]['-]?[:;=])|(?<=\w)[:;]-?\)(?!\w)|[\[(]\d[^\[\]()]*[\])]"
)  # ":)" and "[0, 1)"
ENUMERATION = re.compile(r"(?:^|\s)\w{1,4}\.?\)")  # "a) first"


def unbalanced(text: str, source: str, *, english: bool) -> list[tuple[Rule, re.Match[str]]]:
    """Find the first kind of signs of which one is missing.

    Args:
        text: a paragraph as readers see it.
        source: as it is written, where it has quotation marks.
        english: whether the page is.

    Returns:
        The rule, and each sign that has no other.
    """
    plain = FINE.sub(lambda found: " " * len(found[0]), text)
    if text.count("(") == text.count(")"):  # a smiley may close a bracket
        plain = text
    for opening, closing in PAIRS if english else [pair for pair in PAIRS if pair != "“”"]:
        counted = source if opening in "“«" else plain
        more = counted.count(opening) - counted.count(closing)
        if opening == "“" and plain.count(opening) == plain.count(closing):
            continue  # one is typed, and Sphinx makes the other of a straight one
        if opening == "(" and more < 0 and ENUMERATION.search(plain):
            continue
        if opening == "“" and (
            source.lstrip().startswith("“")
            or (not source.count("“") and counted.count(closing) % 2 == 0)
        ):
            continue  # one of several paragraphs of a quotation, or the signs of Swedish and Finnish
        if opening == "«" and "«" not in counted and (english or more % 2 == 0):
            continue  # "File » Save", or Swedish and Finnish again
        starts = opening == "«" and source.lstrip().startswith(("«", "»"))  # one of several again
        if more and not starts and "„" not in plain:  # German opens with „ and closes with “
            sign = opening if more > 0 else closing
            alone = _alone(plain, opening, closing, sign)
            return [(UNBALANCED, found) for found in alone[: MOST if opening == "(" else 1]]
    if not english:
        german = text.count("„") > text.count("“") + text.count("”")
        if german:
            return [(UNBALANCED, found) for found in re.finditer("„", text)][-1:]
    # Sphinx makes them of straight ones; Hebrew has one inside an abbreviation.
    marks = list(re.finditer(r"(?<!\w)[“”„«»]|[“”„«»](?!\w)", text))
    # What begins with one may end in the next paragraph; 5" is a length.
    typed = set(source) & set("“”„«»")
    goes_on = re.search(r"^[“”„«]|[\d½¼¾]\s?[”“»]", text)
    if len(marks) % 2 and not (typed or goes_on):
        return [(UNBALANCED, marks[-1])]
    return []


def _alone(text: str, opening: str, closing: str, which: str) -> list[re.Match[str]]:
    """Return the opening or the closing signs that have no other."""
    opened, alone = [], []
    for sign in re.finditer(f"[{re.escape(opening + closing)}]", text):
        if sign[0] == opening:
            opened.append(sign)
        elif opened:
            opened.pop()
        else:
            alone.append(sign)
    return (opened if which == opening else alone) or [*re.finditer(re.escape(which), text)][-1:]
