"""`nox -s lint` and the hooks that `pre-commit install` sets up stop the same slips."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import yaml
from support import (
    ROOT,
    copy_project,
    edit,
    environment_python,
    make_repository,
    nox_quietly,
    run,
    runs,
)


@runs("make lint", "pre-commit install")
def test_linters_stop_a_slip(tmp_path: Path) -> None:
    """`nox -s lint` passes as it is; with the hooks installed, a commit with a slip is refused."""
    copy = copy_project(tmp_path / "copy")
    git = make_repository(copy)
    nox_quietly("-s", "lint", cwd=copy)
    pre_commit = shutil.which("pre-commit", path=environment_python("lint").parent)
    assert pre_commit
    assert run(pre_commit, "install", cwd=copy).returncode == 0
    slip = "rec" + "ieve"  # in two parts, so that this file has no slip
    edit(copy / "docs/about/mission.md", lambda text: f"{text}\nWe {slip}.\n")
    refused = git("commit", "--all", "--message=Slip")
    assert refused.returncode != 0
    assert re.search(rf"docs/about/mission\.md:\d+: {slip} ==> receive", refused.stdout)


def test_linters_have_fixed_versions() -> None:
    """Each hook takes its tools from PyPI in an exact version."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    for repo in config["repos"]:
        assert repo["repo"] == "local"
        for hook in repo["hooks"]:
            assert all(re.fullmatch(r"[\w.-]+==[\w.]+", d) for d in hook["additional_dependencies"])
