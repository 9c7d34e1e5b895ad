"""Explain the rules on the command line: `python -m sphinx_proofread link-http`."""

import argparse
import difflib
import importlib
import textwrap

from . import PARTS
from .rule import RULES, Rule


def main(arguments: list[str] | None = None) -> int:
    """Explain one rule, or list all.

    Args:
        arguments: what follows the command, or nothing for what the shell has given.

    Returns:
        The exit status, 0; the command ends with 2 where no rule has the given name.
    """
    parser = argparse.ArgumentParser(prog="python -m sphinx_proofread", description=__doc__)
    parser.add_argument("rule", nargs="?", help="the name in brackets at the end of a message")
    parser.add_argument("--markdown", action="store_true", help="print a table of all rules")
    given = parser.parse_args(arguments)
    for part in PARTS:
        importlib.import_module(f".{part}", __package__)
    if given.markdown:
        print(_table())
    elif given.rule is None:
        print("\n".join(f"{name:24}{rule.says}" for name, rule in sorted(RULES.items())))
    else:
        name = given.rule.strip("[]").removeprefix("proofread.")
        if name not in RULES:
            near = " or ".join(difflib.get_close_matches(name, RULES))
            hint = f"did you mean {near}?" if near else "only names after `proofread.` are rules"
            parser.error(f'there is no rule "{name}"; {hint}')
        print(_explain(RULES[name]))
    return 0


def _explain(rule: Rule) -> str:
    """Return all that there is to know about a rule."""
    said = f"{rule.name}: {rule.says}\n\n{rule.instead}\n\nWhy: {rule.why}"
    examples = {"Wrong": rule.wrong, "Right": rule.right} if rule.wrong else {}
    for title, example in examples.items():
        said += f"\n\n{title}:\n\n{textwrap.indent(example, '    ')}"
    return said


def _table() -> str:
    """Return all rules as a page in Markdown."""
    lines = ["# Rules", "", "Written by `python -m sphinx_proofread --markdown`.", ""]
    lines += ["| Rule | What is wrong | What to write instead |", "| --- | --- | --- |"]
    for name, rule in sorted(RULES.items()):
        cells = (f"`{name}`", rule.says, rule.instead)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
