"""Reading dates as people type them: "3.12.20", "Q3/2024", "bis Ende 2023", "KW 12", "in 2 Wochen".

Typed words become a row of marks, one letter each, and a small table of patterns over these marks
says what they mean. Decisions where German usage leaves room:

- Without a year the next one that is not over yet is meant ("KW 12", "Herbst", "3.4.").
- A weekday is the next one after today; "Ende der Woche" is its Friday.
- Two-digit years are 1970 to 2069. "12/24" is December 2024; "3/12" could be two things: we ask.
- Day comes before month, also with slashes and dashes; year first is ISO.
- "bis", "ab", "ca.", "voraussichtlich" are read over: Beginn, Ende and Frist say it already.
- "Winter 2024" begins in December 2024.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.partial_date import PartialDate, Precision, Qualifier
from app.domain.reading import LONGEST_TYPED, ParseError, ParseFault, fold_word, open_typed

# One letter per kind of word, each word with the value it carries:
#   y four-digit number · n one or two digits · # any other number · M month · W weekday · S season
#   Q quarter · H half · K week · E Anfang/Mitte/Ende · R days from today · J year
#   D a unit, in days · N next · T this · I in · O first to fourth, or roman · f read over · ? unknown
_VOCABULARY: dict[str, dict[int, str]] = {
    "M": {
        1: "januar jan jänner", 2: "februar feb febr", 3: "märz mär mrz maerz", 4: "april apr",
        5: "mai", 6: "juni jun", 7: "juli jul", 8: "august aug", 9: "september sep sept",
        10: "oktober okt", 11: "november nov", 12: "dezember dez",
    },
    "W": {
        1: "montag mo", 2: "dienstag di", 3: "mittwoch mi", 4: "donnerstag do",
        5: "freitag fr", 6: "samstag sa sonnabend", 7: "sonntag so",
    },
    "S": {1: "frühjahr frühling fruehjahr fruehling", 2: "sommer", 3: "herbst", 4: "winter"},
    "Q": {0: "q qu quartal quartals"},
    "H": {0: "h hj halbjahr halbjahrs halbjahres"},
    "K": {0: "kw w kalenderwoche"},
    "E": {1: "anfang anf beginn", 2: "mitte", 3: "ende"},
    "R": {-2: "vorgestern", -1: "gestern", 0: "heute sofort", 1: "morgen", 2: "übermorgen uebermorgen"},
    "J": {0: "jahr jahre jahres jahren"},
    "D": {
        1: "tag tage tagen", 7: "woche wochen", 30: "monat monate monats monaten",
    },
    "N": {0: "nächste nächster nächsten nächstes kommende kommender kommenden kommendes"},
    "T": {0: "diese dieser diesen dieses laufende laufender laufenden laufendes"},
    "I": {0: "in"},
    "O": {1: "erstes i", 2: "zweites ii", 3: "drittes iii", 4: "viertes iv"},
    "n": {
        1: "ein eine einem einer", 2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs",
        7: "sieben", 8: "acht", 9: "neun", 10: "zehn", 11: "elf", 12: "zwölf",
    },
    "f": {
        0: "bis zum zur ab am im vom von der des dem den seit ca circa etwa rund spätestens frühestens"
        " voraussichtlich vsl vrstl geplant",
    },
}  # fmt: skip
_MARKS = {
    word: (mark, value)
    for mark, values in _VOCABULARY.items()
    for value, words in values.items()
    for word in words.split()
}
_COMPOUNDS = {
    "jahresbeginn": (("E", 1), ("J", 0)),
    "jahresmitte": (("E", 2), ("J", 0)),
    "jahresende": (("E", 3), ("J", 0)),
    "monatsende": (("E", 3), ("D", 30)),
    "quartalsende": (("E", 3), ("Q", 0)),
}

_WORD = re.compile(r"[0-9]+|[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*|\S")
_CLOCK_TIME = re.compile(
    r"(?<=[0-9])(?:[Tt]| +|, *)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?: *Uhr|Z|\+[0-9:]{4,6})?$"
)


@dataclass(frozen=True, slots=True)
class _Token:
    mark: str
    value: int
    position: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The marks of a typed date with what they carry; picks values by mark."""

    marks: str
    tokens: tuple[_Token, ...]
    day: date | None

    @property
    def today(self) -> date:
        if self.day is None:
            raise ParseError(ParseFault.DATE_NEEDS_YEAR, "")
        return self.day

    def numbers(self, marks: str = "nyO") -> list[int]:
        return [token.value for token in self.tokens if token.mark in marks]

    def value(self, mark: str) -> int:
        return next(token.value for token in self.tokens if token.mark == mark)


