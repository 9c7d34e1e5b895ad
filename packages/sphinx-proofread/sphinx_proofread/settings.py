"""Check the settings of `conf.py`, of which Sphinx passes over those that it does not know."""

from __future__ import annotations

import difflib
import posixpath
import re
import types
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .rule import Rule, StopError, files_of, lines_of
from babel import Locale, UnknownLocaleError
from .links import ADDRESSES, split
from sphinx.util.matching import compile_matchers

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

UNKNOWN = Rule(
    "conf-setting",
    "a setting that neither Sphinx nor an extension knows",
    "Check how it is spelled. Start the name of a variable of your own with an underscore.",
    "It would be passed over.",
    'html_tittle = "Quansight Labs"',
    'html_title = "Quansight Labs"',
    kind="conf.py",
)
MISSING = Rule(
    "conf-path",
    "a path that leads to nothing",
    "Check how it is spelled, from docs/ on.",
    "The setting would have no effect.",
    'templates_path = ["_templats"]',
    'templates_path = ["_templates"]',
    kind="conf.py",
)
EXCLUDED = Rule(
    "conf-exclude",
    "a pattern that leaves out a page which a toctree names, or nothing at all",
    "Take the pattern away, or the page out of the toctree.",
    "A page would be missing, or one would be published that should not.",
    'exclude_patterns = ["abuot/drafts/*"]',  # codespell:ignore abuot
    'exclude_patterns = ["**/_*.md"]',
    kind="conf.py",
)
LANGUAGE = Rule(
    "conf-language",
    "a language that does not exist",
    'Write its code of two letters, such as "en".',
    "A screen reader would not know how to pronounce the page.",
    'language = "eng"',
    'language = "en"',
    kind="conf.py",
)
ICON = Rule(
    "conf-icon-link",
    "an icon link that is not complete or leads nowhere",
    'Give it a "name", an "icon" and a "url" that starts with https://.',
    "Readers would click an icon in vain.",
    'html_theme_options["icon_links"] = [{"name": "GitHub"}]',
    "html_theme_options = {}",
    kind="conf.py",
)
TYPE = Rule(
    "conf-type",
    "a setting of the wrong type",
    "Write True or False, a number, text, or a list in [ ], as the page of the setting says.",
    "It would be read as something else, or stop the build.",
    'html_static_path = "_static"',
    'html_static_path = ["_static"]',
    kind="conf.py",
)
REDIRECT = Rule(
    "conf-redirect",
    "a redirect that hides a page or leads to none",
    "Write the old name of a page that is gone, and the way from its old address to the new one.",
    "Readers would see that there is no such page.",
    'redirects["about/history"] = "../visoin/"',
    'redirects["about/history"] = "../vision/"',
    kind="conf.py",
)
PLAIN = (str, bytes, int, float, list, tuple, dict, set, types.NoneType)


def check(app: Sphinx, config: Config) -> None:
    """Report the settings that would have no effect or a wrong one.

    Args:
        app: the application that starts.
        config: its settings.
    """
    known = {"extensions", *(option.name for option in config)}  # the first is Sphinx's own
    for name, value in config._raw_config.items():
        if isinstance(value, PLAIN) and name not in known and not name.startswith("_"):
            near = difflib.get_close_matches(name, known, 1)
            UNKNOWN.report(
                place(app, f"{name} ="), name, f"did you mean {near[0]}?" if near else ""
            )
        option = config.values.get(name)
        if option and not name.startswith("myst_") and wrong_type(option.default, value):
            TYPE.report(place(app, f"{name} ="), f"{name} = {value!r}")
            stop(app)  # or each letter would count as an entry
    for path in config.templates_path:
        if not Path(app.confdir, path).is_dir():
            MISSING.report(place(app, path), path)
    check_exclusions(app, config)
    language = str(config.language or "en").replace("-", "_")
    try:
        known_language = Locale.parse(language).language == language.partition("_")[0]
    except (UnknownLocaleError, ValueError):
        known_language = False
    if not known_language:
        LANGUAGE.report(place(app, f'"{config.language}"', f"'{config.language}'"), config.language)
    for link in config.html_theme_options.get("icon_links", ()):
        url = split(str(link.get("url", "")))
        lost = (
            link.get("type") == "local" and not Path(app.confdir, str(link.get("icon"))).is_file()
        )
        kind = link.get("type", "fontawesome") not in ("fontawesome", "local", "url")
        if (
            not {"name", "icon", "url"} <= {*link}
            or lost
            or kind
            or any(bad(app, url) for _, bad in ADDRESSES)
        ):
            ICON.report(
                place(app, str(link.get("url", "")), "icon_links"),
                str(link.get("url", link.get("name", ""))),
            )


