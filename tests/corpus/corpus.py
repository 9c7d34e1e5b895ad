"""The corpus: one C(...) row for each bad edit, G(...) for each good one.

  C(name, category, severity, want, match, *ops, at=None)
    severity  MUST (must fail the check) or WARN (should at least be reported)
    want      what a good tool says, for a person to read
    match     regex: a message that matches it (ignoring case) is about this
              mistake; one that doesn't is counted as incidental
    ops       see ops.py; mostly append("Markdown")
    at        text on the bad line, where the edit has more than one line
              (default: its first line that isn't blank)

To add a case, add a row.  `run.py --only NAME` tries it.
"""
from ops import *                                              # noqa: F403
from ops import LFS, PAGE

CASES, GOOD = [], []
MUST, WARN = "must", "warn"


def C(name, cat, sev, want, match, *ops, at=None):
    assert not any(c["name"] == name for c in CASES), name
    CASES.append(dict(name=name, cat=cat, sev=sev, want=want, match=match, ops=ops, at=at))


def G(name, *ops):
    GOOD.append(dict(name=name, cat="good", sev="good", want="nothing", match="", ops=ops, at=None))


A = append
NOTFOUND = r"not found|missing|broken|no such|cannot find|can't find|doesn.t exist|does not exist|unresolved|undefined|not readable|nonexist|unknown target|MD057|error 404|file not"
LINK = NOTFOUND + r"|link|url|href|uri"
LITERAL = r"link|bracket|reversed|syntax|literal|MD\d+|undefined|unclosed|balanced"
HTML = r"html|tag|element|attribute|MD033|script|iframe|style|raw"

# ---------------------------------------------------------------- links -----
L = "links"
C("link-page-missing", L, MUST, "no such page: histroy.md", NOTFOUND, A("Read our [history](histroy.md)."))
C("link-dir-missing", L, MUST, "no such page: ../team/index.md", NOTFOUND, A("Meet [the team](../team/index.md)."))
C("link-anchor-missing", L, MUST, "@OTHER@.md has no heading #no-such-heading", LINK + "|anchor|fragment|heading", A("See [our goals](@OTHER@.md#no-such-heading)."))
C("link-anchor-missing-same-page", L, MUST, "this page has no heading #no-such-heading", LINK + "|anchor|fragment|heading", A("See [above](#no-such-heading)."))
C("link-wrong-case-dir", L, MUST, "no such folder: ../About", NOTFOUND, A("See [this page](../About/@OTHER@.md)."))
C("link-html-ext", L, MUST, "link to the .md file, not to .html", LINK, A("See [this page](@OTHER@.html)."))
C("link-site-absolute-html", L, MUST, "link to the .md file, not to a path on the server", LINK, A("See [this page](/about/@OTHER@.html)."))
C("link-space-before-paren", L, MUST, "not a link: a space between ] and (", LITERAL, A("See [this page] (@OTHER@.md)."))
C("link-reversed", L, MUST, "not a link: () and [] are swapped", LITERAL, A("See (this page)[@OTHER@.md]."))
C("link-unclosed", L, MUST, "not a link: ) missing", LITERAL, A("See [this page](@OTHER@.md for more."))
C("link-nested", L, WARN, "a link inside a link", LITERAL, A("See [all of [this page](@OTHER@.md)](@PAGE@.md)."))
C("link-scheme-typo", L, MUST, "unknown scheme htps", LINK + "|scheme", A("See [our company](htps://quansight.com/)."))
C("link-no-scheme", L, MUST, "www.quansight.com needs https://", LINK + "|scheme", A("See [our company](www.quansight.com)."))
C("link-url-space", L, MUST, "not a link: a space in the address", LITERAL, A("See [our team](https://quansight.com/our team)."))
C("link-host-typo-tld", L, MUST, "https://quansight.con: no such top-level domain", LINK + "|host|tld|domain", A("See [our company](https://quansight.con/)."))
C("link-http-plain", L, WARN, "use https://", r"http|insecure|link|url", A("See [NumPy](http://numpy.org/)."))
C("link-text-empty", L, MUST, "link without text", r"empty|no text|no link text|MD042|MD045|accessible|text|discernible", A("Our company: [](https://quansight.com/)."))
C("link-text-blank", L, MUST, "link without text", r"empty|no text|no link text|MD042|accessible|text|discernible", A("Our company: [ ](https://quansight.com/)."))
C("link-href-hash", L, MUST, "# goes nowhere", r"empty|MD042|href|link|target|fragment|anchor|bookmark", A("See [our plan](#)."))
C("link-href-placeholder", L, MUST, "placeholder left in: URL", LINK, A("See [our plan](URL)."))
C("link-click-here", L, WARN, "say what is linked, not 'click here'", r"click here|link text|MD059|descriptive|generic", A("For our company, [click here](https://quansight.com/)."))
C("link-here", L, WARN, "say what is linked, not 'here'", r"\bhere\b|link text|MD059|descriptive|generic", A("Our vision is [here](@OTHER@.md)."))
C("link-text-is-other-url", L, MUST, "the text shows one address, the link goes to another", r"mismatch|differ|text", A("See [https://quansight.com](https://quansite.com/)."))
C("link-ref-undefined", L, MUST, "no such reference: [no-such-ref]", r"undefined|MD052|not defined|no such|unresolved|reference", A("See [our plan][no-such-ref]."))
C("link-ref-unused", L, WARN, "reference defined but never used", r"unused|MD053|not used|reference", A("[plan-x]: @OTHER@.md"))
C("link-ref-duplicate", L, MUST, "reference defined twice", r"duplicate|MD053", A("See [our plan][p1].\n\n[p1]: @OTHER@.md\n[p1]: index.md"), at="[p1]: index.md")
C("link-localhost", L, MUST, "link to your own computer", r"localhost|local|private|connect|refused|link|url", A("See [the preview](http://localhost:8000/about/)."))
C("link-loopback-ip", L, MUST, "link to your own computer", r"127\.0|loopback|local|private|connect|refused|link|url", A("See [the preview](https://127.0.0.1:8000/about/)."))
C("link-file-scheme", L, MUST, "file:// works on your computer only", r"file://|scheme|link|url|local", A("See [the plan](file:///home/tania/plan.pdf)."))
C("link-windows-path", L, MUST, "a path on your computer", r"path|link|scheme|not found|url", A(r"See [the plan](C:\Users\tania\plan.pdf)."))
C("link-javascript", L, MUST, "javascript: isn't allowed", r"javascript|script|scheme|link|url|not found", A("See [this](<javascript:alert(1)>)."))
C("link-github-blob", L, WARN, "link to the page, not to its source on GitHub", r"github|blob|permalink|link", A("See [this page](https://github.com/Quansight-Labs/labs-site/blob/main/docs/about/@OTHER@.md)."))
C("link-tracking", L, WARN, "tracking parameters in an address", r"utm|track", A("See [NumPy](https://numpy.org/?utm_source=newsletter&utm_medium=email)."))
C("link-zero-width-in-url", L, MUST, "invisible character in an address", r"zero|invisible|unicode|ascii|link|url", A("See [our company](https://quan\u200bsight.com/)."))
C("link-outside-docs", L, WARN, "links to a file outside docs/ (it gets published)", LINK + "|outside|download", also(add("//NOTES.md", "# Notes\n")), A("See [notes](../../NOTES.md)."))
C("link-pdf-missing", L, MUST, "no such file: report.pdf", NOTFOUND, A("See [our report](report.pdf)."))
C("link-download-missing", L, MUST, "no such file: report.pdf", NOTFOUND, A("See {download}`our report <report.pdf>`."))
C("link-autolink-unclosed", L, MUST, "> missing", LITERAL + "|bare|MD034|html", A("See <https://numpy.org/ for more."))
C("link-autolink-space", L, MUST, "a space after <", LITERAL + "|bare|MD034|html", A("See < https://numpy.org/> for more."))

