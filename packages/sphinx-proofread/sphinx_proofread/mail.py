"""Check each mail address: a reader who writes to a wrong one gets no answer.

The domains that our addresses may have, and the addresses that the contact page keeps, are
listed once, in `docs/conf.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .messages import SAID
from .rule import Rule, place_of
from docutils import nodes
from email_validator import EmailNotValidError, validate_email

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

SYNTAX = Rule(
    "mail-syntax",
    "a mail link without a mail address",
    "Write `<name@quansight.com>`.",
    "The reader's message would go nowhere.",
    "Write to [Tania](mailto:tania.allard.quansight.com).",
    "Write to <tania.allard@quansight.com>.",
)
DOMAIN = Rule(
    "mail-domain",
    "a mail address with an unknown domain",
    "Check how it is spelled. If it is right, add the domain to `proofread_mail_domains` in `docs/conf.py`.",
    "The reader's message would go nowhere, or to someone else.",
    "Write to <tania.allard@quansite.com>.",
    "Write to <tania.allard@quansight.com>.",
)
DIFFERS = Rule(
    "mail-differs",
    "a link that shows one mail address and writes to another",
    "Write the address once, as `<name@quansight.com>`.",
    "Readers copy what they see, so one of the two is wrong.",
    "Write to [tania.allard@quansight.com](mailto:tania.alard@quansight.com).",
    "Write to <tania.allard@quansight.com>.",
)
MISSING = Rule(
    "mail-missing",
    "the page does not give a mail address that it must keep",
    "Put the address back, or change `proofread_contacts` in `docs/conf.py` if it is no longer right.",
    "Readers would not know whom to write to.",
    "(a contact page without one of the addresses in proofread_contacts)",
    "Write to <tania.allard@quansight.com>.",
    kind="file",
)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report the mail links of a page that would go wrong.

    Args:
        app: the application that reads the page.
        doctree: the parsed page.
    """
    for link in doctree.findall(nodes.reference):
        target = link.get("refuri", "")
        if not target.startswith("mailto:"):
            continue
        address = address_of(target)
        place, text = place_of(link, address), link.astext().strip()
        domain = address.rpartition("@")[2].lower()
        if problem := problem_of(address):
            SYNTAX.report(place_of(link, unquote(target)), unquote(target), problem)
        elif domain not in app.config.proofread_mail_domains:
            DOMAIN.report(place, address)
        elif {shown.lower() for shown in re.findall(r"[\w.+-]+@[\w-]+(?:\.\w+)+", text)} - {
            address.lower()
        }:
            DIFFERS.report(place, f"{text} → {address}")


def problem_of(address: str) -> str:
    """Return what is wrong with a mail address, or nothing.

    Args:
        address: the address, such as "tania@quansight".

    Returns:
        One reason, such as "An email address must have an @-sign."
    """
    if address.startswith("/"):
        return "nothing stands between mailto: and the address"
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        return str(error).rstrip(".")
    return ""


def address_of(target: str) -> str:
    """Return the address of a mail link, without a subject.

    Args:
        target: the link, such as "mailto:tania@quansight.com?subject=Hello".

    Returns:
        The address, such as "tania@quansight.com".
    """
    return unquote(target.removeprefix("mailto:").partition("?")[0])


def check_contacts(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the addresses that a contact page has lost.

    Args:
        app: the application that builds.
        env: its environment, with every page.
    """
    for page, addresses in app.config.proofread_contacts.items():
        path = f"{page}.md:"
        said = any(path in place and name.startswith("proofread.mail") for place, name in SAID.items())
        if page in env.found_docs and not said:  # an address that is misspelled is missing too
            links = env.get_doctree(page).findall(nodes.reference)
            given = {address_of(link.get("refuri", "")) for link in links}
            for address in sorted(set(addresses) - given):
                MISSING.report(f"{env.doc2path(page)}:1", address)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check each page once it is parsed, and the contact page in the end.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.add_config_value("proofread_mail_domains", [], "env", list, "of our mail addresses")
    app.add_config_value("proofread_contacts", {}, "env", dict, "addresses that a page keeps")
    app.connect("doctree-read", check)
    app.connect("env-check-consistency", check_contacts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
