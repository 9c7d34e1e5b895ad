"""What the tests of sphinx-lean share: a small site with what a page may have, and a browser."""

import os
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx_lean import compare


def build_site(
    source: Path, *, warningiserror: bool = False, **settings: object
) -> tuple[Path, str]:
    """Build a site with some settings; return the folder of its pages, and the warnings."""
    said, out = StringIO(), source.with_name("plain" if settings.get("lean") is False else "lean")
    options = {"warning": said, "warningiserror": warningiserror}
    app = SphinxTestApp("dirhtml", source, out, confoverrides=settings, **options)
    app.build()
    app.cleanup()
    return app.outdir, said.getvalue()


@pytest.fixture(scope="session")
def build() -> Callable[..., tuple[Path, str]]:
    """Return what builds a site."""
    return build_site


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a copy of the sources of the small site."""
    return shutil.copytree(Path(__file__).parent / "site", tmp_path / "source")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the small site lean and plain, and return both folders."""
    source = tmp_path_factory.mktemp("lean") / "source"
    shutil.copytree(Path(__file__).parent / "site", source)
    (lean, said), (plain, _) = build_site(source), build_site(source, lean=False)
    assert said == ""
    return lean, plain


@pytest.fixture(scope="session")
def addresses(built: tuple[Path, Path]) -> list[str]:
    """Serve both sites."""
    return [*map(compare.serve, built)]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the browser that the variable CHROMIUM names, or Playwright's own."""
    own = {"executable_path": os.environ.get("CHROMIUM") or None}
    return {**browser_type_launch_args, "args": compare.FLAGS, **own}