def parse_partial_date(text: str, today: date | None = None) -> PartialDate | ParseError | None:
    """Read a typed date.

    Args:
        text: anything at all.
        today: what "morgen", "KW 12" and "Herbst" count from; None for words out of a file, where
            nobody knows when they were written: then such words are a fault.

    Returns:
        The date; None where the words say that it is unknown ("", "k. A.", "offen"); else the fault.
    """
    typed = open_typed(text)
    if typed is None or isinstance(typed, ParseError):
        return typed
    words = _read(_CLOCK_TIME.sub("", typed.bare), today)
    strange = next((token for token in words.tokens if token.mark in "?#"), None)
    if strange is not None:
        return typed.fault(ParseFault.DATE_NOT_UNDERSTOOD, strange.position)
    first = words.tokens[0].position if words.tokens else 0
    for pattern, meaning in _MEANINGS:
        if pattern.fullmatch(words.marks):
            try:
                return meaning(words)
            except ParseError as error:
                return typed.fault(error.fault, first)
    years = [token.position for token in words.tokens if token.mark == "y"]
    if len(years) > 1:
        return typed.fault(ParseFault.DATE_TWO_DATES, years[1])
    return typed.fault(ParseFault.DATE_NOT_UNDERSTOOD, first)


def full_year(year: int) -> int:
    """A typed year with its century: 20 is 2020, 85 is 1985."""
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _read(bare: str, today: date | None) -> _Words:
    tokens: list[_Token] = []
    for found in _WORD.finditer(bare):
        word, position = fold_word(found[0]), found.start()
        if word.isascii() and word.isdigit():
            mark = "n" if len(word) <= 2 else "y" if len(word) == 4 and word[0] != "0" else "#"
            tokens.append(_Token(mark, int(word), position))
        elif word in _COMPOUNDS:
            tokens += (_Token(mark, value, position) for mark, value in _COMPOUNDS[word])
        elif word in _MARKS:
            tokens.append(_Token(*_MARKS[word], position))
        else:
            tokens.append(_Token(word if word in "./-,'~" else "?", 0, position))
    tokens = _without_read_over(tokens)
    return _Words("".join(token.mark for token in tokens), tuple(tokens), today)


def _without_read_over(tokens: list[_Token]) -> list[_Token]:
    """Drop the words that say nothing about the date, each with the full stop of its abbreviation."""
    kept: list[_Token] = []
    dropped = False
    for token in tokens:
        if token.mark == "f" or token.mark == "~":
            dropped = True
        elif not (dropped and token.mark == "."):
            kept.append(token)
            dropped = False
    return kept


# What each row of marks means -----------------------------------------------------------------


def _upcoming(words: _Words, make: Callable[[int], PartialDate]) -> PartialDate:
    """The first of its kind that is not over yet; a 29 February or week 53 waits for its year."""
    for year in range(words.today.year - 1, words.today.year + 9):
        try:
            found = make(year)
        except ParseError:
            continue
        if found.latest() >= words.today:
            return found
    raise ParseError(ParseFault.DATE_NO_SUCH_DAY, "")


def _in_year(words: _Words, year: list[int], make: Callable[[int], PartialDate]) -> PartialDate:
    """In the typed year, or in the next one that fits where ``year`` is empty."""
    return make(full_year(year[0])) if year else _upcoming(words, make)


