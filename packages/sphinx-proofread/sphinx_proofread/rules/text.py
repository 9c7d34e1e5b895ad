"""Find Markdown that did not parse and so stands in the text of the page.

A mistake such as a space between `]` and `(` leaves no trace in the parsed page but these
characters, so the rules look at the text that readers would see, outside code.
"""

import bisect
import difflib
import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from html.entities import html5

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from ..language import DIRECTIVES, ROLES, advice
from ..rule import (
    ENGLISH,
    RULES,
    Finding,
    Rule,
    finds,
    is_english,
    language_of,
    line_at,
    line_with,
    lines_of,
    place_of,
    split_place,
)

CODE = "\ufffc"  # stands for what a rule must not look into, as in "see \ufffc"
LINKS = (nodes.reference, addnodes.pending_xref)
OPAQUE = (nodes.literal, nodes.raw, nodes.math, nodes.image, nodes.problematic)
TARGET = (
    r"(?:#[\w-]+|[^\s()\[\]]*(?:\.md|\.html|\.png|\.svg|\.jpe?g|\.pdf|://|mailto:|/)[^\s()\[\]]*)"
)
ENTITIES = "|".join(
    sorted(
        {n.rstrip(";") for n in html5 if len(n) > 3 or n in ("gt;", "lt;")}, key=len, reverse=True
    )
)
MARKUP = "Readers would see the signs instead of what they stand for."
NAMES = ["GitHub", "Jupyter", "NumPy", "PyData", "PyTorch", "SciPy"]  # unless conf.py has others
SMALL = "a-zß-öø-ÿ"  # letters
LATIN_END = "\u0250"  # other scripts have no spaces, or other signs
# English doubles few words on purpose.
TWICE = "that|had|is|do|very|so|long|no|bye|ha|ho|out|in|on|wild|etc|blah|hush|knock|tut|la|yeah|cha|tick|hey|na|oh|hear|her"
# What emoji are not called, and fields of reStructuredText are.
FIELDS = "author|date|version|param|returns?|rtype|type|raises|alt|width|height|name|class|img-top|img-bottom|img-alt|link-type|link-alt|columns|text-align|ref-type|orphan|tocdepth|maxdepth|caption|hidden|glob|align|target|link|open"

