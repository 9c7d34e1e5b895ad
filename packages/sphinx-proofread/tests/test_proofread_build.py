"""Files, settings and pages together are checked, and an exception needs a reason and a use."""

import re
from collections.abc import Callable

import pytest
from proofread_site import HEAD

Build = Callable[..., list[str]]
PAGE = f"{HEAD}# {{}}\n\nWords.\n"
SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>\n'
FILES: dict[str, tuple[str, str | bytes]] = {  # which rule a file breaks, its name and contents
    "file-name": ("Our_Partners.md", PAGE.format("Partners", "Partners")),
    "file-unused": ("partners.txt", "Words.\n"),
    "file-clash": ("about/vision/index.md", PAGE.format("a clash", "Clash")),
    "file-line-ends": ("ends.md", PAGE.format("ends", "Ends").replace("\n", "\r\n")),
    "file-size": ("talk.csv", "1,2\n" * 200_000),
    "html-file": ("_static/a.css", 'p {\n  background: url("no-such.png");\n}\n'),
    "html-host": ("_static/b.css", '@import "https://fonts.googleapis.com/css";\n'),
    "image-format": ("team.heic", b"ftypheic"),
    "image-broken": ("team.png", b""),
    "image-script": ("plan.svg", SCRIPT),
    "page-title-same": ("same.md", PAGE.format("same", "Vision")),
    "description-same": ("alike.md", PAGE.format("vision", "Alike")),
    "page-include": ("part.md", PAGE.format("part", "Part") + "\n```{include} part.md\n```\n"),
    "toctree-circle": (
        "circle.md",
        PAGE.format("circle", "Circle") + "\n```{toctree}\nindex\n```\n",
    ),
    "html-id": ("ids.md", PAGE.format("ids", "Ids") + "\n## Searchlabel\n\nMore.\n"),
    "MD047": ("no-end.md", PAGE.format("no-end", "No end").rstrip("\n")),
}


@pytest.fixture(scope="module")
def reported(proofread: Build) -> list[str]:
    """Return what is reported about a site with all of these files."""
    return proofread(dict(FILES.values()))


@pytest.mark.parametrize("rule", FILES)
def test_a_file_that_breaks_a_rule_is_reported(reported: list[str], rule: str) -> None:
    """What is wrong with a file is reported, and the file is named."""
    here = [line for line in reported if line.endswith(f"[proofread.{rule}]")]
    assert any(FILES[rule][0] in line or rule == "file-clash" for line in here), reported


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('html_tittle = "Labs"', "did you mean html_title?"),
        ('language = "eng"', "there is no such language"),
        ('templates_path = ["_templats"]', "there is no such folder"),
        ('exclude_patterns = ["abuot/*"]', "the pattern matches no file"),  # codespell:ignore
        ('html_theme_options = {"icon_links": [{"name": "GitHub"}]}', "an icon link needs"),
        ('html_static_path = ["_statics"]', "does not exist"),
        ('html_static_path = "_static"', "its value is a list"),
        (
            'extensions.append("sphinx_reredirects"); redirects = {"/about/pals": "../vision/"}',
            "an old address is written",
        ),
        (
            'extensions.append("sphinx_reredirects"); redirects = {"about/pals": "/about/vision/"}',
            "the new address begins with",
        ),
        (
            'extensions.append("sphinx_reredirects"); redirects = {"about/vision": "../mission/"}',
            "the page is still there",
        ),
    ],
)
def test_a_setting_without_effect_stops_the_build(
    proofread: Build, setting: str, said: str
) -> None:
    """A wrong setting is reported at its line, once, and no page is read."""
    lines = proofread({}, f"{setting}\n")
    assert len(lines) == 2, lines
    assert re.match(r"docs/conf\.py:9: WARNING: ", lines[0])
    assert said in lines[0]
    assert lines[1].startswith("The build stopped: ")


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ('html_css_files = ["cusotm.css"]', "html-file"),
        ('html_js_files = ["https://numpy.org/tracker.js"]', "html-host"),
    ],
)
def test_what_a_page_asks_for_is_there(proofread: Build, setting: str, rule: str) -> None:
    """A file that is not published, or lies on another host, is reported once."""
    (line,) = proofread({}, f"{setting}\n")
    assert line.startswith("docs/conf.py:9: ")
    assert line.endswith(f"[proofread.{rule}]")


def test_a_page_that_cannot_be_read_is_left_out(proofread: Build) -> None:
    """A page in another encoding is reported at its line, and so is what is wrong elsewhere."""
    latin = HEAD.format("latin").encode() + "# Zürich\n".encode("latin-1")
    said = proofread(
        {"latin.md": latin, "other.md": PAGE.format("other", "Other") + "\nTODO: all.\n"}
    )
    for form in (
        r"latin\.md:7: .*\[proofread\.file-encoding\]",
        r"other\.md:11: .*\[proofread\.text-filler\]",
    ):
        assert any(re.fullmatch(f"docs/about/{form}", line) for line in said), said


def test_one_mistake_does_not_hide_another(proofread: Build) -> None:
    """All that is wrong on a line is reported at once, and the same words once."""
    text = (
        "See [one](one.md), [two](two.md), [here](vision.md) and http://numpy.org/ now , the the end."
        "\nWe recieve [it](http://scipy.org/?utm_source=a) (often, more."  # codespell:ignore recieve
    )
    said = proofread({"plan.md": f"{PAGE.format('plan', 'Plan')}\n{text}\n"})
    rules = [re.findall(r"\[([\w.-]+)\]$", line)[0] for line in said]
    wanted = ["link-http", "link-http", "link-text-vague", "link-tracking"]
    wanted += ["spelling", "text-comma", "text-repeated", "text-unbalanced"]
    assert sorted(rules) == [
        *["myst.xref_missing"] * 2,
        *(f"proofread.{name}" for name in wanted),
    ], said


