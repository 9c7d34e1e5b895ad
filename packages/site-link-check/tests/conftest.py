"""The runs against the server that misbehaves, which several tests look at."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from link_check_sites import (
    Json,
    Outcome,
    behavior_pages,
    busy_pages,
    misbehaving,
    outcome,
    requests,
)


@pytest.fixture(scope="session")
def link_runs(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[list[Future[Outcome]]]:
    """Start the long runs beside each other; they mostly wait."""
    folder = tmp_path_factory.mktemp("links")
    pages = behavior_pages(with_long=pytestconfig.getoption("--all", default=False))
    with misbehaving(folder) as certificates, ThreadPoolExecutor() as pool:
        yield [
            pool.submit(outcome, folder / "behaviors", pages, certificates),
            pool.submit(outcome, folder / "busy", busy_pages(), certificates),
        ]


@pytest.fixture(scope="session")
def behaviors(link_runs: list[Future[Outcome]]) -> Outcome:
    """Return what the link check reports about every behavior."""
    return link_runs[0].result()


@pytest.fixture(scope="session")
def busy(link_runs: list[Future[Outcome]]) -> Outcome:
    """Return what the link check reports about a busy host and a fast one."""
    return link_runs[1].result()


@pytest.fixture(scope="session")
def counted(behaviors: Outcome, busy: Outcome) -> Json:
    """Return what the server counted in both runs."""
    return requests()
