"""Find the dates that no calendar has, so that nobody comes on the wrong day."""

import functools
import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from docutils import nodes
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, language_of, place_of

# fmt: off
DATE = Rule("date", "a day that is not in the calendar",
    "Look it up: the number of the day, the month and the day of the week must fit together.",
    "Readers would come on the wrong day.",
    "We meet on Monday, 31 June 2027.", "We meet on Wednesday, 30 June 2027.")
# fmt: on
MOST_DAYS = 31  # of a month
LEAP = 2024  # where no year is given
DAY, YEAR = r"(?P<day>\d\d?)(?:[a-z]{2}|\.|º)?", r"(?P<year>(?:19|20)\d\d)\b"
# "2027-02-30", "30.02.2027", "30/2/2027" or "2/30/2027", but no part of an address, nor of a
# version as in "10.12.2027.4".
NUMBERS = [
    re.compile(rf"(?<![\w.:/-]){form}(?![\w/-]|\.\w)")
    for form in (
        r"(?P<year>(?:19|20)\d\d)(?P<sign>[-/])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
        r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>(?:19|20)\d\d)",
        r"(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>(?:19|20)\d\d)",
    )
]
TIME = re.compile(
    r"(?:(?<=\b[Aa]t )|(?<=day )|(?<=day, ))(?:(?:2[5-9]|[3-9]\d):\d\d|\d\d?:[6-9]\d)\b"
    r"|\b(?:\d\d?:[6-9]\d|(?:1[3-9]|2\d)(?::\d\d)?) ?[ap]\.?m\b"
)


class Calendar(NamedTuple):
    """The names of a language, and how it writes a day with them."""

    months: dict[str, int]  # from 1
    days: dict[str, int]  # of the week, Monday is 0
    forms: list[re.Pattern[str]]


@functools.cache
def _calendar(language: str) -> Calendar:
    """Return the names of a language, or the English ones."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    months, days = (
        {
            name.casefold().rstrip("."): number
            for width in ("abbreviated", "wide")
            for number, name in names["format"][width].items()
        }
        for names in (locale.months, locale.days)
    )
    if language == "en":
        months |= {"sept": 9}
        days |= {"tues": 1, "weds": 2, "thurs": 3}
    either = ["|".join(sorted(map(re.escape, names), key=len)[::-1]) for names in (months, days)]
    month, day = (
        rf"(?P<month>{either[0]})\b",
        rf"(?:\b(?P<weekday>{either[1]})\b\.?,? (?:the |le |den |dem )?)?",
    )
    # "31 June", "Monday, 31 June 2027"; "June 31, 2027", but not "in May 35 people".
    forms = [rf"{day}(?<!\d)\b{DAY} (?:of |de )?{month}(?:\.?,? (?:of |de )?{YEAR})?"]
    forms += [rf"{day}\b{month}\.? {DAY}(?!\d)(?:,? {YEAR})?"] if language == "en" else []
    behind = rf"(?: \((?P<behind>{either[1]})\))?"
    return Calendar(months, days, [re.compile(form + behind, re.I) for form in forms])


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the dates of a page that are wrong in themselves."""
    calendar = _calendar(language_of(app))
    for text in doctree.findall(nodes.Text):
        for found in itertools.chain(*(form.finditer(text) for form in NUMBERS)):
            day, month, year = (int(found[part]) for part in ("day", "month", "year"))
            either = found.start("day") == found.start()  # 2/30 is 30/2 in the US
            if not (_day(year, month, day) or (either and _day(year, day, month))):
                yield DATE.at(place_of(text.parent, found[0]), found[0])
        for found in TIME.finditer(text):
            yield DATE.at(place_of(text.parent, found[0]), found[0], "nor on a clock")
        for found in itertools.chain(*(form.finditer(text) for form in calendar.forms)):
            month = calendar.months[found["month"].casefold()]
            day = _day(int(found["year"] or LEAP), month, int(found["day"]))
            said = found["weekday"] or found["behind"]
            if not day:
                if int(found["day"]) <= MOST_DAYS or found["year"]:  # not "the top 50 March events"
                    yield DATE.at(place_of(text.parent, found[0]), found[0])
            elif said and found["year"] and calendar.days[said.casefold()] != day.weekday():
                names = (name for name, number in calendar.days.items() if number == day.weekday())
                real = max(names, key=len).capitalize()
                yield DATE.at(place_of(text.parent, found[0]), found[0], f"it is a {real}")


def _day(year: int, month: int, day: int) -> date | None:
    """Return a day, or nothing where no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