# What stands on a page, and the rules that are reported, each behind its line.
PLACES = [
    ("::::{grid} 1 2 3\n:::{grid-item}\nthe the\n:::\n::::", "1 docutils, 3 text-repeated"),
    ("::::{tab-set}\n:::{tab-item}\nthe the\n:::\n::::", "2 docutils, 3 text-repeated"),
    ("::::{grid}\n:::{grid-itm}\nthe the\n:::\n::::", "2 directive, 3 text-repeated"),
    ("::::{grid}\n:::{grid-item}\nOne\n:::\n\n:::\n::::", "6 fence-stray"),
    ("::::{grid}\n:::{grid-item}\nOne\n\n:::{card} Two\nTwo\n:::\n::::", "2 fence-unclosed"),
    (":::{card} [a](vision.md#a)\n:colour: red\n:::", "1 xref_missing, 2 directive_option"),
    (":::{card}\n:class-body: a\n:class-card note\n\nOne\n:::", "3 directive-option"),
    (":::{card}\n:class-body: a #note\n:class-card: b\n:::", "2 directive_comments"),
    (":::{note}\nOne\n\n## Two\n\n## Three", "1 fence-unclosed"),
    (":::{note}\nOne\n::: end\n\nTwo", "1 fence-unclosed"),
    (":::{dropdown}\nOne\n:::", "1 docutils"),
    ("Many.[^one]\n\n[^two]: Two.", "1 docutils"),
    ("Many.[^one]\n\nMore.[^one]\n\n[^one] One.", "5 docutils"),
    ("Many.[^a] More.[^labs]\n\n[^a]: One.\n[^labs] Two.", "4 docutils"),
    ("Many.[^eos]\n\n[^eoss]: Two.", "1 docutils"),
    ("See <o:p></o:p> here", "1 text-angle"),
    ("We fund:\n\n•\ta\n•\tb", "3 text-list"),
    ("1. One\n\n   ```sh\n   $ a\n   ```", "4 code-prompt"),
    ("::{note}\nOne\n:::\n\n## Two\n\n:::{note}\nThree\n:::", "1 fence-short"),
    ("We came,, so.\n\nWe went..", "1 text-comma, 3 text-comma"),
    ("1. One\n  - a\n2. Two\n  - b", "2 list-parted, 4 list-parted"),
    ("Term\n:What it means", "2 text-list"),
    ("- One\n• Two", "2 text-list"),
    ("One\n[a](C:\\docs\\vision.md)", "2 xref_missing"),
    ("One\n{abbr}`OSS`", "2 role"),
    (
        ":::{card}\nlink: https://numpy.org/\n:class-card: a\n\nOne\n:::",
        "2 directive-option",
    ),
    (":::{card}\n:link: vision\n:link-type: doc\n\n[a](vision.md)\n:::", "5 link-card"),
    ("[a](#no)\\\n[b](#no)", "1 xref_missing, 2 xref_missing"),
    (":::{note}\n[a](#no)\n[b](#no)\n:::", "2 xref_missing, 3 xref_missing"),
    (":::{card}\nOne [a](#no)\n[b](#no)\n:::", "2 xref_missing, 3 xref_missing"),
    ("Steps\n~~~~~\n\nThe the", "1 fence-underline, 4 text-repeated"),
    ("% allow link-http none\n[a](http://numpy.org/)", "1 exception, 2 link-http"),
    ("Term\n: One\nAnother\n: Two", "3 block-end"),
    ("Starts\n:1 May", "2 text-list"),
    ("[a][1], [b][1]" + "\n\nMany." * 30 + "\n\n[1]: http://numpy.org/", "63 link-http"),
    ("- One\n-Two", "2 text-list"),
    ("m{sup}2", "1 text-braces"),
    ("| a | b |\n| - | - |\n| 1 | `x | y` |", "3 text-table-bar"),
    ("#. One\n#. Two", "1 text-list"),
    ("(1) One\n(2) Two", "1 text-list"),
    ("| One\n| Two", "1 text-table"),
    ("##1. One", "1 text-heading"),
    ("Agreed [1]_ so", "1 text-rst-block"),
    ("Costs. ^costs", "1 text-other-markdown"),
    ("See doi.org/10.1038/a", "1 text-address"),
    ("![logo-1](logo-1.svg)", "1 image-alt-poor, 1 not_readable"),
    ("| a |\n| - |\n| [a](#no) |\n| [b](#no) |", "3 xref_missing, 4 xref_missing"),
    ("[One](vision.md)and[two](#no)", "1 text-glued, 1 text-glued, 1 xref_missing"),
    ("- One\n– Two", "2 text-list"),
    ("- One\n\n      :::{tip}\n      Two\n      :::", "3 text-indented"),
    ("[a b] (#no) and\n![c d] (e.png)", "1 text-link, 2 text-link"),
    ("[our d] [c]\n\n[c]: vision.md", "1 text-reference"),
    ("[cc] : https://numpy.org/", "1 text-reference"),
    ("[Our d][c]\n\n```sh\nd\n\n[c]: vision.md", "3 fence-unclosed"),
    ("\\[x\\] and [a] (vision.md)", "1 text-link"),
    ("One of many \\*a\\*, \\`b\\`", ""),
    ("So _One said", "1 text-emphasis"),
    ("Maker*in or Nutzer*in", "1 text-emphasis"),
    ("One\\\nand (two.\\\nMore (of these).", "2 text-unbalanced"),
    ("The __init__ file", "1 text-name"),
    ("“Numpy” or numpy#12", ""),
    ("a | b\n1 | 2", "1 text-table"),
    ("| a | b |\n| - |\n| 1 | 2 |", "2 text-table"),
    ("1. A\n\n```sh\na\n```\n\n1. B", "7 list-parted"),
    ("::{note}\nOne\n:::", "1 fence-short"),
    (":::{dropdown} One\nopen:\n\nTwo\n:::", "2 directive-option"),
    ("::::{grid} 2\n:::{grid-item}\nOne\n:::\n:::\n\nTwo", "1 fence-unclosed"),
    ("```{glossary}\nFee\nMoney.\n\nLab\n  A room.\n```", "3 glossary"),
    (":::{card}\n:class-body: a\n:class-card:b\n:class-title: c\n:::", "3 directive-option"),
    ("::::{tab-set}\n:::{tab-item} A\n```sh\na\n``\n:::\n::::", "3 fence-unclosed"),
    ("| a | b |\n| - | - |\n\n| 1 | 2 |", "4 text-table"),
    ("[Our vision)(vision.md]", "1 text-link"),
    ("See {ref}`our team <team` now", "1 ref"),
    ("By May 32, 2027, the top 50 March events", "1 date"),
    ("- One:\n  – two,\n  – three.", "2 text-list"),
    ("On 31 June and Monday, 18 December 2026", "1 date, 1 date"),
    ("[a](https://numpy.org/>)", "1 link-end"),
    ("See [more][c] of\n\n[c]: vision.md", "1 link-text-vague"),
    ("One<br>\n<b>Two</b><br>", "1 html, 2 html, 2 html"),
    ("## One!\n\nA.\n\n## One!\n\nB.", "1 MD026, 5 MD024, 5 MD026"),
    ("1. A\n\n   ```sh\na\n   ```\n\n2. [b](#no)", "4 fence-indent, 7 xref_missing"),
    (
        "- A\n\n  ```sh\n  a\n```\n\n- [b](#no)\n\n`c",
        "5 fence-indent, 7 xref_missing, 9 text-backtick",
    ),
    (
        "1. A\n\n   :::{note}\nThe the.\n   :::\n\n`c",
        "4 fence-indent, 4 text-repeated, 7 text-backtick",
    ),
    ("1. A\n\n   ```sh\n   a\n\n2. [b](#no)", "3 fence-unclosed, 6 xref_missing"),
    ("- A\n\n  ```yaml\n  b:\n    - c\n  ```\n\n- D\n\n```sh\ne\n```", ""),
    ("Term\n: ```sh\n  a\n  ```\n\n1) ```sh\n   b\n   ```", ""),
    ("Term\n: ```sh\n  a\n```\n\n`b", "4 fence-indent, 6 text-backtick"),
    (
        "```sh\na\n\nCome to https://numpy.org/ and [b](#no).\n\n```sh\nc\n```",
        "1 fence-unclosed, 4 xref_missing, 4 MD034",
    ),
    ("```sh\na\n``\n\nb http://numpy.org/ c", "1 fence-unclosed, 5 link-http"),
    ("```py\na\n\nb\n\n# C\n\n- d\n", "1 fence-unclosed"),
    (
        ":::{image} plan.png\n:alt: Two of us\n\nThe the.",
        "1 fence-unclosed, 1 not_readable, 4 text-repeated",
    ),
    (
        "1. A\n\n   ```sh\n   a\n\n2. b\n\n:::{tip}\n[c](#no)\n:::",
        "3 fence-unclosed, 9 xref_missing",
    ),
    (":::{card}: One\n:link: vision\n:link-type: doc\n:::", "1 fence-name"),
    (":::{figure}plan.png\n:alt: Two people\n:::", "1 fence-name, 1 not_readable"),
    (":::{image} plan.png\n:atl: Two people\n:::", "1 not_readable, 2 directive-option"),
    (":::{image} plan.png\n:alt: Two people\n\nOne", "1 fence-unclosed, 1 not_readable"),
    ("![A](..\\plan.png)", "1 not_readable"),
    ("```sh\n$ a\n$ b\n```", "2 code-prompt, 3 code-prompt"),
    ("```{glossary}\nDue\n  Money.\n\nDue\n  Cost.\n```", "5 term"),
    ("See [our plan][scpy].\n\n[scipy]: https://scipy.org/", "1 text-reference"),
    ("![Our team]", "1 text-reference"),
    ("**Our goals**\n\nMany.", "1 heading-bold"),
    ("**OR**\n\nMany.\n\n**Apply by 30 June**\n\n[One](vision.md)\n\n**Goals**", ""),
    ("&gt; One\n\n&lt;b&gt;Two", "1 text-angle, 3 text-angle"),
    ("\\*\\*One\\*\\*", "1 text-emphasis"),
    ("On 2027-02-30, 30.02.2027, 2027-02-28, in 3.13.2027 and 30.02.2027.1", "1 date, 1 date"),
    ("The Ã–sterreich office", "1 text-lost"),
    ("So they say.[1]\n\nIt grew[citation needed] much.", "1 text-footnote, 3 text-filler"),
    ("TODO for Ada: write. When is it, ???", "1 text-filler, 1 text-filler"),
    ("The TODO Group. What???", ""),
    ('[caption id="a"]One[/caption]', "1 text-template, 1 text-template"),
    ("Term\n:  \n\nMany.", "2 text-list"),
    ("```{glossary}\nPin\n: A thing.\n\nRod\n: Another.\n```", "3 text-list, 6 text-list"),
    ("One two\n---\n\nMany!", "1 heading-underlined"),
    (">>> import numpy\n>>> numpy.__version__", "1 quote-python, 2 quote-python"),
    ("One.[^y]\n\n---\n\n[^y]: Two.", "3 docutils"),
    (":::{figure} logo.svg\n:width: 9px\n:alt: photo\n:::", "3 image-alt-poor"),
    ("{download}`the page <vision.md>`", "1 link-file"),
    (":::{note}\nOne\n\n## Two\n\n:::{tip}\nThree\n:::", "1 fence-unclosed"),
    ("::{note}\nOne\n::\n\n`b", "1 fence-short, 5 text-backtick"),
    (
        ":::{tip} A\nOne.\n\n:::{note}\n\n## Two\n\n:::\n\n## Three!",
        "1 fence-unclosed, 6 heading-nested, 10 MD026",
    ),
    ("![A](logo.svg){width=50%}", "1 text-other-markdown"),
    (".. _Funding: vision", "1 text-rst-block"),
    ("It ends\\", "1 text-break"),
    ("One.[^z]\n\n[^z]: The note.\nThe last sentence.", "4 quote-end"),
    ("In Febuary we met.", "1 spelling"),  # codespell:ignore febuary
    (":::{figure} logo.svg\n:alt: Two people\n  in a room\n:::", "3 directive-option"),
    ("````{note}\nOne\n```\n\n`b", "1 fence-unclosed, 5 text-backtick"),
    (":::{figure} logo.svg\n:alt: Two people that stand\nin a room\n:::", "3 directive-option"),
    (":::{image} logo.svg\n:alt: Two people\n: width: 9px\n:::", "3 directive-option"),
    (":::{note} One\n:class: a\n\nTwo\n:::", "1 directive_parse"),
    ("1. A:\n\n       ```sh\n       b\n       ```", "3 text-indented"),
    ("Until 15.\\ May", "1 text-break"),
    ("Called [1].\n\n[1]: A book.", "3 text-footnote"),
    ("| a | b |\n| - | - |\n| 1 | 2 |\n| - | - |\nOne\nTwo", "4 text-table, 5 block-end"),
    ("| a | b |\n| - | - |\n| `c | d` | 2 |\n| 3 |", "3 text-table-bar, 4 MD056"),
    ("{{ date }} and $x^2$", "1 text-template, 1 text-formula"),
    ("[a](https://numpy.org/?q=%22good+one%22) and [b](https://numpy.org/%22)", "1 link-end"),
    ("[not yet](https://numpy.org/ now.", "1 text-link"),
    (":::{card} One\n:link: vision\n:link-type: docs\n:::", "3 directive_option"),
    ("One two\n===\n\nMany", "1 heading-underlined"),
    ("## **Our goals**\n\nMany.", ""),
    ("See <https://numpy.org|NumPy> and ask <@U12345>.", "1 link-host, 1 text-angle"),
    ("It grew 30 % ,or so.\n\nIn 2025 .", "1 text-comma, 3 text-comma"),
    ("We are ~many~ few, from ~/a to ~/b.", "1 text-other-markdown"),
    (
        "See Error! Reference source not found. [Untitled](vision.md)",
        "1 link-text-vague, 1 text-filler",
    ),
    (":::{image} plan.png\n\n:alt: Two people\n:::", "1 not_readable, 3 directive-option"),
    (
        ":::{figure} plan.png\n:alt Two people\n:align: middle\n:::",
        "1 not_readable, 2 directive-option, 3 directive_option",
    ),
    ("::::{grid} 2\n:::{grid-item-card} One\n:class-card: a\n:::\n::::", ""),
    ("1. A\n\n   ```sh\n   a\n  ``\n\n2. B", "3 fence-unclosed"),
    ("[a][ax] [b][ax]\n\n[ax]: vision.md\n[ax]: index.md", "4 duplicate_def"),
    (
        "Come to http://numpy.org/, https://bit.ly/3abcDEF?utm_source=a.",
        "1 link-http, 1 link-short, 1 link-tracking",
    ),
    ("Read [this paper](vision.md)", "1 link-text-vague"),
    (
        ":::{note}\nOne.\n\nOur goals\n---\n\nTwo.\n\n:::{tip}\nThree.\n:::",
        "1 fence-unclosed, 4 heading-underlined",
    ),
    (":::{card} One\nTwo\n^^^\nThree\n+++\nFour\n:::", "3 card-part, 5 card-part"),
    (
        "[a](vision.md#no) and [b](mission.md#no); {ref}`none`, {term}`none`",
        "1 xref_missing, 1 xref_missing, 1 ref, 1 term",
    ),
    (":::{image} logo.svg\n:alt:\n:align: middle\n:::", "1 image-alt, 3 docutils"),
    (":::{nonesuch} More\nThe the.\n:::", "1 directive, 2 text-repeated"),
    ("```{code-block} css\n:caption: A\n:root { --b: #1a5fb4; }\n```", "3 directive-option"),
    (":::{dropdown} One\n:open: false\n\nTwo\n:::", "2 directive-option"),
    (
        "## Two {#two-a}\n\n[a](#two)\n\n## Three {#x}\n\n[b](#x)",
        "1 heading-name, 5 heading-name, 7 xref_missing",
    ),
    ("# FAQ\n\n### Who\n\nWords.", "1 MD025"),
    ("1. One\n\n   :::{note}\n   Two\n   ::\n\n2. Three", "3 fence-unclosed"),
    ("1. One\n```sh\nnox\n```\n2. Two", "2 list-parted"),
    ("1\\. One\n\n2\\. Two", "1 text-list"),
    ("| a | b |\n| - | - |\n| `x|y` | c[^bar] |\n\n[^bar]: Words.", "3 text-table-bar"),
    ("| a | b |\n| - | - |\n| 1 | 2 |\n|  |  |\n| > 5 % | 3 |", "4 table-empty"),
    (
        ".. figure:: a.png\n   :alt: Words\n\n[1]_ and `a page <vision.md>`",
        "1 text-rst-block, 4 text-rst-block, 4 text-rst",
    ),
    ("=====  ===\nOne    Two\n=====  ===\n1      2\n=====  ===", "1 text-table"),
    ("- [x] New :tada:", "1 text-task, 1 text-emoji"),
    ("~~None of it~~ (and Ipsum)", "1 text-other-markdown"),
    ("```note\nWords.\n```", "1 fence-name"),
    ("[Code](../../addresses.py)", "1 xref_missing"),
    (
        ":::{grid} 2\n:::{grid-item}\n:::{card} One\nTwo\n:::\n:::\n:::\n\n#### Four\n\nThe the.",
        "1 fence-nested, 2 fence-nested, 9 header, 11 text-repeated",
    ),
    ("| | |\n| - | - |\n| 1 | 2 |", "1 table-empty"),
    ("## One { #one }\n\nSee [[1]](https://numpy.org/).", "1 heading-name, 3 link-text-vague"),
    (":::details One\nThe the.\n:::", "1 fence-name, 1 directive, 2 text-repeated"),
    ("    a\n    ```\n    b", "1 text-indented"),
    ("1:05 – One\n2:10 – Two\n\n> One?\n>> Two.\n> Three.", "1 text-lines, 6 quote-end"),
    ("One\n    Two is a meaning.\n\n*[AB]: Words", "1 text-lines, 4 text-other-markdown"),
    (
        "Mr. Tennant's *mutatis mutandis* as in a[i][j]; |x| + |y|",
        "",
    ),  # codespell:ignore
    ("1. One\n\n2 Two:\n\n3. Three\n\nIt:\n\n1. One\n2 Two\n3. Three", "3 text-list, 10 text-list"),
    ("(a-label)\n\nWords for &lt;div&gt;, if a<b, then b>a, « où ? ».", "1 text-label"),
    ("On the 1th, 2nd, 3nd, 11th and 112th.", "1 text-ordinal, 1 text-ordinal"),  # codespell:ignore
    ("> - One\n> - Two\n>\n> 1. Three", ""),
    ("See [FAQ](faq.md) , and\n**SVG** , say.", "1 text-comma, 1 xref_missing, 2 text-comma"),
    ("| a | b |\n| - | - | - |\n| 1 | 2 | 3 |\n| 1 | 2 | 3 |", "2 text-table"),
    ("# Two\n\n### Three\n\n### Four", "1 MD025"),
    ("+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+", "1 text-table"),
    ("<mailto:ana@numpy.org>", "1 link-text-vague"),
    ("One\nTwo\\\nThree\n\nFour\\\\\nFive", "1 text-lines, 5 text-break"),
    ("! [A star](logo.svg)", "1 text-link"),
    ("```sh\necho “a”\nlamp –version\n```", "2 code-quotes, 3 code-quotes"),
    ("``` {.python}\nx\n```", "1 directive"),
    ("```{glossary}\nA kettle\nWhat boils water.\n```", "2 glossary-empty"),
    (
        ":::::{dropdown} One\n::::{tab-set}\n:::{tab-item} Two\n| a | b |\n| - | - |\n| 1 | 2 |\n:::\n::::\n:::::",
        "",
    ),
    ("Find me at @bob@mastodon.social. La la la.", ""),
    (
        "On February 30, 31.4.1999, 4/31/1999, Tues., 3 Oct. 1994, 3 October 1994 (Tuesday).\n\n"
        "At 14:75, 10:75 a.m. or 13 p.m.; in May 35 people, 3 October 1994 (Monday), May 2027.",
        "1 date, 1 date, 1 date, 1 date, 1 date, 3 date, 3 date, 3 date",
    ),
    ("% allow proofread.link-htp: a name\nWords.", "1 exception"),
    ("It rose by 5\n% in a year, or\n> 10 % of it.", "2 text-line-start, 3 quote-number"),
    (
        "It fell from 3 to\n- 5 °C at night.\n\nWe list\n- one\n\nz. B. Dr. Müller, Ａ４ の 本",
        "2 text-line-start",
    ),
    ("A part,\n% of the sum, is for it.\n\n% A comment\nWords.", "2 text-line-start"),
    ("A term\n: | a | b |\n  | - | - |\n  | 1 | 2 |", ""),
    ("\\`\\`\\`text\nWords\n\\`\\`\\`\n\n++Ctrl+R++", "1 text-backtick, 5 text-other-markdown"),
    ("(who-is)\n## Who is it?\n\nSee [whom](#who-is), [a](b.csv)", "1 text-label, 4 xref_missing"),
    ("See [what it is for](vision.md) for more, or [the the](vision.md).", "1 text-repeated"),
    ("- See [this vision](vision.md)\n.", "1 text-comma"),
    ("A|B|C\n---|---\na|b|c\n\nA|B|C\n---|---|---\na||c|\na|b", "2 text-table, 8 MD056"),
    ("Write to info@nunpy.org or bob@numpy.org.", "1 mail-domain, 1 MD034"),
    ("**Our plan**\n\n    It is here.", "1 heading-bold, 3 text-indented"),
    ("•\tOne\n•\tLorem ipsum\n\na.\tOne\nb.\tTwo", "1 text-list, 2 text-filler, 4 text-list"),
    ("Within two days[AB1] of it.\n\nHow we start ........ 3", "1 text-filler, 3 text-filler"),
    ("The sets {1} and {1, 2}; [the words]{.underline}", "1 text-other-markdown"),
    (
        ":::{figure} logo.svg\n:alt: A star\n:caption: It shines\n:aligns: left\n:::",
        "3 directive-option, 4 directive-option",
    ),  # codespell:ignore
    ("- **M**any\n- File » Save\n- ...", "3 text-filler"),
    ("**Q: Why?**\n**A:** So.\n\nShe gave her her book with the set {a}.", "1 text-lines"),
    ("— Is it?\\\n— It is.", ""),
    ("In {*x* : *x* > 0}.\n\n## By Smith et al.", ""),
    # codespell:ignore
    ("In Swedish ”one”.\n\n**Emacs or –**\n\nWords.\n\n## #Hashtag\n\nWords.", ""),
    ("Choose *One**, and go.", "1 text-emphasis"),
    (
        "| a | b |\n| - | - | - |\n| 1 | two **w ** |\n\n- One\n-A **yet ** is.",
        "2 text-table, 3 text-emphasis, 6 text-emphasis, 6 text-list",
    ),
    (":::{card} One\n:alt: Two\n:img-top: logo.svg\n:::", "2 directive-option"),
    (
        "::::{grid}\n:::{grid-item card} One\n:img-top: logo.svg\n:img-alt: A star\n:::\n::::",
        "2 fence-name",
    ),
    (
        '!!! warning "Fire rules"\n    Ask them.\n\n{/* ask Ana */}',
        "1 text-other-markdown, 4 text-other-markdown",
    ),
    (
        "Europe and Africa: Monday\nAsia: Tuesday\nAmerica: never\n\n☐ One\n☐ Two",
        "1 text-lines, 5 text-lines",
    ),
    (
        "So that nobody is shy[1], says so.^1^\n\nThe name ´a.md´ is it.",
        "1 text-footnote, 1 text-formula, 3 text-backtick",
    ),
    ("2021. Ana\n2022. Bo\n2023. Cy", ""),
    (
        "::::{grid}\n:::{grid-item-card} One\nTwo\n:::{grid-item-card} Three\nFour\n:::\n::::",
        "2 fence-unclosed",
    ),
    ("```sh\npush my–change\ncheck A=—fix\n```", "2 code-quotes, 3 code-quotes"),
    (
        "1.Money\n2.Time\n\n#. One\n#. Two\n\n- [] Not done: $a$",
        "1 text-list, 4 text-list, 7 text-formula, 7 text-task",
    ),
    (
        '<a name="rights-a"></a>\n\n## Your rights\n\nSee [them](#rights-a), and it:<ana@numpy.org>.',
        "1 html, 5 text-glued",
    ),
    (":::{card} One\n:class-card : a\n\nTwo\n:::", "2 directive-option"),
    ("| One | Two |\n\n| --- | --- |", "1 text-table"),
    (
        ":::{figure} logo.svg\n:width: 9px\n\n:alt: A star\n:align: left\n\nWords.\n:::",
        "4 directive-option, 5 directive-option",
    ),
    (
        ":::{card} One\n:link: https://numpy.org/\n\nSee [here](vision.md).\n:::",
        "4 link-text-vague, 4 link-card",
    ),
    (
        "```{glossary}\nfork-x\n  A copy of it.\n\npull-x\n  A request.\n```\n\n```{glossary}\nmerge-x\n  To take it.\nmentor-x\n  To help.\n```",
        "12 glossary",
    ),
    ("- One\n- Two\n\n```{glossary}\nwheel-x\n  A package.\n```", ""),
    ("See [the server](http://lists.example.com/alumni).", "1 link-example, 1 link-http"),
    ("By '97 we met 'em.", "1 text-quotation-mark, 1 text-quotation-mark"),
    ('- "One", by me\n- „Zwei?“ is it\n- "Three", by me', ""),
    ("**One:** a\n**Two:** b\n**Three:** c", "1 text-lines"),
    ("One:\n![A star](logo.svg)\n\n![A star](logo.svg)\nWords.", "4 text-lines"),
    ("- **One**\n  Words.\n- **Two**\n  Words.", ""),
    ("*One of **two** things\n\nSome *one of two things", "1 text-list, 3 text-emphasis"),
    ("- [[link to a form]](vision.md)\n- Fix [docs] ([#12](vision.md))", ""),
    ("[docs] (vision.md) by the $PROJECT project", "1 text-link"),
    ("See [numpy.org](https://github.com/numpy/numpy.org).", ""),
    ('We call it “the model." And so on.', ""),
    ("The TODO Group is here. TODO has members.", ""),
    ('The requestors of nd arrays: קטן ע"י אחד.', ""),  # codespell:ignore
    ("See <https://pydata.org/x?tags=news,posts> now.", ""),
    (
        "An *odd * word, a **second ** and **third ** one.",
        "1 text-emphasis, 1 text-emphasis, 1 text-emphasis",
    ),
    ("It won (and won. Then it left (and left. So what?", "1 text-unbalanced, 1 text-unbalanced"),
    (
        "[here](https://numpy.org/) or [here](https://scipy.org/)",
        "1 link-text-vague, 1 link-text-vague",
    ),
    (
        "| a | b |\n| - | - |\n| 2 | 3 | 4 |\n| `a | b` | 5 |",
        "3 MD056, 4 text-table-bar",
    ),
    ("- [x] [Mission] is read\n\n[Mission]: mission.md", "1 text-task"),
    ("The Steering Commitee is a Steering Committee.", "1 spelling"),  # codespell:ignore
    ("We met Baidu, Didi, and DiDi.", ""),  # codespell:ignore
    ("We couldn't suport it witout.", "1 spelling, 1 spelling"),  # codespell:ignore
    ("A fork of [thorin](https://github.com/a/thorin).", ""),
    ("A [name] that fills\n[name of a thing]: here\n\n[name of a thing]: vision.md", ""),
    ("1. One, write to the\n   old address:\\\n   <https://numpy.org/>", ""),
    ("> We waited, as two were ill.\n> Nobody was angry.\\\n> Ada Lovelace", ""),
    ("Our house\\\nThe street 1\nLondon", "2 text-lines"),
    ("He wrote: “A quotation of two has no\nsign at its end.\n\n“This has.”", ""),
    ("![favicon.svg](../_static/favicon.svg)", "1 image-alt-poor, 1 not_readable"),
    ("One of them,[^our-n] and\n\n[^our-m]: The note.", "1 docutils"),
    ("- Read it twice:\n - words\n - sense\n- Ask us", "2 list-inward, 3 list-inward"),
    ("1. Check it.\n 2. Go.\n3. Stay.", ""),
    ("- One\n - Two\n\n* Three:\n  * Four", ""),
    (
        "It has it's own plan. You dont know, and could of asked on friday.",
        "1 text-slip, 1 text-slip, 1 text-slip, 1 text-capital",
    ),
    ("It's our own; we could, of course; its aim; this, are we?", ""),
    ("1. Check it.\n  1. If not, go.\n  2. If so, stay.\n2. Three", "2 list-inward, 3 list-inward"),
    (
        "It is a Open thing, an resolve, an list; a European, an MVP, a One, an rpm, e.g one.",
        "1 text-comma, 1 text-article, 1 text-article, 1 text-article",
    ),
    ("```{list-table}\n* - See [here](vision.md)\n  - Two\n```", "1 directive, 2 link-text-vague"),
    ('- He said: "Resolved, that\n\n  1. one; and\n  2. two."\n- Three', ""),
    (
        "A unanimous vote of a utility: faster then, as it must of necessity be. Its not infinite size.",
        "",
    ),
    (
        "An user has an list ( of one ) at us@scipy,org.",
        "1 text-comma, 1 text-sign, 1 text-article, 1 text-article",
    ),
    (
        "It is better then a plan in Lagos,Nairobi and their are more.",
        "1 text-comma, 1 text-slip, 1 text-slip",
    ),
    ("Our 20 attendess met.", "1 spelling"),  # codespell:ignore
    ("It is at https://github.com/a/b/pull/{PR_NUMBER}.", "1 link-example"),
    ("[Our plan](https://github.com/a/b/pull/{PR_NUMBER})", "1 link-example"),
    (
        "It is a idea, an plan, a hourly rate and a open-source thing, e.g, one.",
        "1 text-comma, 1 text-article, 1 text-article, 1 text-article, 1 text-article",
    ),
    ("It is a user, a one-time thing, a European, an hour, an MVP, plan a is it.", ""),
    ("Vamos a entender que no tenemos a otro.", ""),
    ("**Step 2: Review Process**\n\nWe review.", "1 heading-bold"),
    ("A [space ](vision.md) inside.", "1 MD039"),
    (
        "- [ ] One ^one\n\nTwo\n\n## Three\n======",
        "1 text-task, 1 text-other-markdown, 6 text-other-markdown",
    ),
]


