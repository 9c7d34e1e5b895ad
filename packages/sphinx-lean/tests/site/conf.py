"""The settings of the small site that the tests build."""

extensions = ["sphinx_copybutton", "sphinx_design", "sphinx_lean"]
copybutton_selector = "div:not(.no-copybutton) > div.highlight > pre"
html_theme = "pydata_sphinx_theme"
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["own.css"]
html_sidebars = {"**": []}