def _qualifier(words: _Words) -> Qualifier | None:
    return Qualifier(words.value("E")) if "E" in words.marks else None


def _day_month_year(words: _Words) -> PartialDate:
    day, month, *rest = words.numbers("nyM")
    return _on_weekday(words, _in_year(words, rest, lambda y: PartialDate(y, Precision.DAY, month, day)))


def _year_month_day(words: _Words) -> PartialDate:
    year, month, day = words.numbers("ny")
    return _on_weekday(words, PartialDate(year, Precision.DAY, month, day))


def _on_weekday(words: _Words, day: PartialDate) -> PartialDate:
    """The day, if it is the weekday typed before it: one of the two is a slip, and we cannot know which."""
    if "W" in words.marks and words.value("W") != day.earliest().isoweekday():
        raise ParseError(ParseFault.DATE_WRONG_WEEKDAY, "")
    return day


def _month(words: _Words) -> PartialDate:
    """A month by its name, or as the first of two numbers."""
    month, *rest = _month_first(words)
    return _in_year(words, rest, lambda y: PartialDate.of_month(y, month, _qualifier(words)))


def _month_first(words: _Words) -> list[int]:
    """Month, then year where there is one, whichever was typed first ("2024-03", "März 2024", "03/2024")."""
    named = [token.value for token in words.tokens if token.mark == "M"]
    numbers = words.numbers("ny")
    if named:
        return named + numbers
    return numbers[::-1] if words.marks.startswith(("y", "Ey")) else numbers


def _short_month(words: _Words) -> PartialDate:
    """ "12/24": a month and a year, unless the second number could as well be a month."""
    first, second = words.numbers("n")
    if second <= 12:
        raise ParseError(ParseFault.DATE_AMBIGUOUS, "")
    return PartialDate.of_month(full_year(second), first, _qualifier(words))


def _part_of_year(precision: Precision) -> Callable[[_Words], PartialDate]:
    def meaning(words: _Words) -> PartialDate:
        numbers = words.numbers()
        if words.marks.lstrip("E").startswith("y"):
            numbers = numbers[::-1]
        part, *rest = numbers
        qualifier = _qualifier(words)
        if precision is Precision.WEEK and qualifier is not None:
            return _in_year(words, rest, lambda y: _week_part(PartialDate(y, precision, part), qualifier))
        return _in_year(words, rest, lambda y: PartialDate(y, precision, part, 0, qualifier))

    return meaning


def _week_part(week: PartialDate, qualifier: Qualifier) -> PartialDate:
    """Beginning, middle, end of a working week: Monday, Wednesday, Friday."""
    return PartialDate.of_day(week.earliest() + timedelta(days=2 * (qualifier - 1)))


def _season(words: _Words) -> PartialDate:
    season, numbers = words.value("S"), words.numbers("ny")
    if len(numbers) == 2 and (season != 4 or numbers[1] not in _as_typed(full_year(numbers[0]) + 1)):
        raise ParseError(ParseFault.DATE_TWO_DATES, "")
    qualifier = _qualifier(words)
    return _in_year(words, numbers[:1], lambda y: PartialDate(y, Precision.SEASON, season, 0, qualifier))


def _as_typed(year: int) -> tuple[int, int]:
    """A year with and without its century."""
    return year, year % 100


def _year(words: _Words) -> PartialDate:
    return PartialDate.of_year(words.value("y"), _qualifier(words))


def _near_year(words: _Words) -> PartialDate:
    """ "dieses Jahr", "nächstes Jahr", "Jahresende"."""
    return PartialDate.of_year(words.today.year + ("N" in words.marks), _qualifier(words))


