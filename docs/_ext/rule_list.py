"""Write the rules on the pages that explain and list them, so that no page can fall behind.

A rule is an object of Sphinx's standard domain: the search leads to it by its name, and the
build fails if a name in a list leads to no explanation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sphinx_proofread.rule import RULES, Rule
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

LANGUAGES = {"page": "markdown", "whole page": "markdown", "conf.py": "python", "file": "text"}


class RuleDirective(SphinxDirective):
    """What has the starts of names, such as `link mail`, as its argument."""

    required_arguments: ClassVar[int] = 1
    final_argument_whitespace: ClassVar[bool] = True

    def rules(self) -> list[Rule]:
        """Return the rules whose names start so.

        Returns:
            The rules, in the order of their modules.

        Raises:
            DirectiveError: no rule has such a name.
        """
        starts = tuple(self.arguments[0].split())
        rules = [rule for rule in RULES.values() if rule.name.startswith(starts)]
        if not rules:
            raise self.error(f'no rule has a name that starts with: "{self.arguments[0]}"')
        return rules


class RuleList(RuleDirective):
    """`{rules} link mail`: what these rules want, with examples."""

    def run(self) -> list[nodes.Node]:
        """Return the rules as a list of terms and their explanations.

        Returns:
            What the search finds each by, and the list.
        """
        rules = self.rules()
        items = (self.item(rule) for rule in rules)
        # As a message ends, so that the whole of it or its name leads there before all else.
        names = [("single", f"[{shown(rule)}]", anchor(rule), "main", None) for rule in rules]
        index = addnodes.index(entries=names)
        return [index, nodes.definition_list("", *items, classes=["rules"])]

    def item(self, rule: Rule) -> nodes.definition_list_item:
        """Return what explains one rule.

        Args:
            rule: the rule.

        Returns:
            Its name, which links can name as `#rule-NAME`, what it says, and two examples.
        """
        term = nodes.term("", "", nodes.literal("", shown(rule)), ids=[anchor(rule)])
        self.set_source_info(term)
        self.env.domains.standard_domain.note_object("rule", shown(rule), anchor(rule), term)
        words = f"{sentence(rule.says)} {rule.instead} {rule.why}"
        texts: list[nodes.Node] = [nodes.paragraph("", "", *with_code(words))]
        for label, example in (("Wrong:", rule.wrong), ("Right:", rule.right)):
            block = nodes.literal_block(example, example, language=LANGUAGES[rule.kind])
            block["classes"].append("no-copybutton")  # nobody wants to copy what is wrong
            texts += [nodes.paragraph("", label), block]
        item = nodes.definition_list_item("", term, nodes.definition("", *texts))
        self.set_source_info(item)
        return item


class RuleNames(RuleDirective):
    """`{rule-names} link mail`: the names of these rules, which lead to what they want."""

    def run(self) -> list[nodes.Node]:
        """Return the rules as a list of links.

        Returns:
            One node.
        """
        items = (self.item(rule) for rule in self.rules())
        return [nodes.bullet_list("", *items, classes=["rule-names"])]

    def item(self, rule: Rule) -> nodes.list_item:
        """Return the entry of one rule.

        Args:
            rule: the rule.

        Returns:
            Its name, which leads to what explains it, and what it says. It has the address
            `#rule-NAME` too, because all rules once stood on the page that lists them.
        """
        link = addnodes.pending_xref(
            "",
            nodes.Text(shown(rule)),  # as code, a hundred of them would weigh a tenth of the page
            refdomain="std",
            reftype="rule",
            reftarget=shown(rule),
            refdoc=self.env.docname,
            refwarn=True,
        )
        self.set_source_info(link)
        words = (link, nodes.Text(" "), *with_code(rule.says))
        return nodes.list_item("", addnodes.compact_paragraph("", "", *words), ids=[anchor(rule)])


def shown(rule: Rule) -> str:
    """Return the name of a rule as a message shows it.

    Args:
        rule: the rule.

    Returns:
        The name, as "proofread.link-host".
    """
    return f"proofread.{rule.name}"


def anchor(rule: Rule) -> str:
    """Return what an address that leads to a rule ends in.

    Args:
        rule: the rule.

    Returns:
        The name of the anchor, as "rule-link-host".
    """
    return f"rule-{rule.name}".lower()


def sentence(words: str) -> str:
    """Return words as a sentence.

    Args:
        words: the words.

    Returns:
        The same, with a capital and a full stop.
    """
    return f"{words[:1].upper()}{words[1:]}."


def with_code(words: str) -> list[nodes.Node]:
    """Return text whose code is marked as such.

    Args:
        words: the text, with its code between backticks.

    Returns:
        Its nodes.
    """
    parts = words.split("`")
    return [nodes.literal("", p) if n % 2 else nodes.Text(p) for n, p in enumerate(parts)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, and make a rule something that the search and links find by its name.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_object_type("rule", "rule", objname="rule")
    app.add_directive("rules", RuleList)
    app.add_directive("rule-names", RuleNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
