"""What a finding is, and how a list of them from several tools becomes one without repetitions."""

import itertools
import re
from typing import NamedTuple
from urllib.parse import unquote

MOST_FAR = 500  # findings of a file to compare with one whose line isn't known
MOST = 9  # findings of one rule in one file that are each reported
CONF, TEXTS = "/conf.py", ("proofread.text-", "proofread.link-")
LEAST = 6  # letters by which a file or an address is known
MOST_LINES = 100  # whose numbers are reported
OURS = "proofread."
# These know the least of what a page means, so others that found the same say it better.
LATE = re.compile(r"proofread\.(?:html-|MD|spelling)|hook|link\.")
SHOWN = re.compile(r': ".*"(?=\. )')  # the words of the page in a message of ours
LINTER = re.compile(r"proofread\.MD\d")
SPELLING = "proofread.spelling"  # about a word, which may well be part of another mistake
FAR = re.compile(r"proofread\.html-(?:file|host)|link\.")  # their line may be that of the file
# What these say holds for an address or a tag as a whole, whatever a linter says of a part.
ABOUT = re.compile(
    r"proofread\.(?:MD011|text-(?:link|reference|angle|import)|link-|mail-|html|image-|directive-)|(?:link|myst\.xref|image|download)[._]"
)

# What a rule says in some lines below what another has found follows from that.
FOLLOWS = [
    ("proofread.MD056", "proofread.text-table.", 2),
    ("proofread.list-parted", "proofread.text-list", 5),
    ("proofread.list-order", "proofread.list-inward", 9),
    ("proofread.MD056", "proofread.text-table-bar", 0),
    ("proofread.MD056", "proofread.text-backtick", 0),
    ("proofread.MD056", "proofread.text-template", 0),
    ("proofread.html-file", "myst.directive_option", 3),
    ("proofread.heading-nested", "proofread.text-colons", 40),
    ("glossary", "proofread.text-list", 2),
    ("glossary", "proofread.glossary-empty", 2),
    ("hook.last-line", "proofread.MD047", 0),
    ("hook.large-files", "proofread.image-size", 0),
    ("proofread.glossary-empty", "proofread.text-list", 2),
    ("proofread.list-parted", "proofread.fence-unclosed", 5),
    ("proofread.MD053", "myst.duplicate_def", 0),
    ("proofread.MD025", "proofread.heading-underlined", 0),
    ("proofread.MD025", "proofread.heading-empty", 0),
    ("proofread.MD083", "proofread.text-lost", 0),
    ("proofread.html-file", "proofread.link-file", 0),
    ("proofread.text-", "proofread.quote-python", 0),
    ("proofread.MD026", "proofread.heading-underlined", 1),
    ("misc.highlighting_failure", "proofread.fence-name", 0),
    ("design.", "proofread.fence-unclosed", 40),
    ("design.card_legacy", "proofread.card-part", 0),
    ("ref.footnote", "proofread.text-table-bar", 300),
    ("ref.footnote", "proofread.MD056", 300),
    ("ref.footnote", "proofread.text-footnote", 300),
    ("myst.directive_parse", "proofread.fence-", 0),
]


class Finding(NamedTuple):
    """One thing that is wrong, wherever it was found."""

    path: str
    line: int  # from 1
    rule: str  # as "proofread.link-http", or the name that Sphinx has for its message
    text: str  # what is wrong, and what to write instead
    words: str = ""  # those of the page that are wrong
    level: str = "WARNING"