# Each has a pattern for the text that readers see. The first that is found at a place counts.
# fmt: off
PATTERNS = (
    Rule("text-filler", "a note to oneself, filler or the words of a chat assistant",
        "Write the words, or leave the sentence out until they are there.",
        "Readers would think that the site is not ready.",
        "Lorem ipsum dolor sit amet.", "We work with many partners.",
        r"(?i:lorem ipsum(?: dolor sit amet)?|dolor sit amet|\[(?:(?:insert|todo|placeholder)\b|image: )[^\]]*\]|\[your(?: \w+){1,3}\](?!\w))|(?m:^[Tt]odo:)"
        r"|(?i:\[(?:(?:citation|source|link|clarification|date)s? (?:needed|missing)|links?(?: to [\w ]{1,40}| here))\])"
        r"|(?<![\w?!.])\?{3,}(?!\w)"
        r"|(?:\A|//|[\[(]|[.!?]\s)\s*TODO\b(?!\s+[A-Z])|\bTODO:|\A\W*TODO\W*\Z|(?<![\w/.])(?:FIXME|XXX|TBD|TKTK)\b(?!-|\.\w)|\A\W*DRAFT\b"
        r"|(?m:^(?:Sent from my \w+|Page \d+ of \d+|(?:Top|Bottom) of Form)$|(?<![.…])(?:\.{5,200}|…{2,200}\.{0,2}) ?\d{1,4}$)"
        r"|\A(?:\.\.\.|…)\Z|(?<=[\w.,])\[[A-Z]{2}\d{1,2}\](?!\()|^Commented \[[A-Z]{2}\d+\]:|Error! (?:Reference source|Bookmark) not (?:found|defined)|oaicite|contentReference|:contentReference\S*|(?i:\bas an ai (?:language )?model\b|\b(?:certainly|sure|of course)! here\b)"),
    Rule("text-colons", "colons that open or close no directive",
        "Open a directive with `:::` and `{name}`, and close it with as many colons.",
        "Readers would see the colons, and its contents outside it.",
        "Hello ::: {note}", ":::{note}\nHello\n:::",
        r"(?m)^ *:{2,}.*|:{3,}"),
    Rule("text-template", "a template of another site builder",
        "Write the words themselves, a link as `[text](address)`, a note as `:::{note}`: pages here have no templates.",
        MARKUP,
        "{% include note.html %}", "The note.",
        r"\{[%{].*?(?:[%}]\}|$)|(?<!\d)[%}]\}.*|\[/?(?:caption|gallery|embed|audio|video|button|vc_\w{1,30})(?: [^\[\]]{1,300})?\]"),
    Rule("text-scheme", "a link that a page may not have",
        "Put the file beside the page and write `[text](file.pdf)`, or begin the address with `https://`.",
        "The file is on your computer alone, or a browser would run it.",
        "See [the plan](file:///home/ana/plan.pdf).", "See [the plan](vision.md).",
        r"\]\((?i:file|javascript|vbscript|data):[^)\s]*"),
    Rule("text-address", "an address that nobody can click",
        "Write `<https://…>`, or `[text](https://…)`.",
        "Readers would have to type it.",
        "See htps://numpy.org/ for more.", "See <https://numpy.org/> for more.",
        r"(?<![\w/])(?!https?://)h[tps]{2,5}(?::/{0,2}|//)(?=[\w-]{1,60}\.[a-z])\S*|(?<![\w/])doi\.org/10\.\S*"),
    Rule("text-break", "a backslash in front of a space",
        "Write it as the last sign of the line, with no space behind it, or take it away.",
        "Readers would see the backslash, and the lines would be one.",
        "NumPy\\ \nBerlin", "NumPy\\\nBerlin",
        r"(?<=[\w.,!?*])\\(?: {0,9}\n| (?=[^\W_])|\Z)"),
    Rule("text-link", "a link that is not one",
        "Write `[text](address)`, with nothing between `]` and `(`, no space in the address, and both brackets closed.",
        "Readers would see brackets, and could not follow the link.",
        "See [our vision] (vision.md).", "See [our vision](vision.md).",
        rf"\]\(|\]\s\({CODE}\)|\]\s\(" + TARGET + r"|(?<!\))\[(?:https?://|www\.)[^\[\]\n]*\]|\[[^\[\]\n]+\]: ?[\w./-]+\.(?:md|html)|\[[^\[\]\n]+\][\w./-]+\.md\b|\[[^\[\]\n]*\([^()\s]*(?:\.md|://)[^()\s]*\)|\[[^\[\]()\n]+\)\([^()\s]+\]|(?<!\w)\((?:[\w./-]+\.md(?:#[\w-]*)?|mailto:[^\s)]+)\)"),
    Rule("text-reference", "a link to a name that is not defined",
        "Write `[text](address)`, or define the name at the end of the page: `[name]: address`.",
        "Readers would see brackets, and could not follow the link.",
        "See [our plan][no-such-name].", "See [our plan][plan].\n\n[plan]: vision.md",
        r"(?<!\w)\[[^\[\]\n^]+\]\[[^\[\]\n]*\]|(?m:^\[[^\[\]\n^ ][^\[\]\n]+\] +: *\S+)|(?<![\w.])!\[[^\[\]\n]+\](?!\(\{\{)(?:\[[^\[\]\n]*\])?"),
    Rule("text-footnote", "a footnote that is not one",
        "Write `[^name]` behind the words, and the note on a line of its own: `[^name]: the note`.",
        MARKUP,
        "We meet.[^ note]", "We meet.[^note]\n\n[^note]: On Mondays.",
        r"\[\^.{0,40}|(?<!\w)\^\[.{0,40}|(?<=[.,;)”]) ?\[[1-9]\d?\](?![\w(\[:_])|(?<=[^\W\d_]{3})\[[1-9]\d?\](?=[.,;\s]|\Z)|(?m:^\[[1-9]\d?\]: .*)"),
    Rule("text-wiki-link", "a link of a wiki",
        "Write `[text](page.md)`, or `![words](file)` for a picture.",
        MARKUP,
        "See [[vision]].", "See [our vision](vision.md).",
        r"\[\[(?=[^\W\d])"),
    Rule("text-backtick", "a backtick in the text",
        "Open and close code with the same number of backticks.",
        MARKUP,
        "Edit ``about.md` and send it.", "Edit `about.md` and send it.",
        r"`{3,}[^`]*`{3,}|`|´[^´\n]{1,60}´"),
    Rule("text-emphasis", "emphasis that is opened or closed only once",
        "Write `*emphasis*` or `**strong emphasis**`, with no space inside the signs; a star itself is `\\*`.",
        MARKUP,
        "This is **important for us.", "This is **important** for us.",
        r"(?<![\w*])\*{2,4}(?!\*)|(?<!\*)\*{2,4}(?![\w*])|(?<!\S)\*(?=\w)|(?<!\S)(?<!\.\. )_(?=[“A-Z])(?![\w.]*[_(./=])|(?<![\w])__(?=[^\W_])|(?<=[^\W_])__(?!\w)"),
    Rule("text-formula", "a formula",
        "Say it in words, or write it as code between backticks: pages here show no formulas. A small number is `{sub}` or `{sup}` and the number between backticks.",
        MARKUP,
        "Energy is $E = mc^2$ here.", "Energy is `E = mc²` here.",
        r"\$\$[^$]{1,2000}\$\$|(?<![\w$])\$(?=[^\s$])[^$\n]*[\\^_={}][^$\n]*\$(?!\w)|(?<![\w$])\$[A-Za-z]\$(?!\w)|[\w.,]\^[\w+-]{1,10}\^|\w~[\w+-]{1,10}~"),
    Rule("text-task", "a list to tick",
        "Write a hyphen and the words: readers could not tick it.",
        MARKUP,
        "- [ ] One\n- [x] Two", "- One\n- Two",
        r"\A\[[ xX]?\](?= )"),
    Rule("text-other-markdown", "signs of another Markdown",
        "Say it in words, or with a directive.",
        MARKUP,
        "We are ~~many~~ few.", "We are few.",
        r"(?m)~~[^~\n]*~~|~~|(?<![\w~/])~[^\W_](?:[^~\n/]{0,80}[^\W_])?~(?![\w~])|(?<![\w=])==(?=\w)|\[!\w+\]|^!!! ?\w+.*|^\?\?\? ?\w+.*|^={3,}$|^=== [\"“'].*|^\[TOC\]$|\{:[^{}]*\}"
        r"|^==+ .+ ==+$|^h[1-6]\. .*|(?:\[[^\[\]\n]{0,200}\])?\{ ?[.#]\w[^{}]*\}|\{/\*[^{}\n]*\*/\}|\{\w[\w-]*=[^{}]*\}|^@@ -\d.*|^diff --git .*|%%[^%\n]{1,200}%%|(?<= )\^[a-z][\w-]{1,60}\Z|\A#[a-z][\w-]*(?: #[a-z][\w-]*)+\Z"
        r"|\{(?:info|note|tip|warning|panel|code|color|expand|section|column)[:|][^{}]*\}|\[[^\[\]|\n]+\|(?:https?://|mailto:)[^\[\]\n]+\]|![\w./-]+\.(?:png|jpe?g|gif|svg)(?:\|[^!\n]*)?!|^bq\. .*"
        r"|[’']{3}[^’'\n]+[’']{3}|^[’‘']{3}\w*$|\w\^\[.*|\[@[a-z]+\d{4}\w?\]|\\[a-zA-Z]{3,20}\{[^{}\n]*\}|^#\+[A-Z_]+:.*|^[a-z]+::?\S+\[.*\]$"
        r"|^\*\[[^\[\]\n]+\]: .*|\+\+[A-Za-z]+(?:\+[A-Za-z]+)+\+\+|(?:-{1,2}|[–—])8<(?:-{1,2}|[–—]).*|<%.{0,200}%>|\{#.{0,200}#\}|\(\([\w-]+\)\)|^[a-z-]+:: \S.*"),
    Rule("text-braces", "a role or a directive that is not one",
        "Write a role as `{role}` and code with nothing between, a directive as `:::` and `{name}` on a line of its own.",
        MARKUP,
        "See {doc} `vision`.", "See {doc}`vision`.",
        r"(?<![/\w])\{[^\W\d][\w:.+-]+\}|\{(?:abbr|doc|download|fas|kbd|ref|sub|sup|term)\}"),
    Rule("text-rst", "reStructuredText in a Markdown page",
        "Write `{role}` instead of `:role:`, and a link as `[text](address)`.",
        MARKUP,
        "See :doc:`vision`.", "See {doc}`vision`.",
        rf"(?<![\w:]):[a-zA-Z][\w+:-]*:(?={CODE})|{CODE}_\b"),
    Rule("text-rst-block", "a directive, a comment or a label of reStructuredText",
        "Write a directive as `:::` and `{name}`, with its options right below, a comment as `% text`, a label as `(name)=`.",
        MARKUP,
        ".. a note to myself", "% a note to myself",
        rf"(?m)^\.\.(?: |$).*(?:\n *:[\w-]+:.*)*|::$|\[\d+\]_(?!\w)|(?<![\w|])\|[a-z][\w-]{2,60}\|(?![\w|])|^:(?:[A-Z]\w*|\w+ [\w -]*|{FIELDS}):(?= ?\S|$)|^{CODE}?.*{CODE}__?(?!\w)"),
    Rule("text-emoji", "the code of an emoji",
        "Write the character itself, or leave it out.",
        MARKUP,
        "We made it :tada: today.", "We made it today.",
        rf"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w{CODE}])(?:\w+\[.*)?"),
    Rule("text-label", "a label that is not one",
        "Write `(name)=` on a line of its own, right above what it names.",
        MARKUP,
        "(our-goals)\n\n## Our goals\n\nMany.", "(our-goals)=\n\n## Our goals\n\nMany.",
        r"\A\([\w-]+\) ?:?=?\Z"),
    Rule("text-table", "a table that is not one",
        "Write `| - | - |` below its first row, with as many cells as that row has, and leave no empty line inside the table.",
        "Readers would see bars in a line of text.",
        "| a | b |\n| 1 | 2 |", "| a   | b   |\n| --- | --- |\n| 1   | 2   |",
        r"(?m)(?:^ *(?:\| .*\||\+[-=–—][-=–—+]*(?=\n|\Z)).*\n?)+|(?:^ *\|[^\n]*\|[^\n|]*(?:\n|\Z)){2,}|^[^\n|]+\|[^\n]*\n[ :|–—-]{0,200}[–—-]\|[ :|–—-]{1,200}$|^={2,}(?: +={2,})+ *\n(?:.*\n)*={2,}[= ]*$|^\| [^|\n]+\n\| [^|\n]+$|(?:^[^|\n]+ \| [^|\n]+(?:\n|\Z)){2,}"),
    Rule("text-list", "a list that is not one",
        "Write a hyphen and a space, or a number, a full stop and a space, and leave an empty line above the list. Below a term, write a colon and a space.",
        "Readers would see one line of text, and a screen reader would not announce a list.",
        "Do this:\n    - Write to us.\n    - Call us.", "Do this:\n\n- Write to us.\n- Call us.",
        r"(?m)(?:^(?:\d{1,2}[.)](?=[A-Z][a-z])|#\. \S).*(?:\n|\Z)){2,}|(?<=\n)[•‣◦·▪●]\s.*|(?<=[^:]\n)[-+](?=[^\W\d_]).*|(?<=:\n)[-+*](?=[^\W\d_]).*|(?<=\n)\d{1,2}[.)](?=[A-Z][a-z]).*|^a[.)][ \t]\S.*\nb[.)][ \t]\S.*|\A\([1a]\) \S.*\n\([2b]\) \S.*"
        r"|^(?:A[.)] \S.*\nB[.)]|i[.)] \S.*\nii[.)]|1 [A-Z].*\n2(?= [A-Z])).*|^1\.\) \S.*|^#\. \S.*"
        r"|(?:^[-+*•‣◦–](?=[^\W\d_]).*(?:\n|\Z)){2,}|\A[-+*](?=[^\W\d_]).*\Z|(?:^[•‣◦·▪●–—][ \t].*(?:\n|\Z)){2,}"
        r"|(?<=\n):(?=[\w“”‘(])(?![\w-]+:).*|\A: +\S.*|(?<=:\n)\d{1,2}[.)](?=[a-z]\w* \w).*|\A[•‣◦·▪●]\s.*|(?<=\n)[–—] (?=[A-Z]).*|(?<=:\n)[–—] \S.*|\A\d[.)](?=[A-Za-z]\w).*|(?<=\n) {0,9}[-+*] +\S.*|(?<=:\n) {0,9}\d{1,2}[.)] +\S.*|(?<=\n)\d{1,2}[.)] +\S.*\n\d{1,2}[.)] +\S.*|(?<=\n): *\Z"),
    Rule("text-heading", "a heading that is not one",
        "Write a space after the `#`, an empty line before the heading, and neither a colon nor a full stop at its end.",
        "Readers would see the `#`, and the menus would not name the section.",
        "##Our goals", "## Our goals",
        r"(?m)^#{2,7}(?=[\w“”]).*|^#{2,7}\s.*|\A#(?=[A-Z])[^\n]{1,60}(?<![.!?,;:])\Z"),
    Rule("text-angle", "a link or a tag that is not one",
        "Write `<https://…>` or `<name@…>`, with no space inside and both signs; take a tag away, or show one between backticks; begin a quotation with `>` and a space.",
        "Readers would see the sign, and could not follow the link.",
        "See < https://numpy.org/> for more.", "See <https://numpy.org/> for more.",
        r"<[\w-]+(?:\.[\w-]+)+[^>\s]*>|<[@#!]\w{1,40}(?:\|[^<>\n]{0,80})?>|</?\w{1,9}:\w+(?: [^<>]*)?>|<\s*(?:[a-z]+://|mailto:|[\w.+-]+ ?@)\S*|(?<!\w)</?[a-zA-Z][^>]*$|(?:https?|mailto|ftps?):\S*>|</?(?:a|b|br|div|em|h[1-6]|i|img|li|p|span|strong|table|u|ul)(?:\s[^<>]{0,300})?/?>|\A> [^\W\d].*"),
    Rule("text-entity", "an entity that is not one",
        "Write the character itself, or the entity with its semicolon.",
        "Readers would see the name instead of the character.",
        "We work with many &copy 2026.", "We work with many © 2026.",
        rf"&(?:#\d+|#x[\da-fA-F]+|{ENTITIES})\b;?|&nbsp"),
    Rule("text-mail", "a mail address that nobody can click",
        "Write `<name@example.org>`: Sphinx hides it from simple address collectors.",
        "Readers would have to type it, and a screen reader reads it wrong.",
        "Write to ana (at) numpy.org.", "Write to <ana@numpy.org>.",
        r"(?<![\w.-])[\w.-]{1,64} ?[\[(](?:at|AT)[\])] ?[\w-]{1,64}(?:\.| ?[\[(](?:dot|DOT)[\])] ?)\w[\w.]{1,64}"),
    Rule("text-import", "an import",
        "Take the line away.",
        MARKUP,
        "import Team from './Team'", "The team",
        r"\Aimport\s[\w{},*\s]{1,200}\sfrom\s+[\"'‘’“].*|\Aexport\s+(?:default\s|const\s+\w+\s*=).*"),
    Rule("text-repeated", "a word written twice",
        "Write it once.",
        "It looks careless.",
        "We work with the the community.", "We work with the community.",
        rf"(?<![-'’\w$])(?!(?i:{TWICE})\s)([^\W\d_]{{1,40}})(?:\s+(?=[a-z])(?i:\1)|(?<=[A-Z])\s+\1)\b(?![-'’]|[.(]\w)", english=True),
    Rule("text-comma", "a comma or a full stop that is doubled, has a space before it, or none behind it",
        "Write a comma or a full stop right behind a word, and a space behind it.",
        "It looks careless, and the sign may start a new line.",
        "It was nice , and short.", "It was nice, and short.",
        rf"[\w){CODE}€%”\"] ,(?=[\s{SMALL}])|[{SMALL}]{{3}}(?:,,|\.\.|;;)(?=\s|\Z)|[\w)]\n[.,;](?=\s|\Z)|[{SMALL}\d)] \.(?=\s+[A-Z]|[A-Z][{SMALL}]|\Z)|[{SMALL}]{{2}},(?=[{SMALL}]{{2}}[{SMALL} ])|[{SMALL}]{{3}}[.!?](?=[A-Z][{SMALL}]+ [{SMALL}])|\b(?:e\.g|i\.e),"),
    Rule("text-sign", "a space before a semicolon, a colon, a question mark or an exclamation mark",
        "Write the sign right behind the word.",
        "The sign may start a new line.",
        "Is it nice ? Yes.", "Is it nice? Yes.",
        r"[a-z)] ;(?=\s)|[a-z] [?!:](?=\s(?!»)|\Z)(?![^{}\n]{0,80}\})|[¿¡] (?=\w)"),
    Rule("text-quotation-mark", "a quotation mark or an apostrophe that Sphinx turns the wrong way",
        "Write the signs themselves: `“` and `”`; for letters or digits that are left out, `’`.",
        "It looks careless.",
        "A price (\"€5\") is set.", "A price (“€5”) is set.",
        r"(?<![^\s([—])”(?=[^\s)\].,;:!?—-])[^”\n]{0,60}”?"
        r"|(?<![^\s([–])‘(?:\d\ds?\b(?![^’\n]{0,60}’(?!\w))|n’|(?:[Tt](?:was|is|il)|[Cc](?:ause|ourse)|[Ee]m|[Rr]ound)\b)", english=True),
    Rule("text-ordinal", "an ordinal number with other letters",
        "Write 1st, 2nd, 3rd, 4th, 11th, 12th, 13th and so on.",
        "It looks careless.",
        "On the 1th of May.", "On the 1st of May.",
        r"\b\d*(?:(?<!1)1(?:th|nd|rd)|(?<!1)2(?:th|st|rd)|(?<!1)3(?:th|st|nd)|(?:1\d|[04-9])(?:st|nd|rd))\b", english=True),  # codespell:ignore
    Rule("text-article", "`a` before a vowel, or `an` before a consonant",
        "Write `an` before a vowel that is heard, and `a` before a consonant.",
        "Readers stumble over it.",
        "We have a idea.", "We have an idea.",
        r"(?:(?<![\w'’(/.-])a|(?:\A|(?<=[.!?] ))A) (?=[aeio]|u[gprt]|un(?!i))(?!one|once|eu|ewe|oui|also|into|onto|over|about|above|after)[a-z-]{4,}\b(?!['’.]\w)|(?<![\w'’(/.-])a (?:hour|honest|heir)[a-z]*|(?<![\w'’(/.-])[Aa]n [bcdgjkpqtvwz][a-z]{3,}\b(?![-'’.]\w)", english=True),
    Rule("text-option", "an option of a command in the text",
        "Put it between backticks: `--name`.",
        "Readers would see a dash, and the command would fail.",
        "Run it with --fix first.", "Run it with `--fix` first.",
        r"(?<=[^\s.!?,;:] )–(?=[a-z])[\w-]+"),
    Rule("text-hyphen", "a word that a hyphen breaks at the end of a line",
        "Write the word on one line.",
        "A browser joins the lines with a space: readers would see `buy- in`.",
        "We ask for buy-\nin first.", "We ask for buy-in first.",
        r"[a-z]-\n(?!and\b|or\b|to\b)[a-z]+", english=True),
)
NAME = Rule("text-name", "a name that its owners write in another way",
    "Write it as they do; put the name of a package or a file between backticks.",
    "It looks careless.",
    "We maintain Numpy.", "We maintain NumPy.")