@pytest.fixture(scope="module")
def placed(proofread: Build) -> list[str]:
    """Return what is reported about a site with a page for each text."""
    pages = {f"{n}-plan.md": f"{PAGE.format(n, n)}\n{text}\n" for n, (text, _) in enumerate(PLACES)}
    return proofread(pages, 'extensions.append("sphinx_design")\n')


@pytest.mark.parametrize(
    ("number", "said"),
    [(n, said) for n, (_, said) in enumerate(PLACES)],
    ids=[text for text, _ in PLACES],
)
def test_a_mistake_is_reported_at_its_line(placed: list[str], number: int, said: str) -> None:
    """What stands in a directive that fails is read too, and nothing follows from a mistake."""
    found = [line for line in placed if f"/{number}-plan.md:" in line]
    each = [re.findall(r"plan\.md:(\d+): .*\[(?:[\w-]+\.)?([\w-]+)\]$", line)[0] for line in found]
    shown = [f"{int(line) - PAGE.count(chr(10)) - 1} {rule}" for line, rule in each]
    assert ", ".join(shown) == said, found


def test_a_mistake_hides_nothing_below_it(proofread: Build) -> None:
    """What the rules, MyST and rumdl find below a mistake is found at once, and at its line."""
    below = "\n\nWords between.\n\nThe the [a](#nowhere), `b and https://numpy.org/.\n"
    texts = [PAGE.format(n, n) + f"\n{text}{below}" for n, (text, _) in enumerate(PLACES)]
    said = proofread(
        {f"{n}-plan.md": text for n, text in enumerate(texts)},
        'extensions.append("sphinx_design")\n',
    )
    for number, text in enumerate(texts):
        place = f"docs/about/{number}-plan.md:{text.count(chr(10))}: "
        found = {line.rpartition("[")[2] for line in said if line.startswith(place)}
        wanted = {f"proofread.{rule}]" for rule in ("text-repeated", "text-backtick", "MD034")}
        missing = {*wanted, "myst.xref_missing]"} - found
        assert not missing, f"{PLACES[number][0]!r} hides {missing}"


