"""What all readers of typed words share: the faults, the tidying, the words for "unknown"."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from app.errors import UserError

LONGEST_TYPED = 120
"""No date, amount or key is longer; anything longer is a paste into the wrong field, not looked at."""


class ParseFault(StrEnum):
    """Why typed words are no value; the code a text in ``app.ui.labels`` belongs to."""

    TOO_LONG = "parse.too_long"
    DATE_NOT_UNDERSTOOD = "parse.date_not_understood"
    DATE_NO_SUCH_DAY = "parse.date_no_such_day"
    DATE_YEAR_OUT_OF_RANGE = "parse.date_year_out_of_range"
    DATE_AMBIGUOUS = "parse.date_ambiguous"
    DATE_NEEDS_YEAR = "parse.date_needs_year"
    DATE_TWO_DATES = "parse.date_two_dates"
    DATE_WRONG_WEEKDAY = "parse.date_wrong_weekday"
    DATE_GARBLED = "parse.date_garbled"
    MONEY_NOT_UNDERSTOOD = "parse.money_not_understood"
    MONEY_AMBIGUOUS = "parse.money_ambiguous"
    MONEY_GROUPING = "parse.money_grouping"
    MONEY_TOO_PRECISE = "parse.money_too_precise"
    MONEY_TOO_LARGE = "parse.money_too_large"
    AGS_NOT_UNDERSTOOD = "parse.ags_not_understood"
    AGS_UNKNOWN = "parse.ags_unknown"
    MUNICIPALITY_UNKNOWN = "parse.municipality_unknown"
    MUNICIPALITY_AMBIGUOUS = "parse.municipality_ambiguous"
    PERCENT_NOT_UNDERSTOOD = "parse.percent_not_understood"
    PERCENT_OUT_OF_RANGE = "parse.percent_out_of_range"
    REGION_TABLE = "parse.region_table"


class ParseError(UserError):
    """Typed words that are no value of the wanted kind.

    Readers of a person's words *return* it (a bad cell is an ordinary outcome, beside the value and
    None for "unknown"); decoders of our own stored text *raise* it.

    Attributes:
        fault: which rule was broken; the same as ``code``.
        position: index of the first character that could not be taken, for caret and import report.
    """

    code = "parse"

    def __init__(self, fault: ParseFault, text: str, position: int = 0) -> None:
        super().__init__(fault.value, text=text[:80], position=position)
        self.fault = fault
        self.position = position


_SPACES = "\t\n\v\f\r\u00a0\u1680\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200C)))
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_QUOTES = "\u2018\u2019\u02bc\u00b4`"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_QUOTES, "'"),
        "\u2044": "/",
        "\u2248": "~",
    }
)

# compared without spaces and full stops: "k. A." is "ka"
_MEANING_UNKNOWN = frozenset(
    {
        *("", "-", "--", "---", "?", "??", "/", "ka", "na", "n/a", "nn", "oa", "tbd", "tba", "tbc"),
        *("offen", "nochoffen", "unbekannt", "nochunbekannt", "unklar", "nochunklar", "nichtbekannt"),
        *("nochnichtbekannt", "keineangabe", "keineangaben", "ohneangabe", "folgt", "entfällt"),
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, ready to be read.

    Attributes:
        text: as it was typed.
        bare: without space around it, typographic spaces, dashes and quotes folded to plain ones.
        start: where ``bare`` begins in ``text``; all folding is character for character.
    """

    text: str
    bare: str
    start: int

    def fault(self, fault: ParseFault, at: int = 0) -> ParseError:
        """The error for what stands at index ``at`` of ``bare``."""
        return ParseError(fault, self.text, self.start + at)


def open_typed(text: str) -> Typed | ParseError | None:
    """Prepare typed words for a reader; None for "unknown", an error for a paste of whole pages."""
    bare = text.strip()
    start = text.index(bare[0]) if bare else 0
    if len(bare) > LONGEST_TYPED:
        return ParseError(ParseFault.TOO_LONG, text, start + LONGEST_TYPED)
    folded = bare.translate(_PLAIN)
    bare = folded.strip()
    start += len(folded) - len(folded.lstrip())
    if fold_word(bare).replace(" ", "").replace(".", "") in _MEANING_UNKNOWN:
        return None
    return Typed(text, bare, start)


def fold_word(word: str) -> str:
    """The comparable form of one typed word: composed and lower case."""
    return unicodedata.normalize("NFC", word).lower()
