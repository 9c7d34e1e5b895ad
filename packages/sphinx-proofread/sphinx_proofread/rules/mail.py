"""Check each mail address: a reader who writes to a wrong one gets no answer.

conf.py lists the domains that addresses may have.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from docutils import nodes
from email_validator import EmailNotValidError, validate_email
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, place_of

# fmt: off
SYNTAX = Rule("mail-syntax", "a mail link without a mail address",
    "Write `<name@example.org>`.",
    "The reader's message would go nowhere.",
    "Write to [Ana](mailto:ana.numpy.org).", "Write to <ana@numpy.org>.")
DOMAIN = Rule("mail-domain", "a mail address with an unknown domain",
    "Check how it is spelled. If it is right, add the domain to `proofread_mail_domains` in conf.py.",
    "The reader's message would go nowhere, or to someone else.",
    "Write to <ana@nunpy.org>.", "Write to <ana@numpy.org>.")
DIFFERS = Rule("mail-differs", "a link that shows one mail address and writes to another",
    "Write the address once, as `<name@example.org>`.",
    "Readers copy what they see, so one of the two is wrong.",
    "Write to [ana@numpy.org](mailto:anna@numpy.org).", "Write to <ana@numpy.org>.")
# fmt: on
BARE = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the mail links of a page that would go wrong."""
    known = {domain.lower() for domain in app.config.proofread_mail_domains}
    for link in doctree.findall(nodes.reference):
        target, text = unquote(link.get("refuri", "")), link.astext().strip()
        if not target.startswith("mailto:"):
            continue
        address = _address_of(target)
        shown = {found.lower() for found in BARE.findall(text)}
        if problem := _problem_of(address):
            yield SYNTAX.at(place_of(link, target), target, problem)
        elif known and address.rpartition("@")[2].lower() not in known:
            yield DOMAIN.at(place_of(link, address), address)
        elif shown - {address.lower()}:
            yield DIFFERS.at(place_of(link, address), f"{text} → {address}")


@finds("page")
def _check_bare(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the mail addresses that are no link yet, and would go wrong as one."""
    known = {domain.lower() for domain in app.config.proofread_mail_domains}
    for text in doctree.findall(nodes.Text):
        is_text = known and isinstance(text.parent, (nodes.paragraph, nodes.term, nodes.title))
        for found in BARE.finditer(text) if is_text else ():
            if found[0].rpartition("@")[2].lower() not in known:
                detail = "and not between < and >"
                yield DOMAIN.at(place_of(text.parent, found[0]), found[0], detail)


def _problem_of(address: str) -> str:
    """Return what is wrong with a mail address, or nothing."""
    if address.startswith("/"):
        return "nothing stands between mailto: and the address"
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        return str(error).rstrip(".")
    return ""


def _address_of(target: str) -> str:
    """Return the address of a mail link, without a subject."""
    return unquote(target.removeprefix("mailto:").partition("?")[0])


def setup(app: Sphinx) -> None:
    """Let a site list its domains."""
    domains = "domains that mail addresses may have; none allows any"
    app.add_config_value("proofread_mail_domains", [], "env", list, domains)