def test_a_page_may_be_part_of_another(proofread: Build) -> None:
    """A label belongs to the page with its words, and what is wrong there is named there alone."""
    part = '```{include} plan.md\n:start-after: "# Plan"\n```\n'
    text = PAGE.format("plan", "Plan") + "\n(our-goals)=\n\n## Goals\n\n{}\n"
    files = {"whole.md": f"{PAGE.format('whole', 'Whole')}\n{part}\n[a](plan.md#our-goals)\n"}
    assert proofread({**files, "plan.md": text.format("Words.")}) == []
    said = proofread({**files, "plan.md": text.format("{nice}`words`, [b](no.md), *One")})
    assert [line.partition(": ")[0] for line in said] == ["docs/about/plan.md:15"] * 3, said
    part = "```sh\na\n\nWords of it.\n\n{nice}`words`\n\n```{mermaid}\nb\n```\n"
    include = "```{include} _part.md\n```\n"
    files = {"whole.md": f"{PAGE.format('whole', 'Whole')}\n{include}", "_part.md": part}
    said = proofread(files, 'exclude_patterns = ["**/_*"]\n')
    assert [line.partition(": ")[0] for line in said] == [
        "docs/about/_part.md:1",
        "docs/about/_part.md:6",
        "docs/about/_part.md:8",
    ], said


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (
            "myst:\n  html_meta:\n    Description: Our plan: all of it.\n  keywords: a\n"
            "date:2026-03-31\nreviewed: 31.3.2026",
            [4, 4, 5, 6, 7],
        ),
        (
            "myst:\n  html_meta:\n    description:\nlang: english",
            [1, 4, 5],
        ),
        (
            "lang: deutsch\nmyst:\n  html_meta: Our plan, all of it.\nreviewed: 2026-13-01",
            [2, 4, 5],
        ),
        ("myst:\n  html_meta:\n    - a: b\n    - a\nreviewed 2026-11-01\nlang: english", [6, 7]),
        (
            "myst:\n  html_meta:\n    description: What: our plan, all of it.\n"
            "    keywords: [a, b\nreviewed: 2026-11-01",
            [4, 5],
        ),
        (
            "myst:\n  html_meta:\n    description: Our plan, all of it.\n      keywords: a\n"
            "\tauthor: me\nreviewed 2026-11-01",
            [5, 6, 7],
        ),
    ],
)
def test_mistakes_in_front_matter_are_named_at_once(
    proofread: Build, head: str, lines: list[int]
) -> None:
    """What YAML can't read hides nothing below it."""
    conf = 'extensions.append("sphinx_site_metadata")\nproofread_reviewed = "about/plan"\n'
    said = proofread({"plan.md": f"---\n{head}\n---\n\n# Plan\n\nWords.\n"}, conf)
    found = [int(re.findall(r"plan\.md:(\d+): ", line)[0]) for line in said if "plan.md" in line]
    assert found == lines, said