BAR = Rule("text-table-bar", "a bar inside a cell of a table",
    "Write `\\|` in its place.",
    "It starts a new cell, and the last cell of the row is lost.",
    "| a | b |\n| --- | --- |\n| `x|y` | 2 |", "| a | b |\n| --- | --- |\n| `x\\|y` | 2 |")
GLUED = Rule("text-glued", "two words with no space between them",
    "Write a space between the word and the link, the code or the emphasis beside it.",
    "Readers would see two words as one.",
    "See [our vision](vision.md)and more.", "See [our vision](vision.md) and more.")
UNBALANCED = Rule("text-unbalanced", "a bracket or a quotation mark that is opened or closed only once",
    "Add the other one; an apostrophe is `’`.",
    "Readers would look for the end of what it opens.",
    "We work with partners (many of them.", "We work with partners (many of them).")
# fmt: on
PAIRS = ("()", "“”", "«»", "「」", "『』", "（）")
FINE = re.compile(
    r"(?<!\S)(?:[:;=8]['’-]?[()]|[()]['-]?[:;=])|(?<=\w)[:;]-?\)(?!\w)|[\[(]\d[^\[\]()]*[\])]"
)  # ":)" and "[0, 1)"
ACCOUNT = re.compile(
    r"(?:account|user|handle|organi[sz]ation|package|module|repo)s?\W+(?:[\w\ufffc-]+(?:,| and| or) )*\Z"
)
# Words that no word ends or goes on with behind a link, as "s" in "[PR](x)s".
WHOLE = "a|an|the|and|or|of|in|on|at|to|by|for|from|with|via|is|are|was|will|can|has|have|our|your|their|this|that|these|see|read|visit|join|if|but|who|which|where|when|then"
BEFORE, BEHIND = re.compile(rf"(?i)\b(?:{WHOLE})\Z"), re.compile(rf"(?:{WHOLE})\b(?![-'’])")
MARKED = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.strong)
DUNDER = re.compile(
    r"__(?:init|main|all|name|file|doc|slots|call|repr|new|[a-z]+_[a-z_]+|array\w*)__"
)
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
NOTED = "a note is `:::{note}`, closed with `:::`"
LISTED = "take it away: the page lists its headings by itself"
# What stands here for the signs of other tools, by rule.
INSTEAD = {
    "text-other-markdown": [
        (re.compile(signs), said)
        for signs, said in (
            (r"\[!\w+\]|^!!!|\{(?:info|note|tip|warning|panel)", NOTED),
            (r"^\?\?\?|\{expand", "what opens on a click is `:::{dropdown} Title`"),
            (r"^=== ", "tabs are `:::{tab-item} Title` inside `::::{tab-set}`"),
            (r"^(?:=+ |h[1-6]\.)", "a heading is `##` and the words"),
            (r"\[TOC\]", LISTED),
            (r"^\[.*\]\{", "keep the words alone"),
            (
                r"\{#",
                "take it away: a heading is a target by itself; a label is `(name)=` above it",
            ),
            (
                r"\{[:.]|\{\w[\w-]*=",
                "take it away: a page has no classes; a size is an option of `figure`",
            ),
            (r" \^|^\^", "a label is `(name)=` above the heading"),
            (r"^\*\[", "an abbreviation is {abbr}`OSS (open source software)`"),
            (r"%%|/\*", "a comment is `% text`"),
            (r"~~", "text can't be struck through: take it away, or say what holds now"),
            (r"^={3,}$", "take it away: a title is `#` and its words"),
            (r"==", "text can't be marked: write `**words**`"),
            (r"\^\[", "a footnote is `[^name]`, and `[^name]: the note` below"),
            (r"\|", "a link is `[text](address)`"),
            (r"^#", "take it away: pages have no tags"),
        )
    ],
    "text-braces": [(re.compile(r"\{[A-Z_]+\}"), "or write the words themselves")],
    "text-comma": [(re.compile(r"\b(?:e\.g|i\.e),"), "two full stops, as in `e.g.`")],
    "text-list": [(re.compile(r"\*\w"), "or emphasis without its second star")],
    "text-table": [
        (re.compile(r"[-–—]>"), "a drawing stands between two lines of three backticks")
    ],
    "text-emoji": [
        (
            re.compile(r":(?:material|fontawesome|octicons|fa|simple)-"),
            "an icon is {fas}`user`, say",
        )
    ],
}
DEFINED = re.compile(r"(?m)^ {0,3}\[([^\[\]\n]{1,200}\]): ")  # with the closing bracket
ESCAPED = re.compile(r"(?<!\w)\\\*\\\*(?=\w)")  # as a program does it that copies Markdown
PASTED = re.compile(r"&gt;\w|\w&lt;")  # a tag about words, and not the name of one
START = re.compile(r"\A[\s>]*(?:[-*+] |\d+[.)] )?")
ROW_OF_SIGNS = re.compile(r"(?=.*[-–—])[\s|:–—-]{1,999}")
RST_LINK = re.compile(r"[A-Za-z]\w*(?: \w+)* <(?:https?://[^\s<>]+|[\w./-]+\.(?:md|rst|html))>")
ENUMERATION = re.compile(r"(?:^|\s)\w{1,4}\.?\)")  # "a) first"


