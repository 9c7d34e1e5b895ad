"""Read from the host's variables where a site is published and where its source is.

A setting that depends on the host can't be right in a file that every host builds. So what conf.py
leaves out is filled in here, and what it sets stays. The variables:
https://docs.readthedocs.io/en/stable/reference/environment-variables.html
https://docs.github.com/en/actions/reference/workflows-and-actions/variables
https://docs.netlify.com/build/configure-builds/environment-variables/
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

GITHUB = re.compile(r"(?:^|[/@])github\.com[:/]([^/]+)/([^/]+?)(?:\.git)?/?$")
# What a theme can build its edit links from; where conf.py has one of these, it decides.
SOURCES = {"bitbucket_repo", "edit_page_url_template", "github_repo", "gitlab_repo"}
# As the PyData theme's own, also for a name with signs that mean something in an address.
EDIT = {
    "edit_page_provider_name": "GitHub",
    "edit_page_url_template": "{{ github_url }}/{{ github_user }}/{{ github_repo }}/edit/"
    "{{ github_version | urlencode }}/{{ (doc_path ~ file_name) | urlencode }}",
}
TWITTER_CARD = '<meta name="twitter:card" content="summary_large_image">'


@dataclass(frozen=True)
class Host:
    """What the host of a build knows of the site."""

    base_url: str  # where the site is published, with a slash at its end; "" if that isn't known
    is_read_the_docs: bool  # the host adds scripts and advertisements of its own to each page
    github: Mapping[str, str]  # what themes call user, repository and branch; {} if none is known


def host_facts(environ: Mapping[str, str]) -> Host:
    """Read the variables of Read the Docs, GitHub Actions and Netlify, and `SITE_URL`.

    Args:
        environ: the environment variables.

    Returns:
        What they say; `SITE_URL` decides over the address that a host states.
    """
    base_url = environ.get("SITE_URL") or environ.get("READTHEDOCS_CANONICAL_URL") or ""
    if not base_url and environ.get("NETLIFY") == "true":
        base_url = environ.get("URL", "")
    clone_url = environ.get("READTHEDOCS_GIT_CLONE_URL") or (
        "https://github.com/" + environ.get("GITHUB_REPOSITORY", "")
    )
    branch = environ.get("READTHEDOCS_GIT_IDENTIFIER") or environ.get("GITHUB_REF_NAME", "")
    # No edit button on previews and tags: there's no branch to edit.
    if (
        environ.get("READTHEDOCS_VERSION_TYPE") in ("external", "tag")
        or environ.get("GITHUB_REF_TYPE") == "tag"
        or environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request")
    ):
        branch = ""
    github = {}
    if (found := GITHUB.search(clone_url)) and branch:
        names = ("github_user", "github_repo", "github_version")
        github = dict(zip(names, (*found.groups(), branch), strict=True))
    return Host(_with_slash(base_url), environ.get("READTHEDOCS") == "True", github)


def _with_slash(url: str) -> str:
    """Return an address with one slash at its end, or nothing for none."""
    return url and f"{url.rstrip('/')}/"


def _doc_path(source: Path) -> str:
    """Return where the sources are in their repository; "docs" if that isn't known."""
    roots = [folder for folder in (source, *source.parents) if Path(folder, ".git").exists()]
    return "/".join(source.relative_to(roots[0]).parts) if roots else "docs"


def set_defaults(app: Sphinx, config: Config) -> None:
    """Fill in the settings that conf.py and the command line leave out."""
    host = host_facts(os.environ)

    def default(name: str, value: Any) -> None:  # noqa: ANN401 - each setting has its own type
        # Sphinx has no public way to ask whether conf.py sets a value; themes look there too.
        if name not in config._raw_config and name not in config.overrides:
            config[name] = value

    default("html_baseurl", host.base_url)
    base_url = _with_slash(config.html_baseurl)
    default("ogp_site_url", base_url)
    default("notfound_urls_prefix", urlsplit(base_url).path or "/")
    # Read the Docs adds scripts of its own and of its advertisers to each page. It doesn't document
    # where they come from, and a policy that leaves one out would break it.
    default("content_security", not host.is_read_the_docs)
    default("ogp_social_cards", {"enable": False})  # drawing one for each page takes matplotlib
    default("ogp_enable_meta_description", False)  # the first words of a page seldom describe it
    default("ogp_custom_meta_tags", [TWITTER_CARD] if config.ogp_image else [])
    if any(Path(app.confdir, folder, "404.html").is_file() for folder in config.templates_path):
        default("notfound_template", "404.html")
    default("redirect_html_template_file", str(Path(__file__).with_name("redirect.html")))
    if host.github and not SOURCES & config.html_context.keys():
        where = {**host.github, **EDIT, "doc_path": _doc_path(Path(app.srcdir))}
        config.html_context = {**where, **config.html_context}


def set_theme_options(app: Sphinx) -> None:
    """Turn on the edit button if there is a branch, and advertisements on Read the Docs alone."""
    host = host_facts(os.environ)
    options: dict[str, Any] = {}
    if host.github and host.github.items() <= app.config.html_context.items():
        options["use_edit_page_button"] = True
    if not host.is_read_the_docs:
        options["primary_sidebar_end"] = []  # its default is the place that Read the Docs fills
    for name in options.keys() & app.builder.theme.get_options().keys():
        app.builder.theme_options.setdefault(name, options[name])
