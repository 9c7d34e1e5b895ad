r"""The links that nobody checks, each with a reason and the day on which that ends.

They stand in `pyproject.toml`:

    [tool.linkcheck]
    ignore = [
      { pattern = "https://numpy\\.org/old/.*", reason = "…", expires = 2027-06-30 },
    ]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class WrongUseError(Exception):
    """What was asked cannot be done; the message says what to change."""


@dataclass(frozen=True)
class Ignored:
    """One entry of the list."""

    place: str  # such as "pyproject.toml:12"
    pattern: re.Pattern[str]  # of a whole address
    reason: str
    expires: date

    def matches(self, *addresses: str) -> bool:
        """Tell whether an address is ignored."""
        return any(self.pattern.fullmatch(address) for address in addresses)


def read(file: Path) -> list[Ignored]:
    """Read the list.

    Args:
        file: the `pyproject.toml`; without one, nothing is ignored.

    Returns:
        The entries.

    Raises:
        WrongUseError: if the file or an entry cannot be understood.
    """
    if not file.exists():
        return []
    try:
        text = file.read_text(encoding="utf-8")
        settings = tomllib.loads(text).get("tool", {}).get("linkcheck", {})
    except ValueError as error:
        raise WrongUseError(f"{file.name}: it is not TOML: {error}") from error
    if not isinstance(settings, dict) or not isinstance(settings.get("ignore", []), list):
        raise WrongUseError(f"{file.name}: [tool.linkcheck] takes a list, `ignore = [...]`")
    if unknown := set(settings) - {"ignore"}:
        raise WrongUseError(
            f"{file.name}: [tool.linkcheck] takes `ignore` alone, not {', '.join(sorted(unknown))}"
        )
    return [entry(file.name, text, one) for one in settings.get("ignore", [])]


def entry(name: str, text: str, settings: object) -> Ignored:
    """Return one entry; raise `WrongUseError` if a part of it is missing or wrong."""
    known = settings if isinstance(settings, dict) else {}
    pattern, reason, expires = (known.get(key) for key in ("pattern", "reason", "expires"))
    place = f"{name}:{line_of(text, str(pattern))}"
    is_whole = isinstance(pattern, str) and isinstance(reason, str) and reason.strip()
    if not is_whole or type(expires) is not date or len(known) > 3:
        raise WrongUseError(
            f"{place}: an entry of `ignore` needs a pattern, a reason and a date. Write "
            r'{ pattern = "https://numpy\\.org/.*", reason = "why", expires = 2027-06-30 }'
        )
    try:
        return Ignored(place, re.compile(pattern), reason, expires)
    except re.error as error:
        raise WrongUseError(f"{place}: `{pattern}` is no regular expression: {error}") from error


def line_of(text: str, pattern: str) -> int:
    """Return the line of a file that has a pattern, escaped or not; else that of the table."""
    lines = text.splitlines()
    spellings = (pattern, pattern.replace("\\", "\\\\"), "[tool.linkcheck]")
    found = (n for s in spellings for n, line in enumerate(lines, 1) if s in line)
    return next(found, 1)


def stale(
    entries: Iterable[Ignored], addresses: Iterable[tuple[str, ...]], today: date | None
) -> list[str]:
    """Return what is wrong with entries that were right once.

    Args:
        entries: the list.
        addresses: each link of the site, in all its spellings.
        today: the day; None if an entry that has expired is not this run's concern.

    Returns:
        A message for each entry that has expired, or that no link needs.
    """
    found = []
    spelt = list(addresses)
    for one in entries:
        if not any(one.matches(*spellings) for spellings in spelt):
            found.append(
                f"{one.place}: no link matches `{one.pattern.pattern}`. Take the entry out"
            )
        elif today and one.expires < today:
            found.append(
                f"{one.place}: `{one.pattern.pattern}` was ignored until {one.expires}. Take the "
                "entry out; if the link is still not to be checked, give it a new date"
            )
    return found
