"""Every bad edit of the corpus is reported at its place, and no good edit is."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from support import run

CORPUS = Path(__file__).parent
sys.path.append(str(CORPUS))  # corpus.py imports ops.py
import second  # noqa: E402, F401 - found only now; adds its rows to those of corpus
from corpus import CASES, GOOD  # noqa: E402

MESSAGE = re.compile(r"(?:\S.*):\d+: (?:WARNING|ERROR|CRITICAL): .+|The build stopped: .+")
Result = dict[str, Any]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Return what the build says about each edit of the corpus."""
    if not hasattr(os, "fork"):
        pytest.skip("the corpus is run by forking, which this system cannot; Linux and macOS do")
    file = tmp_path_factory.mktemp("corpus") / "results.json"
    done = run(sys.executable, CORPUS / "run.py", "--json", file)
    print(done.stdout)  # pytest shows it beside a failure
    assert done.returncode == 0, done.stdout
    return {result["name"]: result for result in json.loads(file.read_text("utf-8"))}


@pytest.mark.parametrize("name", [case["name"] for case in CASES])
def test_a_bad_edit_is_reported(results: dict[str, Result], name: str) -> None:
    """The build fails, and says so about the mistake, in the right file and without a crash."""
    result = results[name]
    said = "\n".join(result["lines"])
    assert result["caught"], f"nothing is said about the mistake:\n{said}"
    assert result["file"], f"the file is not named:\n{said}"
    assert not result["crash"], said
    assert all(MESSAGE.fullmatch(line) for line in result["lines"]), said


@pytest.mark.parametrize("name", [case["name"] for case in GOOD])
def test_a_good_edit_is_left_alone(results: dict[str, Result], name: str) -> None:
    """The build says nothing about Markdown that is fine."""
    assert results[name]["lines"] == []


def test_most_mistakes_are_reported_at_their_line(results: dict[str, Result]) -> None:
    """At least 95 % of the edits that must fail are reported at the very line."""
    placed = [r for r in results.values() if r["sev"] == "must" and r["exact"] is not None]
    missed = [r["name"] for r in placed if not r["exact"]]
    assert len(missed) <= 0.05 * len(placed), missed


def test_nothing_is_said_twice(results: dict[str, Result]) -> None:
    """No two messages at one place are about the same words."""
    for result in results.values():
        said = [re.match(r'(.+?:\d+: ).*?("[^"]+"|$)', line) for line in result["lines"]]
        about = [found.groups() for found in said if found and found[2]]
        assert len(about) == len({*about}), result["lines"]
