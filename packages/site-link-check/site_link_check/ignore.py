r"""The links that nobody checks, each with a reason and the last day on which it holds.

They are listed in `pyproject.toml`:

    [tool.site-link-check]
    ignore = [
      { pattern = "https://example\\.org/old/.*", reason = "…", expires = 2027-06-30 },
    ]
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

TABLE = "[tool.site-link-check]"


class WrongUseError(Exception):
    """What was asked can't be done; the message says what to change."""


@dataclass(frozen=True)
class Ignored:
    """One entry of the list."""

    place: str  # such as "pyproject.toml:12"
    pattern: re.Pattern[str]  # of a whole address
    reason: str
    expires: date

    def matches(self, spellings: Iterable[str]) -> bool:
        """Return whether the pattern matches one of the spellings of an address."""
        return any(self.pattern.fullmatch(address) for address in spellings)


def read(file: Path) -> list[Ignored]:
    """Read the list.

    Args:
        file: the `pyproject.toml`; without one, nothing is ignored.

    Returns:
        The entries.

    Raises:
        WrongUseError: if the file or an entry is wrong.
    """
    if not file.exists():
        return []
    try:
        text = file.read_text(encoding="utf-8")
        settings = tomllib.loads(text).get("tool", {}).get("site-link-check", {})
    except ValueError as error:
        raise WrongUseError(f"{file.name}: it isn't TOML: {error}") from error
    entries = settings.pop("ignore", []) if isinstance(settings, dict) else None
    if settings or not isinstance(entries, list):
        raise WrongUseError(f"{file.name}: {TABLE} takes one setting, `ignore = [...]`")
    return [_entry(file.name, text, entry) for entry in entries]


def _entry(name: str, text: str, settings: object) -> Ignored:
    """Return one entry; raise `WrongUseError` if a part of it is missing or wrong."""
    known = settings if isinstance(settings, dict) else {}
    pattern, reason, expires = (known.get(key) for key in ("pattern", "reason", "expires"))
    # The line that has the pattern, escaped or not; else the one of the table.
    spellings = (str(pattern), str(pattern).replace("\\", "\\\\"), TABLE)
    lines = [*enumerate(text.splitlines(), 1)]
    place = f"{name}:{next((n for s in spellings for n, line in lines if s in line), 1)}"
    is_whole = isinstance(pattern, str) and isinstance(reason, str) and reason.strip()
    if not is_whole or type(expires) is not date or len(known) > 3:
        raise WrongUseError(
            f"{place}: an entry of `ignore` needs a pattern, a reason and a date. Write "
            r'{ pattern = "https://example\\.org/.*", reason = "why", expires = 2027-06-30 }'
        )
    try:
        return Ignored(place, re.compile(pattern), reason, expires)
    except re.error as error:
        raise WrongUseError(
            f"{place}: `{pattern}` isn't a regular expression: {error}. Correct it"
        ) from error


def stale(
    entries: Iterable[Ignored], links: Collection[tuple[str, ...]], today: date | None
) -> Iterator[str]:
    """Find the entries that must go.

    Args:
        entries: the list.
        links: each link of the site, in all its spellings.
        today: the day; None if this run accepts entries that have expired.

    Yields:
        A message for each entry that has expired, or that no link needs.
    """
    for entry in entries:
        pattern = entry.pattern.pattern
        if not any(map(entry.matches, links)):
            yield f"{entry.place}: no link matches `{pattern}`. Take the entry out"
        elif today and entry.expires < today:
            yield (
                f"{entry.place}: `{pattern}` was ignored until {entry.expires}. Take the entry "
                "out, or give it a new date if the link still can't be checked"
            )
