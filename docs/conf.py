"""The settings of the site, with the reason for each that is not Sphinx's default.

https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

# -- Where the site is built --------------------------------------------------
# The host tells the address and the repository, so that neither is written down here.
# https://docs.readthedocs.io/en/stable/reference/environment-variables.html
# https://docs.github.com/en/actions/reference/workflows-and-actions/variables
# https://docs.netlify.com/build/configure-builds/environment-variables/#deploy-urls-and-metadata

_on_read_the_docs = os.environ.get("READTHEDOCS") == "True"
_canonical_url = (
    os.environ.get("SITE_URL")  # for every host that tells none, such as Cloudflare Pages
    or os.environ.get("READTHEDOCS_CANONICAL_URL")
    or (os.environ.get("URL") if os.environ.get("NETLIFY") == "true" else "")
    or ""
)
if _canonical_url and not _canonical_url.endswith("/"):
    _canonical_url += "/"
_clone_url = os.environ.get("READTHEDOCS_GIT_CLONE_URL") or "https://github.com/" + os.environ.get(
    "GITHUB_REPOSITORY", ""
)
_branch = os.environ.get("READTHEDOCS_GIT_IDENTIFIER") or os.environ.get("GITHUB_REF_NAME", "")
_github = re.search(r"(?:^|[/@])github\.com[:/]([^/]+)/([^/]+?)(?:\.git)?/?$", _clone_url)

# -- Project ------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html#project-information

project = "Quansight Labs"
author = "Quansight Labs"
copyright = "Quansight Labs"  # noqa: A001 - the name is Sphinx's; no year, so that none is out of date
_summary = "About us: mission, vision, model, funding, and how to get in touch"

# -- General ------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html#general-configuration

sys.path[:0] = map(str, sorted(Path(__file__).parents[1].glob("packages/*")))
sys.path.append(str(Path(__file__).parent / "_ext"))  # where our own directives are
extensions = [
    "sphinx_proofread",  # first, so that the warnings of all others pass through it
    "drawing",
    "myst_parser",
    "notfound.extension",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_lean",
    "sphinx_reredirects",
    "sphinx_site_metadata",
]
exclude_patterns = [
    "_build",
    "_*.md",
    "**/_*.md",
]  # what a build writes, and parts of pages, are no pages
templates_path = ["_templates"]  # what the theme has no option for
suppress_warnings = ["toc.no_title"]  # said of index.md; about.page-title says it of the page
nitpicky = True  # a reference that leads nowhere is a mistake; Read the Docs passes no -n

# -- Markdown -----------------------------------------------------------------
# https://myst-parser.readthedocs.io/en/latest/configuration.html

myst_enable_extensions = ["colon_fence"]  # ::: directives stay readable in a plain editor
myst_heading_anchors = 3  # a page can link to a heading of another page
myst_url_schemes = ["http", "https", "mailto", "tel"]  # any other is a slip, such as htps


# -- What our own checks go by ------------------------------------------------

proofread_addresses = ["labs.quansight.org/about"]  # where the site is published
proofread_mail_domains = ["quansight.com"]  # a mail address with any other is a slip
proofread_contacts = {  # the addresses that a page must keep
    "about/contact": [
        "rgommers@quansight.com",
        "sales@quansight.com",
        "tania.allard@quansight.com",
        "travis@quansight.com",
    ],
}

# -- HTML ---------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html#options-for-html-output

html_theme = "pydata_sphinx_theme"
html_title = "Quansight Labs"  # the default ends in "documentation"
html_baseurl = _canonical_url  # for all that names an address: canonical links, the sitemap
html_static_path = ["_static"]
html_css_files = ["site.css"]  # what the theme has no option for
html_favicon = "_static/favicon.svg"  # without one, each page asks for a file that is not there
html_copy_source = False  # the repository shows the Markdown
html_use_index = False  # the site defines no terms to index
html_show_sphinx = False  # the footer is for readers

# -- What other sites and search engines are told -----------------------------
# https://sphinxext-opengraph.readthedocs.io/en/latest/

ogp_social_cards = {"enable": False}  # one picture for all pages, and no drawing library
ogp_image = "_static/social.png"
ogp_image_alt = f"{project}. {_summary}"
ogp_enable_meta_description = False  # each page has a description of its own
ogp_custom_meta_tags = [
    '<meta property="og:image:width" content="1200">',  # so that it is shown at once
    '<meta property="og:image:height" content="630">',
    '<meta name="twitter:card" content="summary_large_image">',  # the rest is as for Open Graph
]
structured_data_types = {"about/contact": "ContactPage", "about/": "AboutPage"}  # the first fits
organization_description = "about/mission"  # its first paragraph
organization_contacts = "about/contact"

# -- Content security ---------------------------------------------------------
# https://docs.readthedocs.com/platform/stable/security-implications.html

# Read the Docs adds scripts of its own and of its advertisers to each page. Its documentation
# does not say from where, and a policy that leaves one of them out would break it.
content_security = not _on_read_the_docs

# -- Unknown addresses --------------------------------------------------------
# https://sphinx-notfound-page.readthedocs.io/en/latest/configuration.html

notfound_template = "404.html"  # ours: search, the main pages, how to report a broken link
notfound_urls_prefix = urlsplit(_canonical_url).path or "/"  # the default assumes Read the Docs

# -- Redirects ----------------------------------------------------------------
# https://documatt.com/sphinx-reredirects/usage/

# redirects["old name of a page"] = "the way from its old address to the new one"
redirects: dict[str, str] = {}
redirect_html_template_file = "_templates/redirect.html"  # the default has no title or language

# -- Theme --------------------------------------------------------------------
# https://pydata-sphinx-theme.readthedocs.io/en/stable/user_guide/layout.html

html_context: dict[str, object] = {
    "default_mode": "auto",  # without it, each page logs an error
    "page_colors": {
        "light": "#ffffff",
        "dark": "#15111d",
    },  # the background in site.css, for what surrounds a page
}
html_theme_options: dict[str, object] = {
    "logo": {
        "image_light": "_static/wordmark-light.svg",
        "image_dark": "_static/wordmark-dark.svg",
        "alt_text": "Quansight Labs, home",
    },
    "search_bar_text": "Search this site",  # these are not "docs"
    "navbar_center": ["main-navigation"],
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],  # the site has no icon links
    # The advertisements of Read the Docs have a place where that host shows some.
    "primary_sidebar_end": ["sidebar-ethical-ads"] if _on_read_the_docs else [],
    "secondary_sidebar_items": {
        "**": ["page-contents"],
        "about/index": [],  # its parts are those of the menu beside it
    },
    "show_toc_level": 2,  # a list that grows while it is read is hard to follow
    "show_prev_next": False,  # ours is a landmark with a name, below
    "article_footer_items": ["previous-next", "last-updated", "edit-this-page"],
    "footer_start": ["copyright"],
    "footer_end": ["footer-links"],  # in place of the theme's version, which helps no reader
    # Parts that no page lacks; the theme makes each other one twice, to see if it is empty.
    "templates_skip_empty_check": [
        "navbar-logo.html",
        "main-navigation.html",
        "search-button.html",
        "theme-switcher.html",
        "copyright.html",
        "footer-links.html",
    ],
}
html_sidebars = {"**": ["section-navigation"]}  # the theme's adds a second level-1 heading
# That of a pull request is no branch, and a tag cannot be edited.
_no_branch = (
    os.environ.get("READTHEDOCS_VERSION_TYPE") in ("external", "tag")
    or os.environ.get("GITHUB_REF_TYPE") == "tag"
    or os.environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request")
)
if _github and _branch and not _no_branch:  # unknown: no button
    html_theme_options["use_edit_page_button"] = True
    html_context |= {
        "github_user": _github[1],
        "github_repo": _github[2],
        "github_version": _branch,
        "doc_path": "docs",
    }
