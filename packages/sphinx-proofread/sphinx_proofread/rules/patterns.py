"""Say what readers see by mistake, as patterns for the text of a page.

Most are signs of Markdown, or of another tool's, that did not parse and so stand in the text; the
others are slips that no spelling checker knows.
"""

import functools
import re
from html.entities import html5

from ..rule import RULES, Rule

CODE = "\ufffc"  # stands for what a rule must not look into, as in "see \ufffc"
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
# In another language, a long word, or one that says nothing twice.
TWO = r"\b([^\W\d_]{6,40}|und|oder|mit|für|von|para|con|por|los|las|et|pour|dans|avec|des|dos) \1\b"
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
        rf"[\w){CODE}€%”\"] ,(?=[\s{SMALL}])|[{SMALL}]{{3}}(?:,,|\.\.|;;)(?=\s|\Z)|[\w)]\n[.,;](?=\s|\Z)|[{SMALL}\d)] \.(?=\s+[A-Z]|[A-Z][{SMALL}]|\Z)|[{SMALL}]{{2}},(?=[{SMALL}]{{2}}[{SMALL} ]|[A-Z][{SMALL}]{{2,40}}[ ,.])|[{SMALL}]{{3}}[.!?](?=[A-Z][{SMALL}]+ [{SMALL}])|\b(?:e\.g|i\.e)(?:,| (?=[a-z]))"),
    Rule("text-sign", "a space before a semicolon, a colon, a question mark or an exclamation mark",
        "Write the sign right behind the word.",
        "The sign may start a new line.",
        "Is it nice ? Yes.", "Is it nice? Yes.",
        r"[a-z)] ;(?=\s)|[a-z] [?!:](?=\s(?!»)|\Z)(?![^{}\n]{0,80}\})|[¿¡] (?=\w)|(?<=[a-z] )\( (?=[a-z])|[a-z] \)(?=[\s.,])"),
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
        r"(?:(?<![\w'’(/.-])a|(?:\A|(?<=[.!?] ))A) (?=[aeioAEIO]|u(?:gl|p|rg|rb|tter|tmost|n(?!i|anim)))(?!(?i:one|once|eu|ewe|oui)|also|into|onto|over|about|above|after)[A-Za-z][a-z-]{3,}\b(?!['’.]\w)|(?<![\w'’(/.-])a (?:hour|honest|heir)[a-z]*|(?<![\w'’(/.-])[Aa]n (?:(?:[bcdgjkpqtvwz]|[lmnrsf](?=[aeiou]))[a-z]{3,}|(?:uni(?:[tqv]|on|f)|us(?:e|ua)|europe)[a-z]*)\b(?![-'’.]\w)", english=True),
    Rule("text-slip", "two words that are mistaken for each other",
        "Write the other one.",
        "Readers stumble over it.",
        "It has it's own budget.", "It has its own budget.",
        r"\b(?:[Dd]ont|[Cc]ant|[Ww]ont|[Ww]hats)\b(?!\.)|\b[Ii]t[’']s own\b|\b[Ii]ts (?:an?|the|been|not(?! (?:in|un)))\b|\b[Tt]heir (?:are|is|was|were)\b|\b(?:[csw]h?ould|must) of\b(?! (?:course|necessity))|\b(?:better|bigger|larger|smaller|greater|faster|older|fewer|rather|more|less) then(?= (?:an?|the|our|ours|this|that|one|two|three|four|five|ten|before|ever|just)\b| \d)|\b[Tt]his are\b", english=True),
    Rule("text-capital", "a name with a small letter",
        "Begin it with a capital letter.",
        "It looks careless.",
        "We met on a friday.", "We met on a Friday.",
        r"(?<![\w/#@.-])(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:s\b|\b)(?![-/.]\w)|(?<![\w/#@.-])(?:january|february|june|july|september|october|november|december|europe|european|africa|african|asia|american)\b(?![-/.@]\w)", english=True),
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
# fmt: on
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
    "text-comma": [
        (re.compile(r"\b(?:e\.g|i\.e)[, ]"), "two full stops, as in `e.g.`"),
        (re.compile(r"@[\w-]+,\w"), "an address has full stops alone"),
    ],
    "text-sign": [(re.compile(r"\( | \)"), "or inside brackets")],
    "text-list": [(re.compile(r"\*\w"), "or emphasis without its second star")],
    "text-slip": [
        (re.compile(signs), said)
        for signs, said in (
            ("own$", "`its own`"),
            ("^[Ii]ts ", "`it's`, which is short for `it is` or `it has`"),
            ("of$", "`have`"),
            ("then$", "`than`"),
            ("^[Tt]heir", "`there`"),
            ("are$", "`these are`"),
            ("t$|s$", "one with an apostrophe, as in `don't`"),
        )
    ],
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


@functools.cache
def patterns_for(names: tuple[str, ...], language: str) -> list[tuple[re.Pattern[str], Rule]]:
    """Return all patterns, with one for names that are not written as given.

    Args:
        names: those that the site uses, as their owners write them.
        language: that of the page, as "en".

    Returns:
        The patterns, each with its rule.
    """
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    name = rf"(?<![\w@./:#=-])(?i:{either})(?![\w@/:#-]|\.\w)"
    rules = [(rule.find, rule) for rule in PATTERNS if language == "en" or not rule.english]
    if language != "en":  # a long word: German has "die, die die"
        rules.append((TWO, RULES["text-repeated"]))
    if language == "fr":  # which has a space there
        rules = [(pattern, rule) for pattern, rule in rules if rule.name != "text-sign"]
    return [(re.compile(pattern), rule) for pattern, rule in [*rules, (name, NAME)]]
