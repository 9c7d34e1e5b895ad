"""The rule of the house: docs/ holds words, packages/ know no site, the noxfile stays small."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from support import DOCS, ROOT, report

MODULES = {path.parent.name: path.parent.parent for path in ROOT.glob("packages/*/*/__init__.py")}
PACKAGES = sorted(set(MODULES.values()))
MADE = {"node_modules", "__pycache__", "_build"}
SITE = re.compile("quansight|tania|gommers|oliphant", re.IGNORECASE)
IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)


def texts(folder: Path, pattern: str = "*") -> Iterator[tuple[Path, str]]:
    """Yield each text file below a folder, by its path in the project, that people have written."""
    for file in sorted(folder.rglob(pattern)):
        if file.is_file() and not MADE & set(file.parts):
            content = file.read_bytes()
            if b"\0" not in content:
                yield file.relative_to(ROOT), content.decode("utf-8", errors="replace")


def test_packages_know_nothing_of_this_site() -> None:
    """No name, domain or address of the site is in packages/, and no import of another package."""
    found = []
    for package in PACKAGES:
        for file, text in texts(package):
            for number, line in enumerate(text.splitlines(), 1):
                found += [f"{file}:{number}: names this site: {m[0]}" for m in SITE.finditer(line)]
            if file.suffix == ".py":
                others = {
                    name for name in IMPORT.findall(text) if MODULES.get(name, package) != package
                }
                found += [f"{file}: imports {name}, another package" for name in others]
    report(found, "Make it a setting of the package, or use an example such as example.org.")


def test_packages_are_complete() -> None:
    """Each package has a README, its own dependencies and its own tests."""
    wanted = ("README.md", "pyproject.toml", "tests")
    missing = [
        p / name for p in ROOT.glob("packages/*") for name in wanted if not (p / name).exists()
    ]
    report(f"{path.relative_to(ROOT)} is missing" for path in missing)


def test_docs_hold_no_program() -> None:
    """docs/ has no Python but conf.py and the extensions in docs/_ext, 100 lines at most."""
    found = {file: text.count("\n") for file, text in texts(DOCS, "*.py")}
    del found[Path("docs/conf.py")]
    report(file for file in found if file.parent != Path("docs/_ext"))
    lines = sum(found.values())
    assert lines <= 100, (
        f"docs/_ext has {lines} lines of Python. Move what others can use to packages/."
    )


def test_commands_stay_few() -> None:
    """The noxfile has at most 260 lines and 10 sessions, and names packages that exist."""
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    lines, sessions = noxfile.count("\n"), noxfile.count("\n@nox.session")
    assert lines <= 260, f"noxfile.py has {lines} lines, more than 260"
    assert sessions <= 10, f"noxfile.py has {sessions} sessions, more than 10"
    served = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["packages"]
    bare = {"nox", "lock", "audit"} & served.keys()
    assert not bare, f"[tool.packages]: {bare} would install Sphinx. They need no package."
    named = {name for names in served.values() for name in names}
    report(f"[tool.packages]: there is no packages/{n}" for n in named - {p.name for p in PACKAGES})