def distinct(found: list[Finding]) -> list[Finding]:
    """Sort what is found, without what repeats the words of another finding at the same place.

    Args:
        found: what is found, from all tools.

    Returns:
        The list, by file and line.
    """
    kept: dict[str, dict[int, list[Finding]]] = {}  # by file and line
    # Thousands may stand on one line or in one file, so what is there is looked up, not compared.
    texts: set[tuple[str, int, str]] = set()
    words: set[tuple[str, str]] = set()
    ordered = sorted(found, key=lambda each: 2 if LATE.match(each.rule) else OURS not in each.rule)
    for each in ordered:
        lines = kept.setdefault(each.path, {})
        there = lines.setdefault(each.line, [])
        text, word = (each.path, each.line, each.text), (each.path, _words(each))
        is_far = bool(FAR.match(each.rule))
        near = itertools.islice(itertools.chain(*lines.values()), MOST_FAR) if is_far else there
        # Line 1 stands for the file, but in conf.py, where a setting is one mistake.
        is_setting = each.path.endswith(CONF)
        compared = near if is_far or is_setting or (each.words and each.line > 1) else ()
        # What conf.py redirects to has no line in the page that Sphinx writes for it.
        is_built = each.path.endswith(".html")
        elsewhere = is_far and ((CONF, word[1]) in words or (is_built and ("", word[1]) in words))
        repeats = text in texts or (is_far and word[1] and word in words) or elsewhere
        if not repeats and not any(_same(each, other) for other in compared):
            texts.add(text)
            words |= {("", word[1])} if each.rule == "proofread.html-file" else set()
            words.add((CONF if each.path.endswith(CONF) else each.path, word[1]))
            there.append(each)
    return [
        each
        for _, lines in sorted(kept.items())
        for _, some in sorted(lines.items())
        for each in some
        if not _follows(each, lines)
    ]


def _follows(found: Finding, lines: dict[int, list[Finding]]) -> bool:
    """Return whether a finding follows from another in the lines of its file."""
    return any(
        f"{other.rule}.".startswith(cause)
        for rule, cause, most in FOLLOWS
        if found.rule.startswith(rule)
        # Where more than one line counts, the cause may be said to stand one line later.
        for line in range(found.line - most, found.line + 1 + bool(most))
        for other in lines.get(line, ())
    )


def _words(found: Finding) -> str:
    """Return the words of a finding, however their address or their spaces are written."""
    return " ".join(unquote(found.words).split())


def _same(one: Finding, other: Finding) -> bool:
    """Return whether a finding repeats one at the same place that stands before it."""
    if LINTER.match(one.rule) and LINTER.match(other.rule) and one.rule != other.rule:
        return False  # it has one rule for a mistake
    are_ours = one.rule.startswith(OURS) and other.rule.startswith(OURS)
    if one.path.endswith(CONF) and one.line == other.line and not are_ours:
        return True
    a, b = _words(one), _words(other)
    # None of these repeats another.
    are_texts = any(one.rule.startswith(kind) and other.rule.startswith(kind) for kind in TEXTS)
    if a and a == b:  # one tool says two things where two links have the same words, for example
        is_ours = (OURS in one.rule or OURS in other.rule) and not are_texts
        return (one.rule != other.rule and is_ours) or bool(LATE.match(one.rule))
    is_part = LATE.match(one.rule) and ABOUT.match(other.rule) and one.rule != SPELLING
    is_close = one.line > 1 or (FAR.match(one.rule) and min(len(a), len(b)) >= LEAST)
    return bool(a and b and is_close and is_part and (a in b or b in a))


def _without_words(found: Finding) -> str:
    """Return what is said, of our messages without the words of the page."""
    return SHOWN.sub("", found.text) if OURS in found.rule else found.text


def summed(found: list[Finding]) -> list[Finding]:
    """Return what is found, where a habit that fills a page is one finding with a count.

    Args:
        found: what is found, sorted.

    Returns:
        The same list, in which the first of many findings of one rule in a file stands for all;
        what Sphinx says under one name can be different mistakes, so its words must be the same,
        and of ours all but those that it quotes.
    """
    same: dict[tuple[str, str], list[Finding]] = {}
    keys = [
        (each.path, each.rule if LINTER.match(each.rule) else _without_words(each))
        for each in found
    ]
    for key, each in zip(keys, found, strict=True):
        same.setdefault(key, []).append(each)
    shown = []
    for key, each in zip(keys, found, strict=True):
        group = same[key]
        if len(group) <= MOST:
            shown.append(each)
        elif each is group[0]:
            is_word = each.rule == SPELLING  # each is a mistake of its own
            lines = ", ".join(
                f"{other.line} ({other.words})" if is_word else str(other.line)
                for other in group[1:MOST_LINES]
            )
            end = "…" if len(group) > MOST_LINES else "."
            more = f"And {len(group) - 1} more on this page: lines {lines}{end}"
            shown.append(each._replace(text=f"{each.text} {more}"))
    return shown
