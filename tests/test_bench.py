"""`nox -s bench` measures, in its smallest form: two sites, one page, no Lighthouse."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from support import copy_project, needs_make, nox, nox_quietly, program, run, runs


def test_bench_measures_a_visit_and_builds(tmp_path: Path) -> None:
    """It prints tables and writes the same figures for programs.

    The second page of a visit takes less than the first: the server says what may be kept.
    """
    copy = copy_project(tmp_path / "copy")
    steps = ["visits", "builds", "--sites=lean,furo", "--pages=/about/", "--sizes=1"]
    nox_quietly("-s", "bench", "--", *steps, cwd=copy)
    found = json.loads((copy / "docs/_build/bench/bench.json").read_text(encoding="utf-8"))
    assert found.keys() == {"versions", "left_out", "visits", "lighthouse", "builds"}
    assert {"python", "sphinx", "furo", "chromium"} <= found["versions"].keys()
    assert found["visits"].keys() == {"lean", "furo"}
    for pages in found["visits"].values():
        visit = pages["/about/"]
        assert visit.keys() == {"first", "second"}
        assert visit["first"]["requests"] > visit["second"]["requests"] > 0
        assert visit["first"]["bytes"] > visit["second"]["bytes"] > 0
    assert found["lighthouse"] == {}
    if sys.platform == "win32":
        assert found["builds"] == {}
        assert len(found["left_out"]) == 1
    else:
        assert found["builds"].keys() == {"many sections", "one section"}
        assert all(
            b["1"].keys() == {"alabaster", "pystemmer", "lean"} for b in found["builds"].values()
        )


def test_bench_names_an_unknown_page(tmp_path: Path) -> None:
    """A page that is not there is named before anything is built."""
    copy = copy_project(tmp_path / "copy")
    done = nox("-s", "bench", "--", "visits", "--pages=/nowhere/", cwd=copy)
    assert done.returncode != 0
    assert "--pages: there is no /nowhere/" in done.stdout
    assert "Traceback" not in done.stdout


@needs_make
@runs("make bench", 'make bench ARGS="visits --pages /about/"')
def test_make_hands_the_steps_on() -> None:
    """`make bench` passes what to measure to the session, which the other tests run."""
    arguments = ["--dry-run", "bench", "NOX=nox", "ARGS=visits --pages /about/"]
    shown = run(program("make"), *arguments).stdout
    assert shown.strip() == "nox -s bench -- visits --pages /about/"
