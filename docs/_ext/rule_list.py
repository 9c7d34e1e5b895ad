"""Write the rules on the page that lists them, so that the page cannot fall behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from about_rules import RULES, Rule
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

LANGUAGES = {"page": "markdown", "whole page": "markdown", "conf.py": "python", "file": "text"}


class RuleList(SphinxDirective):
    """`{rules} link mail`: what the rules want whose names start so, with examples."""

    required_arguments: ClassVar[int] = 1
    final_argument_whitespace: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        """Return the rules as a list of terms and their explanations.

        Returns:
            One node.

        Raises:
            DirectiveError: no rule has such a name.
        """
        starts = tuple(self.arguments[0].split())
        rules = [rule for rule in RULES.values() if rule.name.startswith(starts)]
        if not rules:
            raise self.error(f'no rule has a name that starts with: "{self.arguments[0]}"')
        return [nodes.definition_list("", *(self.item(rule) for rule in rules), classes=["rules"])]

    def item(self, rule: Rule) -> nodes.definition_list_item:
        """Return what explains one rule.

        Args:
            rule: the rule.

        Returns:
            Its name, which links can name as `#rule-NAME`, what it says, and two examples.
        """
        name = nodes.literal("", f"about.{rule.name}")
        term = nodes.term("", "", name, ids=[f"rule-{rule.name}".lower()])
        said = f"{rule.says[:1].upper()}{rule.says[1:]}." if rule.says else ""
        parts = f"{said} {rule.instead} {rule.why}".strip().split("`")
        words = [nodes.literal("", p) if n % 2 else nodes.Text(p) for n, p in enumerate(parts)]
        texts: list[nodes.Node] = [nodes.paragraph("", "", *words)]
        for label, example in (("Wrong:", rule.wrong), ("Right:", rule.right)):
            block = nodes.literal_block(example, example, language=LANGUAGES[rule.kind])
            block["classes"].append("no-copybutton")  # nobody wants to copy what is wrong
            texts += [nodes.paragraph("", label), block]
        item = nodes.definition_list_item("", term, nodes.definition("", *texts))
        self.set_source_info(item)
        return item


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_directive("rules", RuleList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