# ------------------------------------------------------------- contacts -----
M = "contacts"
MAIL = r"mail|address|link|url|scheme|not found"
C("mailto-no-at", M, MUST, "no @ in an address", MAIL, A("Write to [Tania](mailto:tania.allard.quansight.com)."))
C("mailto-no-tld", M, MUST, "no top-level domain", MAIL, A("Write to [Tania](mailto:tania.allard@quansight)."))
C("mailto-scheme-missing", M, MUST, "mailto: missing", MAIL, A("Write to [Tania](tania.allard@quansight.com)."))
C("mailto-scheme-typo", M, MUST, "unknown scheme mailo", MAIL, A("Write to [Tania](mailo:tania.allard@quansight.com)."))
C("mailto-slashes", M, MUST, "mailto:// is wrong", MAIL, A("Write to [Tania](mailto://tania.allard@quansight.com)."))
C("mailto-text-differs", M, MUST, "text shows one address, link goes to another", r"mismatch|differ|text", A("Write to [tania.allard@quansight.com](mailto:tania.alard@quansight.com)."))
C("mailto-autolink-unclosed", M, MUST, "> missing", LITERAL + "|mail|bare|MD034", A("Write to <tania.allard@quansight.com for more."))
C("mailto-autolink-space", M, MUST, "a space in an address", LITERAL + "|mail|html", A("Write to <tania.allard @quansight.com>."))
C("mail-plain-text", M, WARN, "bare mail address: nobody can click it", r"bare|MD034|mail|link", A("Write to tania.allard@quansight.com for more."))


def _contacts(site):
    for p in [*sorted((site.docs / "about").glob("contact*.md")), *sorted((site.docs / "about").glob("*.md"))]:
        if re.search(rb"[\w.]+@[\w.]+", p.read_bytes()):
            return os.path.relpath(p, site.docs)
    raise LookupError("no page with a mail address")


C("contact-mail-removed", M, MUST, "the contact page names no mail address any more", r"mail|contact", lambda s: sub(r"[:,]?\s*(<[\w.+-]+@[\w.-]+>|\[[^\]]*\]\((mailto:)?[^)]*@[^)]*\)|[\w.+-]+@[\w.-]+)", "", _contacts(s), count=0)(s))
C("contact-domain-changed", M, MUST, "unknown mail domain quansite.com", r"mail|domain|misspel|typo", lambda s: sub(r"@quansight\.\w+", "@quansite.com", _contacts(s), count=0)(s))
C("contact-page-deleted", M, MUST, "page gone, still listed", NOTFOUND, lambda s: delete(_contacts(s))(s))

# ------------------------------------------------------------ structure -----
S = "structure"
NEW = "# Our partners\n\nWe work with many partners.\n"
C("page-not-in-toctree", S, MUST, "about/partners.md is in no toctree", r"toctree|orphan|not included", page("partners", NEW, listed=False))
C("page-orphan-flag", S, WARN, "orphan: true hides about/partners.md from the menus", r"orphan|toctree", page("partners", "---\norphan: true\n---\n\n" + NEW, listed=False))
C("toctree-entry-missing", S, MUST, "toctree names a page that isn't there", NOTFOUND + "|toctree", toctree("partners"))
C("toctree-entry-html", S, MUST, "toctree entry ends in .html", NOTFOUND + "|toctree", toctree("@OTHER@.html"))
C("toctree-entry-wrong-case", S, MUST, "no such page (case matters)", NOTFOUND + "|toctree", lambda s: toctree(s.other.upper())(s))
C("toctree-entry-twice", S, WARN, "page listed twice in one toctree", r"duplicat|twice|toctree", toctree("@OTHER@"))
C("toctree-in-two-places", S, WARN, "page listed in two toctrees", r"multiple toctree|duplicat|twice|toctree", A("```{toctree}\nabout/@OTHER@\n```", "index.md"))
C("toctree-self", S, MUST, "toctree lists its own page", r"circular|self|toctree", A("```{toctree}\n@PAGE@\n```"), at="{toctree}")
C("toctree-entry-bulleted", S, MUST, "toctree entries are plain names, no '- '", NOTFOUND + "|toctree", toctree("- @OTHER@"))
C("page-deleted", S, MUST, "page gone, still listed and linked", NOTFOUND, delete("about/@OTHER@.md"))
C("index-root-deleted", S, MUST, "index.md gone", NOTFOUND + "|index|root", delete("index.md"))
C("page-title-only", S, WARN, "page has a heading and no text", r"empty|no content|only", page("partners", "# Our partners\n"))
C("heading-none", S, MUST, "page has no heading", r"title|heading|MD041|h1", page("partners", "We work with many partners.\n"))
C("heading-skip", S, MUST, "from # to ###", r"MD001|level|increment|consecutive|heading", A("### Too deep\n\nMore text."))
C("heading-no-space", S, MUST, "## needs a space", r"MD018|space|heading", A("##Our goals\n\nMore text."))
C("heading-nbsp", S, MUST, "## needs a plain space", r"MD0\d\d|space|unicode|nbsp|heading", A("##\u00a0Our goals\n\nMore text."))
C("heading-indented", S, MUST, "a heading indented by four spaces is code", r"MD0\d\d|indent|code|heading", A("    ## Our goals\n\nMore text."))
C("heading-empty", S, MUST, "heading without text", r"empty|heading|text|title", A("##\n\nMore text."))
C("heading-accidental-setext", S, MUST, "--- right under text makes it a heading", r"MD003|setext|heading|style", A("We work with many partners.\n---\nMore text."))
C("heading-rst-underline", S, MUST, "~~~ under text isn't a heading here", r"heading|rst|underline|fence|MD\d+|unclosed", A("Our goals\n~~~~~~~~~\n\nMore text."))
C("heading-in-directive", S, WARN, "headings can't be inside a directive", r"heading|section|title|header", A(":::{note}\n\n## Our goals\n\nMore text.\n\n:::"), at="## Our goals")
C("title-same-as-other-page", S, WARN, "two pages have the same title", r"duplicate|same title|title", lambda s: page("partners", "# " + re.search(r"(?m)^# (.*)", (s.docs / "about" / f"{s.other}.md").read_text("utf-8")).group(1) + "\n\nWe work with many partners.\n")(s))
C("page-ext-markdown", S, MUST, "partners.markdown isn't built", r"extension|\.markdown|toctree|nonexist|not found", add("about/partners.markdown", NEW))
C("page-ext-upper", S, MUST, "partners.MD isn't built", r"extension|\.MD|toctree|nonexist|case", add("about/partners.MD", NEW))
C("page-ext-txt", S, WARN, "partners.txt isn't built", r"extension|\.txt|toctree", add("about/partners.txt", NEW))
C("page-same-name-two-exts", S, MUST, "two sources for one page", r"multiple|duplicate|same", add("about/@OTHER@.rst", "Our vision\n==========\n\nText.\n"))

