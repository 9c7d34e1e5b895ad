"""The links that nobody checks, each with a reason and the last day on which it holds."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .aside import Aside, LimitError
from .report import WrongUseError
from .site import Link

TABLE = "[tool.site-link-check]"


@dataclass(frozen=True)
class _Entry:
    """One entry of the list."""

    place: str  # such as "pyproject.toml:12"
    pattern: re.Pattern[str]  # of a whole address
    reason: str
    expires: date


def ignored(file: Path, links: Iterable[Link], today: date | None) -> dict[str, str]:
    """Read the list, and find the links that are on it.

    Args:
        file: the `pyproject.toml`; without one, nothing is ignored.
        links: each link of the site.
        today: the day; None if this run accepts entries that have expired.

    Returns:
        The first spelling of each ignored link, and the reason.

    Raises:
        WrongUseError: if the list is wrong, or an entry has expired or matches no link.
    """
    found: dict[str, str] = {}
    stale = []
    entries = _read(file)
    spellings = sorted({(link.url, link.target) for link in links}) if entries else []
    aside = Aside()
    for entry in entries:
        try:
            matches = aside.call(_matches, entry.pattern, spellings)
        except LimitError:
            raise WrongUseError(
                f"{entry.place}: `{entry.pattern.pattern}` takes too long. Write a simpler "
                "pattern, with no repetition inside another"
            ) from None
        found |= dict.fromkeys(matches, entry.reason)
        about = f"{entry.place}: `{entry.pattern.pattern}`"
        if not matches:
            stale.append(f"{about} matches no link. Take the entry out")
        elif today and entry.expires < today:
            stale.append(
                f"{about} was ignored until {entry.expires}. Take the entry out, or give it a "
                "new date if the link still can't be checked"
            )
    aside.close()
    if stale:
        raise WrongUseError(".\n".join(stale))
    return dict(sorted(found.items()))


def _matches(pattern: re.Pattern[str], links: list[tuple[str, str]]) -> list[str]:
    """Return the links that an entry is about, by their spelling or their address."""
    return [link[0] for link in links if any(map(pattern.fullmatch, link))]


def _read(file: Path) -> list[_Entry]:
    """Read the list; raise `WrongUseError` if the file or an entry is wrong."""
    if not file.exists():
        return []
    try:
        text = file.read_text(encoding="utf-8")
        settings = tomllib.loads(text).get("tool", {}).get("site-link-check", {})
    except (ValueError, RecursionError) as error:
        raise WrongUseError(f"{file.name}: it isn't TOML: {error}") from error
    except (OSError, AttributeError) as error:  # a folder; a `tool` that isn't a table
        raise WrongUseError(f"{file.name}: it isn't a file with settings ({error})") from error
    entries = settings.pop("ignore", []) if isinstance(settings, dict) else None
    if settings or not isinstance(entries, list):
        raise WrongUseError(f"{file.name}: {TABLE} takes one setting, `ignore = [...]`")
    return [_entry(file.name, text, entry) for entry in entries]


def _entry(name: str, text: str, settings: object) -> _Entry:
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
        return _Entry(place, re.compile(pattern), reason, expires)
    except (re.error, OverflowError, RecursionError) as error:
        raise WrongUseError(
            f"{place}: `{pattern}` isn't a regular expression: {error}. Correct it"
        ) from error