def test_a_page_is_read_whatever_its_front_matter_lacks(proofread: Build) -> None:
    """A description without words, or a first line with two hyphens, hides no other page."""
    head = "myst:\n  html_meta:\n    description: {}\nreviewed: 2026-11-01\n---\n\n# Plan {}\n\nThe the.\n"
    heads = {"none.md": ("---\n", "", 1), "empty.md": ("---\n", '""', 2)}
    heads["hyphens.md"] = ("--\n", "What this page says, in one sentence.", 3)
    pages = {name: first + head.format(*more) for name, (first, *more) in heads.items()}
    said = sorted(re.sub(r".*/(.+?): .*\[(.+)\]$", r"\1 \2", line) for line in proofread(pages))
    assert said == [
        "empty.md:10 proofread.text-repeated",
        "empty.md:4 proofread.description",
        "hyphens.md:1 proofread.front-matter-place",
        "hyphens.md:10 proofread.text-repeated",
        "none.md:10 proofread.text-repeated",
        "none.md:4 proofread.description",
    ], said


def test_an_entry_of_a_toctree_nearly_names_a_page(proofread: Build) -> None:
    """The page that a misspelled entry means isn't called left out of the toctree."""
    plan, toctree = PAGE.format("plan", "Plan"), "# About\n\n```{{toctree}}\n{}\n```\n"
    for entry in ("- plan", "Our plan <plan", "about/plan", "plane"):
        entries = toctree.format(entry + "\nmission\nvision\ncontact")
        text = HEAD.format("about") + entries
        said = proofread({"plan.md": plan, "about/index.md": text})
        assert [line for line in said if "not_included" in line] == [], said
        assert any("Did you mean `plan`?" in line for line in said), said