# --------------------------------------------------------- front matter -----
F = "front matter"
YAML = r"yaml|front.?matter|topmatter|scanner|parser|mapping|malformed"
C("fm-tab", F, MUST, "a tab in the front matter", YAML + "|tab", front("---\nmyst:\n\thtml_meta:\n\t\tdescription: Our mission\n---\n\n"), at="html_meta")
C("fm-colon-in-value", F, MUST, "quote a value that has a colon", YAML, front("---\nmyst:\n  html_meta:\n    description: Our mission: open source\n---\n\n"), at="description:")
C("fm-not-first", F, MUST, "front matter must start on line 1", YAML + r"|MD0\d\d|heading", front("\n---\nmyst:\n  html_meta:\n    description: Our mission\n---\n\n"), at="---")
C("fm-unknown-key", F, WARN, "unknown key descriptoin", YAML + "|unknown|key|descriptoin", front("---\ndescriptoin: Our mission\n---\n\n"), at="descriptoin")
C("fm-meta-key-typo", F, MUST, "unknown metadata descripton", YAML + "|unknown|descripton", front("---\nmyst:\n  html_meta:\n    descripton: Our mission\n---\n\n"), at="descripton")
C("fm-meta-wrong-place", F, MUST, "html_meta must be under myst", YAML + "|html_meta", front("---\nhtml_meta:\n  description: Our mission\n---\n\n"), at="html_meta")
C("fm-wrong-type", F, MUST, "myst must hold keys", YAML + "|type|dict|mapping", front("---\nmyst: true\n---\n\n"), at="myst")
C("fm-key-twice", F, WARN, "key twice in the front matter", YAML + "|duplicate", front("---\nmyst:\n  html_meta:\n    description: Our mission\n    description: Our vision\n---\n\n"), at="Our vision")
C("fm-description-missing", F, WARN, "page has no description", r"description|meta", page("partners", NEW))
C("fm-smart-quotes", F, MUST, "curly quotes end up in the description", YAML + "|quote", front("---\nmyst:\n  html_meta:\n    description: “Our mission”\n---\n\n"), at="description")

# ----------------------------------------------------- directives/roles -----
D = "directives"
DIR = r"directive|unknown|nota\b"
C("role-unknown", D, MUST, "unknown role dco", r"role|dco", A("See {dco}`@OTHER@`."))
C("dir-unclosed-fence", D, MUST, "``` isn't closed", r"unclosed|closed|fence|not closed|MD0(31|46|48)|unterminated", A("```{note}\nHello\n\nMore text."))
C("dir-unclosed-colon", D, MUST, "::: isn't closed", r"unclosed|closed|fence|unterminated", A(":::{note}\nHello\n\nMore text."))
C("code-unclosed-fence", D, MUST, "``` isn't closed", r"unclosed|closed|fence|unterminated", A("```python\nimport numpy\n\nMore text."))
C("dir-closed-by-other-fence", D, MUST, "opened by ```, closed by :::", r"unclosed|closed|fence|unterminated|mismatch", A("```{note}\nHello\n:::\n\nMore text."))
C("dir-nested-same-colons", D, MUST, "the outer fence needs more colons", r"colon|nest|fence|grid|card|stray|unclosed|children", A(":::{grid} 2\n\n:::{grid-item-card} One\nText\n:::\n\n:::{grid-item-card} Two\nText\n:::\n\n:::"))
C("dir-nested-same-colons-note", D, MUST, "the outer fence needs more colons", r"colon|nest|fence|stray|unclosed|:::", A(":::{dropdown} More\n\n:::{note}\nHello\n:::\n\nThis ends up outside.\n\n:::"))
C("dir-two-colons", D, MUST, "::{note} needs three colons", r"colon|directive|literal", A("::{note}\nHello\n::"))
C("dir-arg-extra", D, MUST, "toctree takes no argument", r"argument|toctree", A("```{toctree} hidden\nindex\n```", "about/index.md"))
C("dir-body-missing", D, MUST, "empty note", r"content|empty|required", A(":::{note}\n:::"))
C("grid-bad-columns", D, MUST, "grid takes 1 or 4 numbers", r"grid|column|argument|integer", A("::::{grid} two\n\n:::{grid-item} One\n:::\n\n::::"))
C("grid-text-child", D, MUST, "grid holds grid-items only", r"grid|child", A("::::{grid} 2\nSome text\n::::"))
C("grid-item-outside", D, MUST, "grid-item-card outside a grid", r"grid|parent|outside", A(":::{grid-item-card} One\nText\n:::"))
C("tab-item-outside", D, MUST, "tab-item outside a tab-set", r"tab", A(":::{tab-item} One\nText\n:::"))
C("tab-set-text-child", D, MUST, "tab-set holds tab-items only", r"tab", A("::::{tab-set}\nText\n::::"))
C("card-link-doc-missing", D, MUST, "card links to a page that isn't there", NOTFOUND + "|unknown document", A("::::{grid} 2\n\n:::{grid-item-card} One\n:link: histroy\n:link-type: doc\nText\n:::\n\n::::"), at=":link:")
C("card-link-scheme-typo", D, MUST, "unknown scheme htps", LINK, A("::::{grid} 2\n\n:::{grid-item-card} One\n:link: htps://quansight.com/\nText\n:::\n\n::::"), at=":link:")
C("card-link-type-typo", D, MUST, "unknown link type docs", r"option|link-type|docs", A("::::{grid} 2\n\n:::{grid-item-card} One\n:link: @OTHER@\n:link-type: docs\nText\n:::\n\n::::"), at=":link-type:")
C("button-ref-missing", D, MUST, "button links to a label that isn't there", NOTFOUND, A("```{button-ref} no-such-label\nGo\n```"))
C("icon-unknown", D, MUST, "unknown icon", r"icon|octicon|fas", A("See {octicon}`no-such-icon`."))
C("include-missing", D, MUST, "no such file: shared.md", NOTFOUND + "|include", A("```{include} shared.md\n```"))
C("literalinclude-missing", D, MUST, "no such file: example.py", NOTFOUND + "|include", A("```{literalinclude} example.py\n```"))
C("rst-role", D, MUST, "reStructuredText in a Markdown page", r"rst|restructured|role|literal|:doc:", A("See :doc:`@OTHER@`."))
C("rst-link", D, MUST, "reStructuredText in a Markdown page", r"rst|restructured|literal|link|bare|MD034|`_|html", A("See `NumPy <https://numpy.org/>`_."))
C("rst-comment", D, MUST, "reStructuredText comment gets published", r"rst|restructured|comment|\.\. ", A(".. this is a note to myself"))
C("rst-label", D, MUST, "reStructuredText label", r"rst|restructured|label|\.\. _", A(".. _our-goals:"))
C("backtick-mismatch", D, MUST, "opened by ``, closed by `", r"backtick|unclosed|literal|MD038", A("Edit ``@OTHER@.md` and send it."))
C("code-lang-typo", D, MUST, "unknown language pyton", r"lexer|language|pyton", A("```pyton\nimport numpy\n```"))
C("code-bad-json", D, WARN, "code isn't valid JSON", r"json|lexing", A("```json\n{'a': undefined, }\n```"))
C("gfm-emoji", D, WARN, "emoji code published as text", r"emoji|:tada:", A("We made it :tada: today."))
C("gfm-strikethrough", D, MUST, "~~ published as text", r"strike|~~", A("We are ~~many~~ few."))
C("shortcode", D, MUST, "{% ... %} published as text", r"shortcode|\{%|liquid|jinja", A("{% include note.html %}"))
C("mdx-import", D, MUST, "import line published as text", r"mdx|import", A("import Team from './Team'\n\n<Team />"))

