"""The settings of the site, with the reason for each that is not Sphinx's default.

https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

import sys
from pathlib import Path
from urllib.parse import quote

# -- Project ------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html#project-information

project = "Quansight Labs"
author = "Quansight Labs"
copyright = "Quansight Labs"  # noqa: A001 - the name is Sphinx's; no year, so that none is out of date

# -- General ------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html#general-configuration

sys.path[:0] = map(str, sorted(Path(__file__).parents[1].glob("packages/*")))
sys.path.append(str(Path(__file__).parent / "_ext"))  # what these pages alone need
extensions = [
    "sphinx_proofread",  # first, so that the warnings of all others pass through it
    "drawing",
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_lean",
    "sphinx_site_metadata",
    "reader_view",  # last: it replaces what sphinx_design does with cards
]
exclude_patterns = ["_build", "**/_*.md"]  # build output, and fragments that pages include
templates_path = ["_templates"]  # what the theme has no option for
nitpicky = True  # a reference that leads nowhere is a mistake; Read the Docs passes no -n
suppress_warnings = ["toc.no_title"]  # said of index.md; proofread.page-title says it of the page

# -- Markdown -----------------------------------------------------------------
# https://myst-parser.readthedocs.io/en/latest/configuration.html

myst_enable_extensions = ["colon_fence", "deflist"]  # ::: directives, and lists of definitions
myst_heading_anchors = 3  # a page can link to a heading of another page
myst_url_schemes = ["http", "https", "mailto", "tel"]  # any other is a mistake, such as htps

# -- Proofreading: see packages/sphinx-proofread/README.md --------------------

proofread_addresses = ["labs.quansight.org/about"]  # where the site is published
proofread_mail_domains = ["quansight.com"]  # any other in a mail address is a mistake
proofread_originals = {"../tests/data/about.rst": "about/(?!index|one-page)"}  # the owner's words
proofread_published = "../tests/data/urls.txt"  # addresses that must stay
proofread_reviewed = "about/(?!index|one-page)"  # pages that say when their facts were reviewed
proofread_directives = {"drawing": ""}  # what docs/_ext adds for pages
proofread_folders = ["_drawings", "_ext", "_static/site.webmanifest.jinja"]  # what no page uses
proofread_names = ["GitHub", "Jupyter", "NumPy", "PyData", "PyTorch", "SciPy"]
proofread_names += ["LinkedIn", "Quansight", "Quansight Labs", "YouTube"]

# -- Metadata: see packages/sphinx-site-metadata/README.md --------------------

ogp_image = "_static/social.png"
ogp_image_alt = "Quansight Labs. About us: mission, vision, model, funding, and how to get in touch"
structured_data_types = {"about/contact": "ContactPage", "about/": "AboutPage"}  # the first fits
organization_description = "about/mission"  # its first paragraph
organization_contacts = "about/contact"
# redirects["old name of a page"] = "the way from its old address to the new one"
redirects: dict[str, str] = {}

# -- HTML ---------------------------------------------------------------------
# https://www.sphinx-doc.org/en/master/usage/configuration.html#options-for-html-output

html_theme = "pydata_sphinx_theme"
html_title = "Quansight Labs"  # the default ends in "documentation"
html_static_path = ["_static"]
html_css_files = ["site.css"]  # what the theme has no option for
# Inside the page, it costs no request. Without one, each page asks for a file that is not there.
html_favicon = "data:image/svg+xml," + quote(
    (Path(__file__).parent / "_static/favicon.svg").read_text(encoding="utf-8"), safe=":/=,."
)
lean_apart = ["contributing/markdown"]  # a stylesheet of its own, so that the others stay short
lean_drop = ["clipboard.min.js", "documentation_options.js", "doctools.js", "sphinx_highlight.js"]
lean_replace = {"bootstrap.js": "menus.js", "copybutton.js": "copy-code.js"}  # ours are short
lean_replace["pydata-sphinx-theme.js"] = "theme.js"  # and need none of those that are dropped
html_scaled_image_link = False  # a browser enlarges a picture by itself
html_copy_source = False  # the repository shows the Markdown
html_permalinks_icon = ""  # site.css has it, so that no heading ends in "#" for other programs
html_use_index = False  # the site defines no terms to index
html_show_sphinx = False  # the footer is for readers

# -- Theme --------------------------------------------------------------------
# https://pydata-sphinx-theme.readthedocs.io/en/stable/user_guide/layout.html

html_context = {
    "default_mode": "auto",  # without it, each page logs an error
    "page_colors": {"light": "#ffffff", "dark": "#15111d"},  # as in site.css
}
html_theme_options = {
    "logo": {
        "image_light": "_static/wordmark-light.svg",
        "image_dark": "_static/wordmark-dark.svg",
        "alt_text": "Quansight Labs, home",
    },
    "search_bar_text": "Search this site",  # these are not "docs"
    "navbar_center": ["main-navigation"],
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],  # the site has no icon links
    "secondary_sidebar_items": {
        "**": ["page-contents"],
        "about/index": [],  # its parts are those of the menu beside it
        "about/contact": [],  # all in sight
        "about/one-page": [],  # the menu beside it has the same names
    },
    "show_toc_level": 2,  # a list that grows while it is read is hard to follow
    "show_prev_next": False,  # ours is a landmark with a name, below
    "article_footer_items": ["previous-next", "page-dates", "edit-this-page"],
    "footer_start": ["copyright"],
    "footer_end": ["footer-links"],  # in place of the theme's version, which helps no reader
}
html_sidebars = {"**": ["section-navigation"]}  # the theme's adds a second level-1 heading
