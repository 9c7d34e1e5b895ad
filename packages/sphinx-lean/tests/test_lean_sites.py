"""Sites of many kinds look and work as without lean: each is built twice, opened and driven."""

import json
from pathlib import Path

import pytest
from lean_support import COLLAPSE, HOME, PARTS, RAW, compared, make_site
from playwright.sync_api import Browser

pytestmark = pytest.mark.long
CODE = "\n.. code-block:: python\n\n   print('quokka')\n"
TABS = "\n.. tab-set::\n\n   .. tab-item:: One\n\n      1\n\n   .. tab-item:: Two\n\n      2\n"
CHILD = '[theme]\ninherit = "pydata_sphinx_theme"\nstylesheets = ["child.css"]\n'
ICON = """FontAwesome.library.add({
  prefix: "fa-custom", iconName: "quoll", icon: [512, 512, [], "e001", "M0 0H512V512H0Z"],
})"""
EVERYWHERE = {"theme menu", "search", "contents", "mobile menus"}
KINDS = {
    # Nothing but the theme: the button that collapses the sidebar, and Bootstrap's own parts.
    "stock": (
        {},
        {"index.rst": HOME + RAW.format(COLLAPSE)},
        EVERYWHERE | {"sidebar collapse", "opening parts", "back to top"},
    ),
    # Fonts of its own and of other hosts, and a stylesheet that must come after an extension's.
    "styles": (
        {
            "extensions": ["sphinx_design", "sphinx_copybutton"],
            "html_css_files": [
                ("late.css", {"priority": 900}),
                "https://fonts.googleapis.com/css2?family=X",
            ],
        },
        {
            "_static/late.css": '@import url("https://fonts.googleapis.com/css?family=Y;Z");'
            '@font-face{font-family:Own;src:url("own.woff2")}'
            ".sd-tab-set{border:3px solid;font-family:Own}button.copybtn{opacity:1}",
            "_static/own.woff2": "none",
            "parts.rst": PARTS + CODE + TABS,
        },
        EVERYWHERE | {"opening parts", "copy buttons"},
    ),
    # Versions, a banner, and a search as you type, which need scripts in their places.
    "versions": (
        {
            "html_sidebars": {"**": []},
            "version": "1.0",
            "html_theme_options": {
                "switcher": {"json_url": "_static/versions.json", "version_match": "1.0"},
                "navbar_start": ["navbar-logo", "version-switcher"],
                "show_version_warning_banner": True,
                "search_as_you_type": True,
                "announcement": "<b class='fa-solid fa-fire'></b> News",
            },
        },
        {
            "_static/versions.json": json.dumps(
                [
                    {"version": "1.0", "url": "/"},
                    {"version": "2.0", "url": "/2/", "preferred": True},
                ]
            )
        },
        EVERYWHERE | {"version switcher"},
    ),
    # Another language, no button to the top, icons of its own.
    "translated": (
        {
            "language": "ja",
            "extensions": ["sphinx_copybutton"],
            "html_js_files": [("icons.js", {"defer": "defer"})],
            "html_theme_options": {
                "back_to_top_button": False,
                "icon_links": [{"name": "Q", "url": "#", "icon": "fa-custom fa-quoll"}],
            },
        },
        {"_static/icons.js": ICON, "parts.rst": PARTS + CODE},
        EVERYWHERE | {"copy buttons", "sidebar collapse"},
    ),
    # Classes that only a script in the page sets, formulas, and what a notebook brings.
    "scripts": (
        {
            "extensions": ["sphinx.ext.mathjax"],
            "html_js_files": ["sync.js", (None, {"body": "window.later = 'callout-late'"})],
            "html_css_files": ["late.css"],
        },
        {
            "_static/late.css": ".callout-late,.by-sync{border:9px solid red}.sync-3{color:red}",
            "_static/sync.js": "document.documentElement.classList.add(`sync-${1 + 2}`);"
            "Documentation.addTranslations({messages: {}, locale: 'x', plural_expr: '0'});",
            "index.rst": HOME
            + "\n:math:`x^2`\n"
            + RAW.format(
                "<div id='y' class='cell_output'><pre>1</pre></div><script>"
                "document.getElementById('y').className += ' ' + later + ' by-sync'</script>"
            ),
        },
        EVERYWHERE,
    ),
    # A theme that builds on this one, with its own layout and stylesheet.
    "child": (
        {"html_theme": "child", "html_theme_path": ["."], "html_permalinks_icon": "¶"},
        {
            "child/theme.toml": CHILD,
            "child/layout.html": '{% extends "pydata_sphinx_theme/layout.html" %}'
            "{% block docs_body %}"
            "<style>.bd-main p{margin:9px}</style><div class='of-child'>Child</div>"
            "{{ super() }}{% endblock %}",
            "child/static/child.css": ".of-child{background:gold}.not-of-child{color:red}",
        },
        EVERYWHERE | {"sidebar collapse", "back to top"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_site_stays_as_it_is(
    tmp_path: Path, kind: str, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """No picture, no feature, no warning and no error differs, and the pages are lighter."""
    settings, files, features = KINDS[kind]
    builder = "html" if kind in ("stock", "versions") else "dirhtml"
    found = compared(make_site(tmp_path / "docs", settings, files), builder, browser)
    said = capsys.readouterr().out
    assert found["Warnings beyond the plain build's"] == "0", said
    assert found["Pictures that differ"].startswith("0 of"), said
    assert found["Features broken"] == "0", said
    assert found["Console errors beyond the plain site's"] == "0", said
    assert set(found["Features driven"].split(", ")) >= features
    assert int(found["Share of the bytes"].rstrip("%")) <= 40, found