@functools.cache
def _patterns(names: tuple[str, ...], language: str) -> list[tuple[re.Pattern[str], Rule]]:
    """Return all patterns, with one for names that are not written as given."""
    either = "|".join(map(re.escape, names)) or "(?!)"
    name = rf"(?<![\w@./:#=-])(?!(?:{either})\b)(?i:{either})(?![\w@/:#-]|\.\w)"
    rules = [(rule.find, rule) for rule in PATTERNS if language == "en" or not rule.english]
    if language == "fr":  # which has a space there
        rules = [(pattern, rule) for pattern, rule in rules if rule.name != "text-sign"]
    return [(re.compile(pattern), rule) for pattern, rule in [*rules, (name, NAME)]]


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find what a page shows by mistake."""
    language = language_of(app)
    english = language == "en"
    patterns = _patterns((*app.config.proofread_names,), language)
    defined = {*DEFINED.findall("\n".join(lines_of(doctree["source"])))}
    for block in doctree.findall(nodes.TextElement):
        code = isinstance(block, (nodes.FixedTextElement, nodes.raw, nodes.math_block))
        above = (nodes.TextElement, nodes.system_message, addnodes.pending_xref)
        inside = isinstance(block.parent, above)
        if code or inside or not block.children:
            continue
        text = _shown(block)
        if isinstance(block.parent, nodes.entry) and (bar := _split_code(block.parent.parent)):
            yield BAR.at(place_of(block, bar), bar)
            continue
        found = [(rule, match) for pattern, rule in patterns for match in pattern.finditer(text)]
        found = [
            (rule, match)
            for rule, match in found
            if _is_mistake(rule, match, block)
            # Defined below, inside what another mistake made code.
            and not (rule.name == "text-reference" and match[0].rpartition("[")[2] in defined)
        ]
        source = _written(block) if set(text) & set("“”„«»") else ""
        backticks: set[tuple[str, int]] = set()  # on each line, the first says enough
        # Where: one mistake often breaks two rules.
        takens: tuple[set[int], set[int]] = (set(), set())
        signs: Counter[str] = Counter()  # of emphasis
        ends = [end.start() for end in re.finditer("\n", text)]
        lists = {match.start() for rule, match in found if rule.name == "text-list"}
        for rule, match in [*found, *_unbalanced(text, source, english=english)]:
            words = match[0].strip()
            least = 6 if rule.name in ("text-comma", "text-sign") else 3
            if len(words) < least:  # too short to find
                words = _around(text, match)
            path, _, first = place_of(block).rpartition(":")
            start = int(first) + bisect.bisect_left(ends, match.start())
            start += rule.name == "text-link" and "\n" in match[0]
            line = max(start, line_with(path, start, max(words.split(CODE), key=len)))
            written = line_at(path, line)
            if rule.name == "text-table":  # quoted as it is written
                line += bool(ROW_OF_SIGNS.fullmatch(line_at(path, line + 1)))
                words = line_at(path, line)
            # In a list or a table, there may be more.
            is_block = rule.name in ("text-list", "text-table")
            here, taken = range(match.start(), match.end() + 1), takens[is_block]
            # What isn't closed isn't opened either.
            twin = (rule.name, line) in backticks
            if rule.name == "text-emphasis":
                signs[match[0]] += match.start() not in lists  # "*One"
                twin = signs[match[0]] % 2 == 0 or match.start() in lists
            meant = _is_escaped(rule, match, written) or _is_meant(rule, match, written)
            if taken.isdisjoint(here) and not meant and not twin:
                taken.update(here)
                backticks |= {(rule.name, line)} if rule.name == "text-backtick" else set()
                detail = _detail(rule, match, words, block, defined)
                words = _as_written(words, written)
                yield rule.at(f"{path}:{line}", words.replace(CODE, "…"), detail)


def _is_escaped(rule: Rule, found: re.Match[str], written: str) -> bool:
    """Return whether a sign has a backslash before it on its line, or is an entity there."""
    whole = found[0].strip()
    sign = whole[:1]
    escape, seen = f"\\{sign}", _line(found.string, found)
    # A program that copies Markdown escapes each sign, a chat program a fence.
    if ESCAPED.search(written) or rule.name == "text-break" or whole.startswith("```"):
        return False
    if sign in ("`", "<") and whole not in written and "&" in written:
        return not PASTED.search(written)
    at_start = found.start() == 0 and START.sub("", written).startswith(escape)
    # As many are escaped on its line as readers see there.
    as_many = escape in written and written.count(escape) >= seen.count(sign)
    return bool(sign) and (at_start or as_many)


def _is_meant(rule: Rule, found: re.Match[str], written: str) -> bool:
    """Return whether who wrote a line knows what readers see."""
    sign = found[0].strip()[:1]
    if rule.name == "text-list":  # a dialogue
        return sign in ("–", "—") and written.endswith("\\")
    if rule.name == "text-link" and found[0].startswith("] ("):  # "[docs] ([#12](x))"
        return "] ([" in written and found[0] not in written
    if rule.name == "text-quotation-mark":
        return sign in written
    return rule.name == "text-option" and "--" not in written


def _as_written(words: str, line: str) -> str:
    """Return words as their line has them, before Sphinx made dashes and quotation marks."""
    typed = words.translate(STRAIGHT).replace("–", "--").replace("…", "...")
    return typed if words not in line and typed in line else words


def _detail(
    rule: Rule, found: re.Match[str], words: str, block: nodes.Element, defined: set[str]
) -> str:
    """Return what helps in one case alone."""
    if rule.name == "text-list" and isinstance(block, nodes.term):
        return "in a glossary, two spaces and the words, without a colon"
    if rule.name.startswith("text-rst"):
        return _of_rst(words)
    label = re.search(r"\[([^\[\]]*)\]\Z", words)
    if label and rule.name == "text-reference":
        near = difflib.get_close_matches(f"{label[1]}]", defined, 1)
        return f"did you mean `[{near[0]}`?" if near else ""
    cases = [(signs, said) for signs, said in INSTEAD.get(rule.name, ())]
    texts = (found[0].strip(), words)  # the second has words around it
    return next((said for text in texts for signs, said in cases if signs.search(text)), "")


def _of_rst(words: str) -> str:
    """Return what stands here for words of reStructuredText, where it has another form."""
    if name := re.match(r"\.\. ([\w-]+)::", words):
        return advice(name[1], DIRECTIVES)[0]
    if re.match(r"\.\. _[^:]+: *\S", words):
        return "a link is `[text](address)`"
    if re.match(r"\[\d+\]_", words):
        return "a footnote is `[^1]`"
    if words.endswith("::") and not words.startswith(".."):
        return "one colon, and the code between two lines of three backticks"
    name = re.fullmatch(r":([\w-]+):", words)
    return advice(name[1], ROLES)[0] if name else ""


def _is_mistake(rule: Rule, found: re.Match[str], block: nodes.Element) -> bool:
    """Return whether what a pattern has found is wrong in this place."""
    if rule.name == "text-label":  # "(none)" in a cell or between two paragraphs
        before_heading = isinstance(block.next_node(siblings=True, descend=False), nodes.section)
        is_name = "-" in found[0] and isinstance(block, nodes.paragraph)
        return "=" in found[0] or before_heading or (is_name and block.parent.tagname == "section")
    # "-ing", or a dash, in a sentence.
    signs = "-+" if "\n" in found[0] else "-+–—"
    if rule.name == "text-list" and found[0][:1] in signs and found.start():
        return isinstance(block.parent, nodes.list_item) or found.string[found.start() - 2] == ":"
    if rule.name == "text-table" and ROW_OF_SIGNS.match(found[0]):  # named where the table begins
        before = block.parent[: block.parent.index(block)][-1:]
        return not (before and before[0].astext().endswith("|"))
    if rule.name == "text-list":  # "-Ada Lovelace" below a quotation, "-ing" as a heading
        return not isinstance(block, nodes.title) and not isinstance(
            block.parent, nodes.block_quote
        )
    if rule.name == "text-filler" and found[0].endswith("TODO"):  # an organization
        return "TODO Group" not in "\n".join(lines_of(split_place(place_of(block))[0]))
    if rule.name == "text-filler" and found[0].startswith("["):  # "[[link to the form]](x)"
        links = block.findall(lambda node: isinstance(node, LINKS))
        return not any(found[0] in link.astext() for link in links)
    if rule.name == "text-filler" and found[0] in (
        "...",
        "…",
    ):  # in a quotation, words are left out
        return isinstance(block.parent, nodes.list_item)
    if rule.name == "text-comma" and " " not in found[0]:  # "?tags=one,two" in an address
        start = found.start()
        return "://" not in found.string[max(start - 200, 0) : start].rpartition(" ")[2]
    if rule.name == "text-article":  # "a" is a word of Spanish too
        return bool(ENGLISH.search(found.string))
    if rule.name == "text-repeated":  # "see [what it is for](x) for more"
        word, both = found[1].casefold(), found[0].casefold()
        links = [each.astext().casefold() for each in block.children if isinstance(each, LINKS)]
        ends = any(text.endswith(f" {word}") for text in links)
        return not ends or any(both in text for text in links)
    if rule.name == "text-heading":  # "#OpenScience" as the words of a link
        return isinstance(block[0], nodes.Text) and not isinstance(block, nodes.title)
    if rule.name == "text-name":  # a package in a table, an account
        alone = isinstance(block.parent, nodes.entry) and found[0] == found.string.strip()
        account = ACCOUNT.search(found.string, 0, found.start())
        text, (start, end) = found.string, found.span()
        quoted = text[start - 1 : start] + text[end : end + 1] in ("“”", "‘’")
        return not (quoted or found[0].isupper() or (found[0].islower() and (alone or account)))
    return True


@finds("page")
def _check_literals(_app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the links of reStructuredText without their last sign, which are code here."""
    for literal in doctree.findall(nodes.literal):
        below = literal.next_node(nodes.Text, descend=False, siblings=True)
        if RST_LINK.fullmatch(literal.astext()) and not str(below or "").startswith("_"):
            yield RULES["text-rst"].at(place_of(literal), literal.astext())


