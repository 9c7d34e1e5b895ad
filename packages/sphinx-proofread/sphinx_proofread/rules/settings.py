"""Check the settings whose mistakes neither Sphinx nor the theme reports."""

import difflib
import re
from pathlib import Path

from babel.localedata import locale_identifiers
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.matching import Matcher

from ..findings import add
from ..rule import Finding, Rule, files_of
from ..upstream import line_of_setting
from .links import broken_rules

# fmt: off
SETTING = Rule("conf-setting", "a setting that has no effect",
    "Check how it is spelled. Start the name of a variable of your own with an underscore.",
    "Readers would miss what it sets.")
# fmt: on
PLAIN = (str, bytes, int, float, list, tuple, dict, set, type(None))


def _check(app: Sphinx, config: Config) -> list[Finding]:
    """Find the settings that would have no effect."""
    conf, found = Path(app.confdir, "conf.py"), {}  # what is wrong, by the words to look for
    known = {"extensions", *(option.name for option in config)}  # the first is Sphinx's own
    for name, value in config._raw_config.items():
        if isinstance(value, PLAIN) and name not in known and not name.startswith("_"):
            near = difflib.get_close_matches(name, known, 1)
            found[name] = f"did you mean {near[0]}?" if near else "no extension knows it"
        default = getattr(config.values.get(name), "default", None)
        if isinstance(value, str) and isinstance(default, list):
            found[name] = "its value is a list"
    lost = [name for name in config.templates_path if not Path(app.confdir, name).is_dir()]
    found |= dict.fromkeys(lost, "there is no such folder")
    files = [path.relative_to(app.srcdir).as_posix() for path in files_of(app.srcdir)]
    narrow = [each for each in config.exclude_patterns if not each.startswith(("_", "**/"))]
    idle = [pattern for pattern in narrow if not any(map(Matcher([pattern]), files))]
    found |= dict.fromkeys(idle, "the pattern matches no file")
    if re.split("[-_]", config.language)[0] not in locale_identifiers():
        found[config.language] = 'there is no such language; English is "en"'
    for link in config.html_theme_options.get("icon_links", ()):
        if not {"name", "icon", "url"} <= {*link} or broken_rules(app, str(link["url"])):
            found[str(link.get("url") or link.get("name"))] = "an icon link needs name, icon, url"
    for old, way in config._raw_config.get("redirects", {}).items():
        if old.strip("/") != old or old.endswith((".md", ".html")):
            found[old] = "an old address is written as `about/partners`"
        elif str(way).startswith("/"):
            found[old] = "the new address begins with `../` or `https://`"
        elif {f"{old}.md", f"{old}/index.md"} & {*files}:
            found[old] = "the page is still there"
    place = {words: f"{conf}:{line_of_setting(conf, repr(words))}" for words in found}
    return [SETTING.at(place[words], words, detail) for words, detail in found.items()]


def setup(app: Sphinx) -> None:
    """Look at the settings once they are read, before the extensions change them."""
    found: list[Finding] = []
    app.connect("config-inited", lambda app, config: found.extend(_check(app, config)), 400)
    app.connect("builder-inited", lambda app: add(app, found))
