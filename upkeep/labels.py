"""The command `python -m upkeep.labels`: make the labels of `.github/labels.json` on GitHub.

Forms, workflows and Renovate name labels, and GitHub passes over a label that is not there.
"""

from __future__ import annotations

import json
from pathlib import Path

from upkeep.issue import gh

FILE = Path(__file__).parents[1] / ".github/labels.json"


def main() -> None:
    """Create each label, or give it the color and the description of the file."""
    for label in json.loads(FILE.read_text(encoding="utf-8")):
        words = [f"--color={label['color']}", f"--description={label['description']}"]
        gh("label", "create", label["name"], "--force", *words)


if __name__ == "__main__":
    main()