def test_what_a_link_nearly_names(proofread: Build) -> None:
    """A link to a page or a heading whose name is misspelled comes with the right one."""
    text = "(our-aims)=\n\n## Our goals\n\n[a](#our-golas), [b](vison.md), [c](vision.md#visoin), "
    text += "[d](#none), [e](#our_aims).\n"
    files = {"plan.md": f"{PAGE.format('plan', 'Plan')}\n{text}"}
    said = proofread(files, "myst_heading_anchors = 2\n")
    near = [re.findall("Did you mean `(.*?)`", line) for line in said]
    assert near == [["#our-goals"], ["vision.md"], ["#vision"], [], ["#our-aims"]], said


def test_what_other_words_nearly_name(proofread: Build) -> None:
    """A file, a term, a label, an option and a reference that are misspelled come with the right one."""
    text = "(our-aims)=\n\n## Goals\n\n![Two of us](img/lgoo.svg)\n\n{term}`Felow`\n\n{ref}`our-aism`\n\n"
    text += "[Us][scpy]\n\n:::{note}\n:clas: a\n\nTwo\n:::\n\n"
    text += "{doc}`visoin`\n\n```{glossary}\nFellow\n  One who works.\n```\n\n[scipy]: https://scipy.org/\n"
    said = proofread({"plan.md": f"{PAGE.format('plan', 'Plan')}\n{text}"})
    near = [re.findall("(?i)did you mean `(.*?)`", line) for line in said]
    wanted = [["logo.svg"], ["Fellow"], ["our-aims"], ["[scipy]"], [":class:"], ["vision"]]
    assert near == wanted, said