# ----------------------------------------------------------- references -----
R = "references"
C("ref-label-dangling", R, WARN, "label points at nothing", r"label|target|nothing", A("(our-goals)="))
C("ref-label-malformed", R, MUST, "label needs = at its end", r"label|target|literal|\(our-goals\)", A("(our-goals)\n\n## Goals\n\nOne."))
C("ref-project-missing", R, MUST, "no such label", NOTFOUND, A("See [goals](project:#no-such-label)."))
C("ref-inv-missing", R, MUST, "no such intersphinx target", NOTFOUND + "|inv", A("See [numpy](inv:numpy#no-such-thing)."))
C("footnote-undefined", R, MUST, "no such footnote", NOTFOUND + r"|footnote|\[\^", A("We work with many partners.[^nofoot]"))
C("footnote-unused", R, WARN, "footnote never used", r"footnote|unused|referenced", A("[^f2]: One."))
C("footnote-no-colon", R, MUST, "footnote definition needs a colon", r"footnote|\[\^|colon|undefined", A("We work.[^f3]\n\n[^f3] One."))
C("term-missing", R, MUST, "no such glossary term", NOTFOUND + "|term|glossary", A("See {term}`NoSuchTerm`."))
C("glossary-twice", R, WARN, "term defined twice", r"duplicate|term", A("```{glossary}\nPyData\n  One.\n\nPyData\n  Two.\n```"), at="PyData\n  Two.")

