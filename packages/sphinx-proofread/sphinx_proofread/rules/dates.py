"""Find the dates that no calendar has, so that nobody comes on the wrong day."""

import re
from collections.abc import Iterator
from datetime import date

from docutils import nodes
from sphinx.application import Sphinx

from ..rule import Finding, Rule, finds, is_english, place_of

# fmt: off
DATE = Rule("date", "a day that is not in the calendar",
    "Look it up: the number of the day, the month and the day of the week must fit together.",
    "Readers would come on the wrong day.",
    "We meet on Monday, 31 June 2027.", "We meet on Wednesday, 30 June 2027.")
# fmt: on
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_DAYS = 31  # of a month
LEAP = 2024  # where no year is given
WEEKDAY = rf"(?:\b(?P<weekday>{'|'.join(day[:3] for day in DAYS)})[a-z]{{0,6}}\.?,? (?:the )?)?"
MONTH = rf"(?P<month>{'|'.join(MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b"
DAY, YEAR = r"(?P<day>\d\d?)(?:[a-z]{2})?", r"(?P<year>(?:19|20)\d\d)\b"
# "31 June", "Monday, 31 June 2027"; "June 31, 2027", but not "in May 35 people".
DAY_FIRST = re.compile(rf"{WEEKDAY}(?<!\d)\b{DAY} (?:of )?{MONTH}(?:,? {YEAR})?", re.I)
MONTH_FIRST = re.compile(rf"{WEEKDAY}\b{MONTH}\.? {DAY},? {YEAR}", re.I)
# "2027-02-30" and "30.02.2027", but no part of an address, nor of a version as in "10.12.2027.4".
NUMBERS = [
    re.compile(rf"(?<![\w.:/-]){form}(?![\w/-]|\.\w)")
    for form in (
        r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)",
        r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>20\d\d)",
    )
]


@finds("page")
def _check(app: Sphinx, doctree: nodes.document) -> Iterator[Finding]:
    """Find the dates of a page that are wrong in themselves."""
    for text in doctree.findall(nodes.Text):
        for found in (found for form in NUMBERS for found in form.finditer(text)):
            try:
                date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                yield DATE.at(place_of(text.parent, found[0]), found[0])
    for text in doctree.findall(nodes.Text) if is_english(app) else ():
        for found in (found for form in (DAY_FIRST, MONTH_FIRST) for found in form.finditer(text)):
            month = MONTHS.index(found["month"].lower()) + 1
            try:
                day = date(int(found["year"] or LEAP), month, int(found["day"]))
            except ValueError:
                if int(found["day"]) > MOST_DAYS and not found["year"]:  # "the top 50 March events"
                    continue
                yield DATE.at(place_of(text.parent, found[0]), found[0])
                continue
            said, real = found["weekday"], DAYS[day.weekday()]
            if said and found["year"] and not real.casefold().startswith(said.casefold()):
                yield DATE.at(place_of(text.parent, found[0]), found[0], f"it is a {real}")
