"""The policy of a page allows what the build put there, and names what it can't allow."""

import base64
import hashlib
from pathlib import Path

from metadata_site import build

HTML = """Tools
=====

.. raw:: html

   <script>go()</script><style>p {}</style><p style="color: red">Red</p>
   <script type="application/json">{}</script>
"""
NO_SEARCH = 'html_sidebars = {"**": []}\n'  # a theme's search box brings a script
BLOCKED = """
   <a href="javascript:void(0)" onclick="go()">Go</a><img src="https://example.org/a.png">
   <a href="https://example.org/">Elsewhere</a>
"""


def digest(text: str) -> str:
    """Return how a policy names a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_page_allows_its_own_scripts(tmp_path: Path) -> None:
    """The policy stands before all that it's for, and has a hash for each script and style."""
    pages = {"index.rst": HTML, "_static/a.0123456789.css": "", "_static/b.css": ""}
    for _ in range(2):  # a second build writes no second policy
        site = build(tmp_path, pages, 'html_static_path = ["_static"]\n' + NO_SEARCH)
        assert site.warnings == ""
        _, charset, policy, *others = site.page("index.html").css_first("head").css("*")
        assert "charset" in charset.attributes
        assert policy.attributes["http-equiv"] == "Content-Security-Policy"
        assert not [tag for tag in others if "http-equiv" in tag.attributes]
    rules = dict(rule.split(" ", 1) for rule in policy.attributes["content"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == ["'self'", digest("go()")]
    styles = {digest("p {}"), digest("color: red"), "'self'", "'unsafe-hashes'"}
    assert styles <= {*rules["style-src"].split()}
    every, rest = site.text("_headers").split("/_static/", 1)
    assert every.startswith("/*\n  Content-Security-Policy: default-src 'none'; ")
    assert digest("go()") in every
    assert "; frame-ancestors 'none'\n" in every
    assert rest == "a.0123456789.css\n  Cache-Control: public, max-age=31536000, immutable\n"


def test_what_browsers_block_is_reported(tmp_path: Path) -> None:
    """An event handler, a script in a link and a file of another host are mistakes in the build."""
    warnings = build(tmp_path, {"index.rst": HTML + BLOCKED}).warnings
    assert warnings.count("index.html has") == 3
    for what in ('href="javascript:void(0)"', 'onclick="go()"', 'src="https://example.org/a.png"'):
        assert f"index.html has {what}, which browsers won't load or run" in warnings
