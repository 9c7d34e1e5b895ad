"""What the tests of sphinx-lean share: a small site, lean and plain, and a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lean_site import build, served, write


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the small site lean and plain, and return both folders."""
    source = write(tmp_path_factory.mktemp("lean"))
    (lean, warnings), (plain, _) = build(source), build(source, "plain", lean=False)
    assert warnings == ""
    return lean, plain


@pytest.fixture(scope="session")
def addresses(built: tuple[Path, Path]) -> Iterator[tuple[str, str]]:
    """Serve both sites."""
    with served(built[0]) as lean, served(built[1]) as plain:
        yield lean, plain


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the browser that the variable CHROMIUM names, or Playwright's own."""
    found = os.environ.get("CHROMIUM")
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, "args": ["--no-sandbox", "--disable-gpu"], **own}