def test_a_heading_of_the_wrong_level_takes_those_below_along(proofread: Build) -> None:
    """One message says what to write for each heading, so that the next run finds none."""
    words = "\n\nWords.\n\n"
    heads = ("### Plan", "### One", "#### Two", "```\n#### no\n```", "### Three", "##### Four")
    text = HEAD.format("plan") + words.join(heads) + words
    titled = text.replace("### Plan", "# Our plan").replace("One", "Five")
    said = proofread({"plan.md": text, "part.md": titled})
    found = [re.findall(r"(\w+\.md:\d+): .*?(?: Then (.*))? \[myst", line) for line in said]
    assert [each[0] for each in found if each] == [
        ("part.md:11", "write `###` on line 15."),
        ("part.md:25", ""),
        ("part.md:29", ""),
        ("plan.md:7", "write `##` on line 11, 25; `###` on line 15."),
        ("plan.md:29", ""),
    ], said


def test_a_name_may_begin_as_another(proofread: Build) -> None:
    """The longer of two names is written right too."""
    names = 'proofread_names = ["Jupyter", "Jupyter Book"]\n'
    text = "Jupyter and Jupyter Book; Jupyter book and jupyter.\n"
    said = proofread({"plan.md": f"{PAGE.format('plan', 'Plan')}\n{text}"}, names)
    assert [re.findall('"(.+?)"', line)[0] for line in said] == ["Jupyter book", "jupyter"], said