# --------------------------------------------------------------- images -----
I = "images"
ALT = r"\balt\b|MD045|alternat"
C("img-missing", I, MUST, "no such image: our-team.png", NOTFOUND + "|image", A("![The team](our-team.png)"))
C("img-directive-no-alt", I, MUST, "image without :alt:", ALT, also(add("about/our-team.png", png)), A("```{image} our-team.png\n```"))
C("img-card-missing", I, MUST, "no such image", NOTFOUND + "|image", A("::::{grid} 2\n\n:::{grid-item-card} One\n:img-top: our-team.png\nText\n:::\n\n::::"), at=":img-top:")
C("img-heic", I, MUST, "browsers can't show .heic", r"format|heic|unknown|unsupported|mime|type", also(add("about/our-team.heic", b"\0\0\0\x18ftypheic" + b"\0" * 64)), A("![The team](our-team.heic)"))
C("img-tiff", I, MUST, "browsers can't show .tiff", r"format|tiff|unknown|unsupported|mime|type", also(add("about/our-team.tiff", b"II*\0" + b"\0" * 64)), A("![The team](our-team.tiff)"))
C("img-empty-file", I, MUST, "image of 0 bytes", r"empty|corrupt|invalid|size|image|0 byte", add("about/our-team.png", b""), also(A("![The team](our-team.png)")))
C("img-truncated", I, MUST, "broken image", r"corrupt|truncat|invalid|image", add("about/our-team.png", lambda: png(200, 200, noise=True)[:2000]), also(A("![The team](our-team.png)")))
C("img-lfs-pointer", I, MUST, "Git LFS pointer, not an image", r"lfs|corrupt|invalid|image|pointer", add("about/our-team.png", LFS), also(A("![The team](our-team.png)")))
C("img-wrong-ext", I, WARN, "a JPEG called .png", r"mime|type|extension|png|jpeg|invalid", add("about/our-team.png", jpg), also(A("![The team](our-team.png)")))
C("img-svg-script", I, MUST, "script inside an SVG", r"script|svg", add("about/our-team.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>\n'), also(A("![The team](our-team.svg)")))
C("img-data-uri", I, WARN, "image pasted into the text", r"data:|inline|base64|MD013|secret|entropy", A("![The team](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==)"))

# --------------------------------------------------------- tables, lists ----
T = "tables, lists"
C("table-row-too-long", T, MUST, "row has a cell too many (it is dropped)", r"MD056|column|cell|table", A("| a | b |\n| - | - |\n| 1 | 2 | lost |"), at="lost")
C("table-no-rule", T, MUST, "no line | - | - | under the header", r"table|column|\|", A("| a | b |\n| 1 | 2 |"))
C("table-pipe-in-cell", T, MUST, "| inside a cell must be escaped", r"MD056|column|cell|table", A("| a | b |\n| - | - |\n| x `a|b` | 2 |"), at="a|b")
C("csv-table-bad", T, MUST, "csv-table is broken", r"csv|table", A('```{csv-table}\n:header: a,b\n1,"2\n```'))
C("list-no-space", T, MUST, "- needs a space", r"MD030|list|space|bullet", A("-one\n-two"))
C("list-continued-as-code", T, WARN, "indented by accident: shown as code", r"MD046|indent|code", A("More text.\n\n    This paragraph is indented by accident."), at="indented by accident")
C("bold-unclosed", T, MUST, "** isn't closed", r"emphasis|unclosed|bold|\*\*|strong|unbalanced", A("This is **important for us."))

# ----------------------------------------------------------------- text -----
X = "text"
C("not-utf8", X, MUST, "not UTF-8", r"utf|decod|encod|unicode|codec", append_raw("Café Zürich.\n".encode("latin-1")))
C("utf16", X, MUST, "UTF-16, not UTF-8", r"utf|decod|encod|unicode|binary|BOM|byte|null", change(lambda b: b.decode().encode("utf-16")))
C("bom", X, WARN, "byte-order mark", r"bom|byte.order|U\+FEFF|feff", change(lambda b: b"\xef\xbb\xbf" + b))
C("conflict-markers", X, MUST, "merge conflict left in", r"conflict|merge|<<<<", A("<<<<<<< HEAD\nOur old text.\n=======\nOur new text.\n>>>>>>> new-text"))
C("todo", X, WARN, "TODO left in", r"todo", A("TODO: ask Ralf about this."))
C("fixme", X, WARN, "FIXME left in", r"fixme", A("FIXME the numbers are old."))
C("tbd", X, WARN, "TBD left in", r"tbd|xxx", A("Our office is in TBD, since XXX."))
C("lorem", X, MUST, "filler text", r"lorem|ipsum|filler", A("Lorem ipsum dolor sit amet, consectetur adipiscing elit."))
C("ai-residue", X, WARN, "chat assistant's leftovers", r"oaicite|assistant|contentReference", A("We support PyData :contentReference[oaicite:2]{index=2}."))
C("comment-left", X, WARN, "HTML comment gets published", r"comment|html|MD033", A("<!-- do we really want to say this? -->"))
C("zero-width", X, MUST, "invisible character", r"zero|invisible|unicode|U\+200B|200b", A("We work with many part\u200bners."))
C("nbsp", X, WARN, "non-breaking space", r"nbsp|non-break|U\+00A0|unicode|ascii|space", A("We work with many\u00a0partners."))
C("mojibake", X, MUST, "garbled characters", r"mojibake|encoding|unicode|ascii|garbl", A("It\u00e2\u20ac\u2122s our mission at Caf\u00c3\u00a9."))
C("replacement-char", X, MUST, "replacement character", r"replacement|U\+FFFD|fffd|unicode|encoding", A("We work in Z\ufffdrich."))
C("misspelling", X, WARN, "comunity, recieve", r"comunity|recieve|spell|typo", A("The comunity will recieve more."))
C("smart-quotes-unclosed", X, WARN, "quote isn't closed", r"quote|unbalanced|unmatched|clos", A("We do “open source work."))
C("repeated-word", X, WARN, "'the the'", r"repeat|duplicat|doubled|the the", A("We work with the the community."))
C("paren-unbalanced", X, WARN, "( isn't closed", r"paren|bracket|unbalanced|unmatched|unclosed", A("We work with partners (many of them."))
C("entity-no-semicolon", X, WARN, "&nbsp is published as text", r"entity|&nbsp|character reference|encoded", A("We work with&nbspmany partners &copy 2026."))
C("no-final-newline", X, WARN, "no newline at the end", r"newline|MD047|end of file|EOF|final", append_raw(b"We work with many partners."))
C("hard-tab", X, WARN, "tab in the text", r"\btab|MD010", A("We work\twith many partners."))
C("secret-github", X, MUST, "looks like a GitHub token", r"github|secret|token|entropy", A("Token: " + "ghp" + "_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"))
C("secret-private-key", X, MUST, "private key", r"private|secret|key", A("```text\n-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun\n-----END " + "RSA PRIVATE KEY-----\n```"), at="BEGIN")
C("secret-url-password", X, MUST, "password in an address", r"password|secret|credential|basic|userinfo", A("See [stats](https://admin:hunter2pass@stats.quansight.com/)."))

# ----------------------------------------------------------------- HTML -----
H = "raw HTML"
C("html-script", H, MUST, "script isn't allowed", HTML, A("<script>alert(1)</script>"))
C("html-script-src", H, MUST, "script from another site", HTML + "|external", A('<script src="https://cdn.tracker.example/t.js"></script>'))
C("html-unclosed-div", H, MUST, "<div> isn't closed", HTML + "|unclosed|close", A("<div class=\"team\">\n\nMore text."))
C("html-stray-close", H, MUST, "</div> closes what the theme opened", HTML + "|stray|close", A("More text.\n\n</div>\n\nMore text."), at="</div>")
C("html-misnested", H, MUST, "<b><i> closed in the wrong order", HTML, A("This is <b><i>important</b></i> for us."))
C("html-inline-style", H, WARN, "style attribute", HTML, A('<p style="color: #eee">More text.</p>'))
C("html-img-hotlink", H, MUST, "image from another site", HTML + "|external|link|image", A('<img src="https://images.example.net/our-team.png" alt="The team">'))
C("html-img-relative", H, MUST, "image isn't copied: use ![...](...)", HTML + "|" + LINK, also(add("about/our-team.png", png)), A('<img src="our-team.png" alt="The team">'))
C("html-a-md", H, MUST, "HTML link to .md isn't turned into .html", HTML + "|" + LINK, A('See <a href="@OTHER@.md">this page</a>.'))
C("html-a-javascript", H, MUST, "javascript: isn't allowed", HTML + "|javascript|" + LINK, A('See <a href="javascript:alert(1)">this</a>.'))
C("html-id-clash", H, MUST, "id of a heading used again", HTML + "|duplicate|\\bid\\b", A('## Clash\n\n<div id="clash">One</div>'), at="<div")
C("html-meta-refresh", H, MUST, "redirects the page", HTML + "|refresh", A('<meta http-equiv="refresh" content="0; url=https://example.net/">'))
C("html-md-inside", H, WARN, "Markdown inside a block of HTML isn't rendered", HTML + "|markdown", A("<div>\n**important**\n</div>"))
C("html-deprecated", H, WARN, "<center> is obsolete", HTML + "|obsolete|deprecated", A("<center>More text.</center>"))
C("html-tag-typo", H, MUST, "unknown element <detials>", HTML + "|unknown", A("<detials><summary>More</summary>Text.</detials>"))

# --------------------------------------------------------------- config -----
K = "config"
C("conf-syntax", K, MUST, "conf.py isn't valid Python", r"syntax|invalid|parse|was never closed|error", conf("html_title = (\n"))
C("conf-name-error", K, MUST, "undefined name in conf.py", r"name|undefined|F821|not defined", conf("html_title = projct\n"))
C("conf-unknown-extension", K, MUST, "no such extension", r"extension|import|module", conf("extensions = extensions + ['sphinx_copybuton']\n"))
C("conf-unknown-value", K, MUST, "unknown setting html_tittle", r"unknown|html_tittle|unused", conf("html_tittle = 'Labs'\n"))
C("conf-theme-typo", K, MUST, "no such theme", r"theme", conf("html_theme = 'pydata_spinx_theme'\n"))
C("conf-theme-component-typo", K, MUST, "no such component theme-switchr", r"theme-switchr|template|component|not found", conf("html_theme_options = {**globals().get('html_theme_options', {}), 'navbar_end': ['theme-switchr']}\n"))
C("conf-icon-link-no-url", K, MUST, "icon link without an address", r"icon|url", conf("html_theme_options = {**globals().get('html_theme_options', {}), 'icon_links': [{'name': 'GitHub', 'icon': 'fa-brands fa-github'}]}\n"))
C("conf-icon-link-bad-url", K, MUST, "unknown scheme htps", r"htps|url|scheme|link", conf("html_theme_options = {**globals().get('html_theme_options', {}), 'icon_links': [{'name': 'GitHub', 'url': 'htps://github.com/', 'icon': 'fa-brands fa-github'}]}\n"))
C("conf-logo-missing", K, MUST, "no such logo", NOTFOUND + "|logo", conf("html_logo = '_static/no-logo.svg'\n"))
C("conf-theme-logo-missing", K, MUST, "no such logo", NOTFOUND + "|logo", conf("html_theme_options = {**globals().get('html_theme_options', {}), 'logo': {'image_light': '_static/no-logo.svg', 'image_dark': '_static/no-logo.svg'}}\n"))
C("conf-favicon-missing", K, MUST, "no such icon", NOTFOUND + "|favicon", conf("html_favicon = '_static/no.ico'\n"))
C("conf-static-path-missing", K, MUST, "no such folder _statics", NOTFOUND + "|static", conf("html_static_path = ['_statics']\n"))
C("conf-extra-path-missing", K, MUST, "no such folder extra", NOTFOUND + "|extra", conf("html_extra_path = ['extra']\n"))
C("conf-templates-path-missing", K, WARN, "no such folder _templats", NOTFOUND + "|templat", conf("templates_path = ['_templats']\n"))
C("conf-css-missing", K, MUST, "no such style sheet cusotm.css", NOTFOUND + "|cusotm|css|link", conf("html_css_files = ['cusotm.css']\n"))
C("conf-myst-extension-typo", K, MUST, "no such MyST extension", r"myst|colonfence|unknown", conf("myst_enable_extensions = ['colonfence']\n"))
C("conf-exclude-page", K, MUST, "excludes a page that is listed", r"exclud|toctree", lambda s: conf(f"exclude_patterns = [*globals().get('exclude_patterns', []), 'about/{s.other}.md']\n")(s))
C("conf-exclude-typo", K, WARN, "pattern matches nothing", r"exclud|pattern|match", conf("exclude_patterns = [*globals().get('exclude_patterns', []), 'abuot/drafts/*']\n"))
C("conf-language-unknown", K, MUST, "no such language", r"language|locale|lang\b", conf("language = 'eng'\n"))

# ---------------------------------------------------------------- files -----
Z = "files"
NAME = r"name|space|upper|case|ascii|slug|toctree|chars"
C("file-name-upper", Z, WARN, "capital letter in a file name", NAME, page("Partners", NEW))
C("file-name-underscore", Z, WARN, "use - in file names", NAME, page("our_partners", NEW))
C("file-name-non-ascii", Z, WARN, "é in a file name", NAME, page("équipe", NEW))
C("file-case-clash", Z, MUST, "two names that differ by case only", r"case|conflict|same", lambda s: page(s.other.capitalize(), NEW)(s))
C("file-copy", Z, MUST, "copy of a page", r"toctree|copy|name|duplicate", page("@OTHER@ (1)", NEW, listed=False))
C("file-exe-as-md", Z, MUST, "binary file called .md", r"binary|utf|decod|null|nul|codec|title", page("partners", ""), add("about/partners.md", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8))
C("file-huge", Z, MUST, "file of 12 MB", r"size|large|big|exceed|KB|MB", add("about/talk.mp4", lambda: os.urandom(12_000_000)), also(A("See {download}`our talk <talk.mp4>`.")))
C("file-symlink-outside", Z, MUST, "link to a file outside docs/", r"symlink|link|outside", symlink("about/partners.md", "/etc/hostname"), also(toctree("partners")))
C("file-backup", Z, WARN, "backup file", r"backup|orig|exten|toctree|not built", add("about/@OTHER@.md.orig", NEW))
C("file-executable", Z, WARN, "page is executable", r"exec|shebang|mode", chmod(0o755))
C("file-unreadable-dir", Z, WARN, "page in a folder that isn't built", r"toctree|exclud|not built|not included", add("_build/partners.md", NEW))

# ------------------------------------------- rows of our own, for other rules ----
FM = "---\nmyst:\n  html_meta:\n    description: %s\nreviewed: 2026-03-31\n---\n\n"
CARDS = "::::{grid} 2\n\n:::{grid-item-card} One\n%s\n:::\n\n::::"
C("own-link-in-paragraph", L, MUST, "no such page", NOTFOUND, A("We work with many\npartners, see [our\nhistory](histroy.md)\nfor more."), at="histroy")
C("own-link-twice-in-paragraph", L, MUST, "not a link", LITERAL, A("See [this] (@OTHER@.md).\nMore text.\nSee [that] (@OTHER@.md)."), at="[that]")
C("own-drawing-twice", D, MUST, "a page shows a drawing twice", r"already", A(":::{drawing} social\n:::\n\nText.\n\n:::{drawing} social\n:::"))
C("own-link-card-no-type", L, MUST, "card link to a page needs :link-type: doc", LINK, A(CARDS % ":link: @OTHER@\n\nText."), at=":link:")
C("own-link-example", L, MUST, "placeholder host", r"stands for|example|reserved", A("See [our plan](https://example.com/plan)."))
C("own-link-preview", L, MUST, "address of a preview", r"preview", A("See [this](https://about--12.org.readthedocs.build/en/12/)."))
C("own-link-own-site", L, WARN, "own page by its address", r"page of this site", A("See [this](https://labs.quansight.org/about/@OTHER@/)."))
C("own-link-short", L, WARN, "shortened address", r"short", A("See [our talk](https://bit.ly/3abcDEF)."))
C("own-link-conf", L, MUST, "publishes conf.py", r"publish", A("See [the settings](../conf.py)."))
C("own-link-wiki", L, MUST, "[[ ]] is published as text", LITERAL, A("See [[@OTHER@]]."))
C("own-link-no-bracket", L, MUST, "] missing", LITERAL, A("- read [our vision(@OTHER@.md) too"))
C("own-link-empty-target", L, MUST, "link to nothing", r"nowhere|empty", A("More text.\nSee [our plan]()."), at="[our plan]")
C("own-mail-in-note", M, MUST, "no @ in an address", MAIL, A(":::{note}\nText.\n\nWrite to [Tania](mailto:tania).\n:::"), at="mailto:")
C("own-mail-spelt-out", M, WARN, "nobody can click it", MAIL, A("Write to tania.allard (at) quansight.com."))
C("own-mail-one-removed", M, MUST, "the contact page lost an address", MAIL, sub(r": <sales@quansight.com>", "", "about/contact.md"))
C("own-toctree-circle", S, MUST, "toctrees go in a circle", r"toctree|circular", A("```{toctree}\n:hidden:\n\nindex\n```", "about/@OTHER@.md"), at="{toctree}")
C("own-page-include-self", S, MUST, "page includes itself", r"include", A("```{include} @PAGE@.md\n```"))
C("own-page-title-first", S, WARN, "text above the title", r"title", page("partners", FM % "Who works with us, in a sentence." + "Hello.\n\n# Our partners\n\nText.\n"), at="Hello")
C("own-page-description-same", F, WARN, "same description as another page", r"description", lambda s: page("partners", re.search(r"(?s)\A---.*?\n---\n\n", (s.docs / "about" / f"{s.other}.md").read_text("utf-8"))[0] + NEW)(s))
C("own-page-id-of-theme", S, MUST, "the theme has this id too", r"\bid\b", A("## Main content\n\nMore text."))
C("own-heading-colon", S, WARN, "heading ends in a colon", r"heading", A("## Our goals:\n\nMore text."))
C("own-heading-twice", S, WARN, "same heading twice", r"same|duplicate", A("## Our goals\n\nOne.\n\n## Our goals\n\nTwo."), at="## Our goals\n\nTwo.")
C("own-heading-h1-twice", S, MUST, "two titles", r"multiple|title|MD025", A("# Our goals\n\nMore text."))
C("own-fm-too-short", F, WARN, "description of one word", r"description", front(FM % "Mission"), at="description")
C("own-fm-toml", F, MUST, "TOML front matter", YAML, front("+++\ntitle = \"Our mission\"\n+++\n\n"))
DATED = "---\nmyst:\n  html_meta:\n    description: What we do, in a sentence.\n%s---\n\n"
C("own-fm-review-wrong", F, WARN, "a day as words", r"review", front(DATED % "reviewed: March 31, 2026\n"), at="March 31")
C("own-fm-review-month", F, WARN, "a day that the month has not", r"review", front(DATED % "reviewed: 2026-02-30\n"), at="2026-02-30")
C("own-fm-review-to-come", F, WARN, "a day that is yet to come", r"review", front(DATED % "reviewed: 2999-01-01\n"), at="2999")
C("own-fm-unclosed", F, MUST, "front matter isn't closed", YAML, front("---\nmyst:\n  html_meta:\n    description: What we do, in a sentence.\n\n"))
C("own-dir-no-braces", D, MUST, ":::note needs braces", r"brace", A(":::note\nHello\n:::"))
C("own-dir-stray-colons", D, MUST, "stray :::", r"closes nothing|stray", A("More text.\n\n:::\n\nMore text."), at=":::")
C("own-dir-two-fences", D, MUST, "the first ``` isn't closed", r"closed", A("```sh\nls\n\nMore text.\n\n```python\nimport numpy\n```"))
C("own-dir-raw", D, MUST, "raw HTML", HTML, A("```{raw} html\n<b>Hello</b>\n```"), at="{raw}")
C("own-gfm-alert", D, MUST, "> [!NOTE] is published as text", r"markdown", A("> [!NOTE]\n> Hello."))
C("own-footnote-empty", R, WARN, "footnote without text", r"footnote|MD068|empty", A("We work.[^f9]\n\n[^f9]:"), at="[^f9]:")
C("own-img-heavy", I, MUST, "image of 5 MB", r"large|size|kB", add("about/our-team.png", png_5mb), also(A("![The team](our-team.png)")))
C("own-img-wide", I, MUST, "image of 8000 pixels", r"large|pixels", add("about/our-team.png", png_8k), also(A("![The team](our-team.png)")))
C("own-img-gps", I, MUST, "image with a position", r"where it was taken|gps|location", add("about/our-team.jpg", jpg_gps), also(A("![The team](our-team.jpg)")))
C("own-img-alt-poor", I, WARN, "alternative text says nothing", ALT + "|words for an image", also(add("about/our-team.png", png)), A("![image](our-team.png)"))
C("own-img-unused", I, WARN, "image that no page shows", r"no page", add("about/our-team.png", png))
C("own-crlf", X, WARN, "line ends of Windows", r"line", change(lambda b: b.replace(b"\n", b"\r\n")))
C("own-look-alike", X, MUST, "a Cyrillic letter", r"alphabet", A("We work with p\u0430rtners."))
C("own-host-look-alike", X, MUST, "a Cyrillic host", r"MD095|confus|alphabet", A("See [that](https://\u0430\u0440\u0440\u04cf\u0435.com/)."))
C("own-name", X, WARN, "NumPy", r"name", A("We maintain Numpy."))
C("own-assistant", X, WARN, "chat assistant's words", r"assistant", A("Certainly! Here is a revised version of the page:"))
C("own-conf-string", K, MUST, "a list is wanted", r"type|list", conf("html_static_path = '_static'\n"))
C("own-conf-theme-option-typo", K, MUST, "unknown option", r"option", conf("html_theme_options = {**html_theme_options, 'show_prev_nex': False}\n"))
C("own-conf-redirect", K, MUST, "redirect to nothing", r"not published", conf("redirects = {'about/history': '../histroy/'}\n"))
C("own-conf-script-of-others", K, MUST, "script of another host", r"host", conf("html_js_files = ['https://cdn.tracker.example/t.js']\n"))
C("own-style-missing", Z, MUST, "style sheet asks for nothing", r"style sheet", append(".a {\n  background: url(\"no-such.png\");\n}\n", "_static/site.css"), at="url(")
C("own-style-host", Z, MUST, "style sheet of another host", r"another host", append("@import \"https://fonts.example.net/a.css\";\n", "_static/site.css"))
C("own-page-and-folder", Z, MUST, "one address for two files", r"address", add("about/@OTHER@/index.md", FM % "Another page with the same address." + NEW))

# ------------------------------------------------------------ good edits ----
G("good-nothing")
G("good-paragraph", A("We also work on packaging, with *care* and **patience**; see `pip` and [NumPy](https://numpy.org/)."))
G("good-page", page("partners", "---\nmyst:\n  html_meta:\n    description: Who Quansight Labs works with, and how to become one of its partners in open source.\nreviewed: 2026-03-31\n---\n\n# Our partners\n\nWe work with many partners.\n\n## How to join\n\nWrite to us.\n"))
G("good-note", A(":::{note}\n:class: warning\nHello, *world*.\n:::"))
G("good-note-fence", A("```{admonition} Please note\n:class: tip\n\nHello, world.\n```"))
G("good-grid", A("::::{grid} 1 2 2 3\n:gutter: 2\n\n:::{grid-item-card} One\n:link: @OTHER@\n:link-type: doc\n\nText.\n:::\n\n:::{grid-item-card} Two\n:link: https://numpy.org/\n\nText.\n:::\n\n::::"))
G("good-tabs", A("::::{tab-set}\n\n:::{tab-item} One\nText.\n:::\n\n:::{tab-item} Two\nText.\n:::\n\n::::"))
G("good-dropdown", A(":::{dropdown} More\nHidden text.\n:::"))
G("good-table", A("| Project | Since |\n| ------- | ----- |\n| NumPy   | 2006  |\n| SciPy   | 2001  |"))
G("good-footnote", A("We work with many partners.[^p1]\n\n[^p1]: Among them are companies and foundations."))
G("good-figure", also(add("about/our-team.png", png)), A(":::{figure} our-team.png\n:alt: The team on the stairs\n:width: 50%\n\nThe team in 2025.\n:::"))
G("good-image", also(add("about/our-team.png", png)), A("![The team on the stairs](our-team.png)"))
G("good-label-ref", A("(our-goals)=\n\n## Our goals\n\nText.\n\nSee {ref}`our-goals` and [our goals](#our-goals)."))
G("good-links", A("See [this page](@OTHER@.md), [](@OTHER@.md), <project:@OTHER@.md>, {doc}`@OTHER@`, <https://numpy.org/>, and <tania.allard@quansight.com>."))
G("good-headings", A("## Goals\n\nText.\n\n### More goals\n\nText.\n\n## Aims\n\nText."))
G("good-lists", A("- one\n- two\n  - three\n\n1. one\n2. two"))
G("good-deflist-quote", A("> Open source is people.\n\nMore text\\\nafter a line break."))
G("good-code", A("```python\nimport numpy as np\n\nprint(np.arange(3))\n```"))
G("good-comment", A("% a MyST comment isn't published\n\nMore text."))
G("good-names", A("Olá! Pavithra, Gonçalo, Łukasz and Ådne met in Zürich – café “Odeon” – at 30 °C."))
G("good-block-break", A("Text.\n\n+++\n\nMore text.\n\n---\n\nMore text."))
G("good-abbr", A("{abbr}`CI (continuous integration)` and {kbd}`Ctrl+C`, {fas}`heart`, {bdg-primary}`new`."))
G("good-include", also(add("about/_shared.inc", "Shared text.\n")), A("```{include} _shared.inc\n```"))
G("good-download", also(add("about/plan.csv", "a,b\n1,2\n")), A("See {download}`the plan <plan.csv>`."))
G("good-button", A("```{button-link} https://numpy.org/\n:color: primary\n\nNumPy\n```"))

# ------------------------------------------- good edits of our own: what a hasty rule would hit ----
G("own-good-exception", A("% allow proofread.link-http: this archive knows no https\nSee [the archive](http://numpy.org/)."))
G("own-good-code", A("```python\n# TODO: an exercise [](x) :tada:\nraise ValueError(\"a ** b\")\n```\n\nWrite `[text](page.md)`, `**bold**`, `::` or `{doc}`."))
G("own-good-signs", A("A (b) [c], [0, 1), f(x), x[1:3], #1, 12:30, std::vector, a*b*c, 5 * 3, R&D, AT&T, 100 %, <3 and >=3.11."))
G("own-good-emoji-marks", A("We made it \U0001f389 \U0001f469\u200d\U0001f4bb \u2764\ufe0f today \u2013 \u201creally\u201d \u2026"))
G("own-good-entities", A("Copyright &copy; 2025, 5&nbsp;km, caf&eacute; and &#8211;."))
G("own-good-escapes", A(r"This is \*not emphasis\*, \[not a link\](really), \# not a heading."))
G("own-good-places", A("Bora Bora, New York, New York. It had had its day."))
G("own-good-hard-break", A("Quansight Labs\\\nBerlin"))
G("own-good-comment", A("% TODO: [not](shown.md)\n\nMore text."))
G("own-good-figure", also(add("about/our-team.png", png)), A("```{figure} our-team.png\n---\nalt: The team on the stairs\nwidth: 300px\n---\nThe team in 2025.\n```"))
G("own-good-nested-fences", A("`````markdown\n````{note}\n```sh\nls\n```\n````\n`````"))
G("own-good-list-in-grid", A("::::{grid} 1 2 2 2\n\n:::{grid-item-card} One\n\n- one\n\n  ```sh\n  ls\n  ```\n\n- two\n:::\n\n::::"))
G("own-good-icon", A("See {fas}`heart` and {fas}`circle-check`."))
G("own-good-reference-links", A("See [our vision][v] and [NumPy].\n\n[v]: @OTHER@.md\n[NumPy]: https://numpy.org/doc/stable/user/index.html?a=b#c_(d)"))
G("own-good-table", A("| a | b |\n| --- | --- |\n| `x \\| y` | 2 |"))
G("own-good-definitions", A("Text with a footnote.[^own]\n\n[^own]: It has `code` and [a link](https://numpy.org/)."))
G("own-good-label-on-page", page("partners", FM % "Who works with us, in one sentence." + "(our-partners)=\n\n# Our partners\n\nText.\n"))