def wrong_type(default: object, value: object) -> bool:
    """Tell whether a setting is no list where its default is one, or no dictionary.

    Args:
        default: the value that Sphinx or the extension gives it.
        value: the value in `conf.py`.

    Returns:
        Whether the two differ in kind, or an entry of a list is neither text nor a group.
    """
    if isinstance(default, dict):
        return not isinstance(value, dict)
    if isinstance(default, (list, tuple)):
        entries = value if isinstance(value, (list, tuple)) else [None]
        return not all(isinstance(entry, (str, tuple, list, dict)) for entry in entries)
    return False


def check_theme(app: Sphinx) -> None:
    """Report the options of the theme whose type is not that of the theme's default.

    Args:
        app: the application, whose theme is loaded.
    """
    theme = getattr(app.builder, "theme", None)
    defaults = theme.get_options({}) if theme else {}
    for name, value in app.config.html_theme_options.items():
        default = str(defaults.get(name, "")).lower()
        text = str(value).lower()
        if default in ("true", "false"):
            wrong = text not in ("true", "false")
        elif default.isdigit():
            wrong = not text.isdigit()
        else:
            wrong = isinstance(value, (bool, int))
        if name in defaults and wrong and default not in ("", "none"):
            TYPE.report(place(app, f'"{name}"', f"'{name}'"), f"{name}: {value!r}")


def check_redirects(app: Sphinx, env: BuildEnvironment) -> None:
    """Report the redirects that hide a page or lead to none.

    Args:
        app: the application that builds.
        env: its environment, which knows the pages.
    """
    for source, target in getattr(app.config, "redirects", {}).items():
        goal = (
            posixpath.normpath(posixpath.join(source, urlsplit(target).path))
            .removesuffix("/index")
            .strip("./")
        )
        known = "://" in target or {goal, f"{goal}/index".lstrip("/")} & env.found_docs
        if source in env.found_docs or not known:
            REDIRECT.report(place(app, f'"{source}"', f"'{source}'"), f"{source} → {target}")


def check_exclusions(app: Sphinx, config: Config) -> None:
    """Report the patterns that leave out a page of a toctree, or nothing at all.

    Args:
        app: the application that starts.
        config: its settings.
    """
    source = Path(app.srcdir)
    files = [path.relative_to(source).as_posix() for path in files_of(source)]
    entries = {
        (Path(file).parent / line.strip()).as_posix()
        for file in files
        if file.endswith("index.md")
        for block in re.findall(
            r"\{toctree\}(.*?)(?:```|:::|\Z)", "\n".join(lines_of(source / file)), re.S
        )
        for line in re.sub(r".*<(.*)>", r"\1", block).splitlines()
        if line.strip() and not line.startswith(":")
    }
    for pattern in config.exclude_patterns:
        (matches,) = compile_matchers([pattern])
        excluded = [file for file in files if matches(file)]
        listed = [file for file in excluded if file.removesuffix(".md") in entries]
        if listed or (not excluded and not pattern.startswith(("_", "**/"))):
            EXCLUDED.report(
                place(app, pattern),
                pattern,
                f"it leaves out {listed[0]}" if listed else "it matches no file",
            )


def place(app: Sphinx, *texts: str) -> str:
    """Tell where in `conf.py` a setting is written.

    Args:
        app: the application.
        texts: what to look for; the first that is found counts.

    Returns:
        The path and the line.
    """
    path = Path(app.confdir, "conf.py")
    found = [
        n for text in texts for n, line in enumerate(lines_of(path), 1) if text and text in line
    ]
    return f"{path}:{found[-1] if found else 1}"  # the last one counts for Python too


def stop(app: Sphinx) -> None:
    """End the build if the settings are wrong: what pages do wrong then is no mistake of theirs.

    Args:
        app: the application that is about to read the pages.

    Raises:
        StopError: a warning has been given.
    """
    if app._warncount:
        msg = "fix the settings that are named above, then run the same command again"
        raise StopError(msg)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check the settings once they are read.

    Args:
        app: the application to extend.

    Returns:
        What Sphinx wants to know about an extension.
    """
    app.connect("config-inited", check, priority=400)  # before the extensions change them
    app.connect("builder-inited", check_theme)
    app.connect("builder-inited", stop, priority=999)
    app.connect("env-check-consistency", check_redirects)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