def _near_quarter(words: _Words) -> PartialDate:
    ahead = words.today.year * 4 + (words.today.month - 1) // 3 + ("N" in words.marks)
    return PartialDate(ahead // 4, Precision.QUARTER, ahead % 4 + 1, 0, _qualifier(words))


def _near_span(words: _Words) -> PartialDate:
    """ "diese Woche", "Ende nächster Woche", "nächsten Monat", "Monatsende"."""
    qualifier, unit, step = _qualifier(words), words.value("D"), int("N" in words.marks)
    if unit == 7:
        week = PartialDate.of_week(words.today + timedelta(days=7 * step))
        return _week_part(week, qualifier) if qualifier else week
    if unit == 30:
        return _months_ahead(words.today, step, qualifier)
    return PartialDate.of_day(words.today + timedelta(days=step))


def _months_ahead(today: date, count: int, qualifier: Qualifier | None) -> PartialDate:
    months = today.year * 12 + today.month - 1 + count
    return PartialDate.of_month(months // 12, months % 12 + 1, qualifier)


def _ahead(words: _Words) -> PartialDate:
    """ "in 3 Tagen", "in zwei Wochen" as a day; "in 2 Monaten", "in einem Jahr" only as exact as that."""
    count = words.value("n")
    if "J" in words.marks:
        return PartialDate.of_year(words.today.year + count)
    unit = words.value("D")
    if unit == 30:
        return _months_ahead(words.today, count, None)
    return PartialDate.of_day(words.today + timedelta(days=unit * count))


def _near_day(words: _Words) -> PartialDate:
    return PartialDate.of_day(words.today + timedelta(days=words.value("R")))


def _weekday(words: _Words) -> PartialDate:
    days = (words.value("W") - words.today.isoweekday() - 1) % 7 + 1
    return PartialDate.of_day(words.today + timedelta(days=days))


_TAIL = r"(?:[/-]?'?[yn])?"
_MEANINGS: tuple[tuple[re.Pattern[str], Callable[[_Words], PartialDate]], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"(?:W\.?,?)?(?:n\.n\.?[yn]?|n\.?M\.?'?[yn]?|n-n-y|n/n/[yn])", _day_month_year),
        (r"(?:W\.?,?)?(?:y-n-n|y/n/n|y\.n\.n)", _year_month_day),
        (r"E?(?:n[/.-]y|y[/.-]n|M\.?[/-]?'?[yn]|M\.?)", _month),
        (r"E?n/n", _short_month),
        (rf"E?(?:Q\.?n{_TAIL}|[nO]\.?Q\.?{_TAIL}|y[/-]?Qn|O[/.]y)", _part_of_year(Precision.QUARTER)),
        (rf"E?(?:H\.?n{_TAIL}|[nO]\.?H\.?{_TAIL}|y[/-]?Hn)", _part_of_year(Precision.HALF)),
        (rf"E?(?:K\.?n{_TAIL}|n\.?K{_TAIL}|y[/-]?Kn)", _part_of_year(Precision.WEEK)),
        (r"E?S(?:[/-]?'?[yn](?:/[yn])?)?", _season),
        (r"E?J?y", _year),
        (r"E?[TN]?J", _near_year),
        (r"E[TN]?Q|[TN]Q", _near_quarter),
        (r"E[TN]?D|[TN]D", _near_span),
        (r"In(?:D|J)", _ahead),
        (r"R", _near_day),
        (r"[TN]?W\.?", _weekday),
    )
)


def split_due(text: str, today: date) -> tuple[str, PartialDate | None]:
    """Take a deadline off the end of a typed task: "Angebote einholen bis KW 3".

    Only what follows the last "bis" is looked at; without a date there, the text stays whole.
    """
    offset = max(0, len(text) - LONGEST_TYPED)
    mentions = list(re.finditer(r"(?:^|[\s,;(])bis\s", text[offset:], re.IGNORECASE))
    if not mentions:
        return text, None
    due = parse_partial_date(text[offset + mentions[-1].end() :].rstrip(" .!)"), today)
    if not isinstance(due, PartialDate):
        return text, None
    return text[: offset + mentions[-1].start()].rstrip(" ,;("), due