def test_a_new_page_is_what_an_entry_without_page_means(proofread: Build) -> None:
    """A page that was renamed, but not in its toctree, is one mistake."""
    toctree = "# About\n\n```{toctree}\nplan\nmission\nvision\ncontact\n```\n"
    files = {"about/index.md": HEAD.format("about") + toctree}
    said = proofread(files | {"sponsors.md": PAGE.format("sponsors", "Sponsors")})
    said = [line for line in said if "toc." in line]
    assert [re.findall("Did you mean `(.+?)`", line) for line in said] == [["sponsors"]], said


def test_a_habit_is_one_message(proofread: Build) -> None:
    """What is wrong all over a page is reported once, with a count and the next lines."""
    (line,) = proofread({"plan.md": PAGE.format("plan", "Plan") + "\nSo $x_1$ is.\n" * 30})
    assert line.startswith("docs/about/plan.md:11: ")
    assert "And 29 more on this page: lines 13, 15, " in line
    many = "".join(f"\n[a{n}](no-{n}.md)\n" for n in range(12))
    said = proofread({"plan.md": PAGE.format("plan", "Plan") + many})
    assert len(said) == 12, f"a dead link is its own mistake: {said}"


def test_a_page_in_another_language(proofread: Build) -> None:
    """What holds for English alone is not asked of a page in another language."""
    page = PAGE.replace("\n---\n\n#", "\nlang: {}\n---\n\n#")
    right = "\nWir und die die hier sind, am Montag, den 26. April 2027.\n"
    german, french = page.format("wir", "de", "Wir"), page.format("nous", "fr", "Nous")
    assert proofread({"wir.md": german + right, "nous.md": f"{french}\nC'est là : oui !\n"}) == []
    wrong = "\nMehr [hier](vision.md) , und so : am 31. April ; Montag, den 30. April 2027.\n"
    said = proofread({"wir.md": german + wrong})
    rules = {line.rpartition("[")[2].removeprefix("proofread.").rstrip("]") for line in said}
    assert rules == {"date", "link-text-vague", "text-comma", "text-sign"}, said


ORIGINAL = "Vision\n------\n\nWe *maintain* what many need - for all.\n\n- Grants pay for it.\n"
PROMISES = """
myst_heading_anchors = 2
proofread_originals = {"../original.rst": "about/vision"}
proofread_published = "../addresses.txt"
proofread_reviewed = "about/vision"
proofread_folders = ["."]
"""


@pytest.mark.parametrize(
    ("page", "addresses", "said"),
    [
        (
            "We **maintain** what many need – for all.\n\nGrants pay for it.",
            "/about/vision/#vision",
            "",
        ),
        (
            "We maintain what few need – for all.\n\nGrants pay for it.",
            "",
            'vision.md:10: .*"many → few"',
        ),
        ("We maintain what many need – for all.", "", 'vision.md:10: .*"Grants pay for it"'),
        ("", "/about/past/", r'conf.py:\d+: .*`redirects\["about/past"\] = "\.\./\w+/"`'),
        ("", "/about/0123456789/", r'conf.py:\d+: .*`redirects\["about/0123456789"\] = "\.\./"`'),
        ("", "/about/vision/#the-past", 'vision.md:1: .*"#the-past"'),
        ("", "/about/vision/#our-vision", 'vision.md:8: .*"#our-vision"'),
    ],
)
def test_promises_are_kept(proofread: Build, page: str, addresses: str, said: str) -> None:
    """Words of an original, addresses and dates of review are part of the build."""
    head = HEAD.format("vision").replace("\n---\n\n", "\nreviewed: 2026-03-31\n---\n\n")
    text = page or "We maintain what many need - for all.\n\nGrants pay for it."
    files = {
        "about/vision.md": f"{head}# Vision\n\n{text}\n",
        "../original.rst": ORIGINAL,
        "../addresses.txt": f"/\n{addresses}\n",
    }
    found = [line for line in proofread(files, PROMISES) if "file-unused" not in line]
    assert len(found) == bool(said) and all(re.search(said, line) for line in found), found


def test_a_redirect_of_a_misspelled_name_is_the_one_to_correct(proofread: Build) -> None:
    """The address that it was for is named at its line."""
    conf = 'extensions.append("sphinx_reredirects")\nproofread_published = "../addresses.txt"\n'
    conf += 'redirects = {}\nredirects["about/histories"] = "../vision/"\n'
    (said,) = proofread({"../addresses.txt": "/\n/about/history/\n"}, conf)
    assert said.startswith("docs/conf.py:12: ") and 'redirects["about/history"]' in said, said


@pytest.mark.parametrize(
    ("comment", "address", "rule"),
    [
        ("% allow proofread.link-http: it has no encryption", "http://numpy.org/", None),
        ("% allow link-http: it has no encryption", "http://numpy.org/", None),
        ("% allow proofread.link-http", "http://numpy.org/", "link-http"),
        ("% allow proofread.link-http: no reason", "https://numpy.org/", "exception"),
    ],
)
def test_an_exception_needs_a_reason_and_a_mistake(
    proofread: Build, comment: str, address: str, rule: str | None
) -> None:
    """An exception with a reason holds for its block; one that nothing needs is reported."""
    text = PAGE.format("plan", "Plan") + f"\n{comment}\n[NumPy]({address}).\n"
    said = "\n".join(proofread({"plan.md": text}))
    rules = re.findall(r"\[proofread\.([\w-]+)\]", said)
    assert rule in rules if rule else not rules, said


def test_an_exception_holds_for_its_block_alone(proofread: Build) -> None:
    """The next block is checked again."""
    allowed = "% allow proofread.link-http: it has no encryption\n[One](http://numpy.org/)."
    text = PAGE.format("plan", "Plan") + f"\n{allowed}\n\n[Two](http://scipy.org/).\n"
    (line,) = proofread({"plan.md": text})
    assert "scipy.org" in line
