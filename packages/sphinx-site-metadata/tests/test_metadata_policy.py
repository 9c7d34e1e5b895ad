"""The policy of a page allows what the build put there, and names what it can't allow."""

import base64
import hashlib
from pathlib import Path

import pytest
from metadata_site import build

HTML = """Tools
=====

.. raw:: html

   <p style="width: 50%">Half</p><script type="application/json">{}</script>
"""
LAYOUT = """{% extends "!layout.html" %}
{% block extrahead %}<script>go()</script><style>p {}</style>{% endblock %}
"""
OWN_LAYOUT = 'html_static_path = ["_static"]\ntemplates_path = ["_templates"]\n'
NO_SEARCH = 'html_sidebars = {"**": []}\n'  # a theme's search box brings a script
BLOCKED = """
   <a href="javascript:void(0)" onclick="go()">Go</a><img src="https://example.org/a.png">
   <a href="https://example.org/">Elsewhere</a><p style="color: red">Red</p><script>stop()</script>
   <style>a {}</style>
"""


def digest(text: str) -> str:
    """Return how a policy names a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_all_pages_allow_what_templates_bring(tmp_path: Path) -> None:
    """The policy stands before all that it's for, and has a hash for each script and style."""
    pages = {"index.rst": HTML, "_static/a.0123456789.css": "", "_static/b.css": ""}
    pages["_templates/layout.html"] = LAYOUT
    for _ in range(2):  # a second build writes no second policy
        site = build(tmp_path, pages, OWN_LAYOUT + NO_SEARCH)
        assert site.warnings == ""
        _, charset, policy, *others = site.page("index.html").css_first("head").css("*")
        assert "charset" in charset.attributes
        assert policy.attributes["http-equiv"] == "Content-Security-Policy"
        assert not [tag for tag in others if "http-equiv" in tag.attributes]
    search = site.page("search/index.html").css_first("meta[http-equiv]")
    assert search.attributes["content"] == policy.attributes["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.attributes["content"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split()[:2] == ["'self'", digest("go()")]
    styles = {digest("p {}"), digest("width: 50%"), "'self'", "'unsafe-hashes'"}
    assert styles <= {*rules["style-src"].split()}
    every, rest = site.text("_headers").split("/_static/", 1)
    assert every.startswith("/*\n  Content-Security-Policy: default-src 'none'; ")
    assert digest("go()") in every
    assert "; frame-ancestors 'none'\n" in every
    assert rest == "a.0123456789.css\n  Cache-Control: public, max-age=31536000, immutable\n"


def test_what_is_inside_is_left_out_with_what_holds_it(tmp_path: Path) -> None:
    """Each part is taken out once, though it has two mistakes and holds another."""
    inner = '   <div onclick="go()" style="color: red"><b onclick="go()">Go</b></div><p>Stays</p>\n'
    site = build(tmp_path, {"index.rst": HTML + inner})
    assert site.warnings.count("this page has") == 3
    assert "Stays" in site.text("index.html")
    assert "onclick" not in site.text("index.html")


@pytest.mark.parametrize("sent", [True, False])
def test_what_a_document_would_run_is_left_out(tmp_path: Path, sent: bool) -> None:
    """A script, a style, an event handler and a file of another host are mistakes anywhere."""
    site = build(tmp_path, {"index.rst": HTML + BLOCKED}, content_security=sent)
    assert site.warnings.count("index.rst: WARNING: this page has") == 6
    published = site.text("index.html")
    for what in (
        'href="javascript:void(0)"',
        'onclick="go()"',
        'src="https://example.org/a.png"',
        'style="color: red"',
        "<script>",
        "<style>",
    ):
        assert f"this page has {what}, which browsers won't load or run" in site.warnings
        assert what[:-1] not in published or what in ("<script>", "<style>"), what
    assert not [text for text in ("stop()", "a {}", digest("stop()")) if text in published]
    assert "Elsewhere" in published