@finds("page")
def _check_neighbours(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find what stands too close to a link, to code or to emphasis, or too far from a link."""
    english = is_english(app)
    for block in doctree.findall(nodes.TextElement):
        for one, other in itertools.pairwise(block.children):
            left, right = one.astext(), other.astext()
            starts = isinstance(other, MARKED) and len(right) > 2 and right[0].isalnum()
            ends = isinstance(one, MARKED) and len(left) > 2 and left[-1].isalnum()
            is_colon = isinstance(other, LINKS) and re.search(r"[a-z]{2}:\Z", left)
            is_glued = starts and (BEFORE.search(left) or is_colon)
            if english and (is_glued or (ends and BEHIND.match(right))):
                place = place_of(other if starts else one)
                yield GLUED.at(place, f"{left.split()[-1]} {right.split()[0]}")
            is_stray = isinstance(one, nodes.emphasis) and re.match(r"\*(?!\w)", right)
            if is_stray and "\\*" not in line_at(*split_place(place_of(one))):
                yield RULES["text-emphasis"].at(place_of(one), f"*{left}**")
            is_mark = re.search(r"(?<!\S)! \Z", left) and isinstance(other, LINKS)
            if is_mark and "! [" in line_at(*split_place(place_of(other))):
                yield RULES["text-link"].at(
                    place_of(other), f"! [{right}]", "an image is `![words](file)`"
                )
            inside = left[-1:].isalpha() and left[-1] < LATIN_END and " " in right
            if isinstance(other, nodes.emphasis) and inside:  # "maker*in and user*in"
                yield RULES["text-emphasis"].at(place_of(other), f"{left.split()[-1]}*{right}")
            is_box = left.endswith(("[x] ", "[X] "))
            if (
                left.endswith("] ")
                and left[-3:-2].isalnum()
                and not is_box
                and isinstance(other, MARKED[:2])
            ):
                words = f"{left[left.rfind('[') :]}[{right}]"  # "[the words] [name]"
                written = line_at(*split_place(place_of(other)))
                if len(words) > 9 and re.search(re.escape(words) + r"(?![(\[:])", written):
                    yield RULES["text-reference"].at(place_of(other), words)
    for strong in doctree.findall(nodes.strong):
        words = f"__{strong.astext()}__"
        if DUNDER.fullmatch(words) and words in line_at(*split_place(place_of(strong))):
            yield NAME.at(place_of(strong), words)


@functools.lru_cache(maxsize=1)  # a row is asked for by each of its cells
def _split_code(row: nodes.Node) -> str:
    """Return the code that a bar has split over two cells of a table, or nothing."""
    cells = [_shown(cell) for cell in row.children]
    halves = [number for number, cell in enumerate(cells) if cell.count("`") % 2]
    path, line = split_place(place_of(row))
    if len(halves) == 1 and line_at(path, line).count("|") > len(cells) + 1:
        return cells[halves[0]].strip()  # the other half is lost
    return "|".join(cells[halves[0] : halves[1] + 1]).strip() if len(halves) > 1 else ""


def _written(block: nodes.Node) -> str:
    """Return a paragraph as it is written, before Sphinx made straight quotation marks curly."""
    path, start = split_place(place_of(block))
    below = lines_of(path)[start - 1 : start + block.astext().count("\n")]
    return "\n".join(itertools.takewhile(str.strip, below))


def _unbalanced(text: str, source: str, *, english: bool) -> list[tuple[Rule, re.Match[str]]]:
    """Find the first pair of signs of which one is missing; of quotation marks, each language has its own."""
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
            return [(UNBALANCED, found) for found in alone[: None if opening == "(" else 1]]
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


def _shown(block: nodes.Node) -> str:
    """Return the text of a part of a page, where one sign stands for each piece of code."""
    if isinstance(block, nodes.Text):
        return block.astext()
    if block.astext().strip() in ("<br />", r"\\") and isinstance(block, nodes.raw):
        return "\n" if block["format"] == "html" else ""
    if not block.astext():  # an icon
        return CODE
    if isinstance(block, addnodes.pending_xref) and "<" in block.astext():  # Sphinx says it
        return CODE
    words = block.astext() if isinstance(block, nodes.reference) else ""
    if isinstance(block, LINKS) and re.fullmatch(r"\[\d+\]", block.astext()):
        return CODE  # a number that leads somewhere
    mail = words and block.get("refuri", "").startswith("mailto:")
    if isinstance(block, OPAQUE) or mail or "://" in words or ".md)" in words:
        return CODE
    return "".join(_shown(child) for child in block.children)


def _line(text: str, found: re.Match[str]) -> str:
    """Return the line of a text on which a match begins."""
    end = text.find("\n", found.start())
    return text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else None]


def _around(text: str, found: re.Match[str]) -> str:
    """Return the words on both sides of a match, on its line."""
    start = max(text.rfind("\n", 0, found.start()), found.start() - 30) + 1
    end = text.find("\n", found.end())
    return text[start : min(end if end >= 0 else len(text), found.end() + 30)]


def setup(app: Sphinx) -> None:
    """Let a site say which names it uses."""
    app.add_config_value("proofread_names", NAMES, "env", list, "names as their owners write them")
