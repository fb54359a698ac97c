"""The one place where English codes become German words. No Qt here: the command line says the same words.

Codes this version does not know (written by a newer one) are shown as they are, never hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum

from app.domain.catalogue import ContributionKind, Sdg
from app.domain.fields import KINDS, Field, Merge, Type
from app.domain.german import title_sort_key
from app.domain.money import format_money
from app.domain.partial_date import PartialDate
from app.domain.reading import ParseError
from app.errors import MasswerkError, Param
from app.ui.wording import courier, events, hall, lists, names, refusals
from app.ui.wording.times import count, local_time, number, saved_at, when, when_exactly, when_short

__all__ = [
    "NONE", "UNKNOWN", "action_text", "card_label", "count", "date_text", "error_text", "error_words",
    "field_label", "finding_text", "kind_label", "label", "label_of", "local_time", "log_text", "number",
    "pending_text", "prefix_of", "questions_text", "reason_text", "receipt_text", "saved_at",
    "short_field_label", "short_label", "slot_label", "value_text", "when", "when_exactly", "when_short",
]  # fmt: skip

NONE = "–"
"""Nothing entered; muted on the screen."""
UNKNOWN = "unbekannt"

_PLACEHOLDER = re.compile(r"\{(?P<name>\w+)(?:\|(?P<one>[^|}]*)\|(?P<many>[^|}]*))?\}")


# Closed lists ---------------------------------------------------------------------------------


def label(member: Enum) -> str:
    """The full German word: "Bildung, Kultur & Tourismus"."""
    return lists.FULL.get((type(member), member.value), str(member.value))


def short_label(member: Enum) -> str:
    """The word for tables and chips: "Bildung & Kultur"; the full one belongs in the tooltip."""
    return lists.SHORT.get((type(member), member.value), str(member.value))


def label_of(values: type[Enum], code: object, short: bool = False) -> str:
    """The word for a stored code; an unknown code stays as it is, none is "–"."""
    if code is None or code == "":
        return NONE
    try:
        member = values(int(str(code)) if values is Sdg else code)
    except ValueError:
        return str(code)
    return short_label(member) if short else label(member)


_PREFIXES = {
    "question": "?",
    "decision": "!",
    "strength": "+",
    "weakness": "-",
    "task": "@",
}


def prefix_of(kind: str) -> str:
    """The key that makes a line of the Mitschrift this kind of card; empty for an idea and the rest."""
    return _PREFIXES.get(kind, "")


def card_label(kind: str) -> str:
    """The kind of a card; a task is one too where people type."""
    return kind_label("task") if kind == "task" else label_of(ContributionKind, kind, short=True)


# Kinds and fields -----------------------------------------------------------------------------


def kind_label(kind: str, amount: int = 1) -> str:
    """ "Maßnahme", or "Maßnahmen" for any other amount than one."""
    one, many = names.KINDS.get(kind, (kind, kind))
    return one if amount == 1 else many


def field_label(kind: str, field: str) -> str:
    """The full name of a field, as the history, the screen reader and messages say it."""
    name = names.FIELDS.get(kind, {}).get(field, field)
    return name if isinstance(name, str) else name[0]


def part_field_label(kind: str, field: str) -> str:
    """A field of a measure or workshop by its name, of a part with what it is part of: "Risiko: Zuständig"."""
    told = field_label(kind, field)
    return told if KINDS[kind].is_root else f"{kind_label(kind)}: {told}"


def short_field_label(kind: str, field: str) -> str:
    """The name beside a control of a form, where the section says the rest."""
    name = names.FIELDS.get(kind, {}).get(field, field)
    return name if isinstance(name, str) else name[1]


def slot_label(kind: str, slot: str) -> str:
    """What merges as one, by its slot name: "Status, Begründung, Datum", or the field's own name."""
    if slot == "_deleted":
        return "Gelöscht"
    return names.SLOTS.get(kind, {}).get(slot) or field_label(kind, slot)


def value_text(kind: str, field: str, value: object, place: Callable[[str], str] = str) -> str:
    """A stored value as people read it; "–" for none.

    Args:
        place: the name of a municipality by its key.
    """
    described = KINDS[kind].by_name[field]
    if described.merge is Merge.SET and isinstance(value, Iterable) and not isinstance(value, str):
        words = (_one_value(described, each, place) for each in value)
        return ", ".join(sorted(words, key=title_sort_key)) or NONE
    if value is None or value == "":
        return NONE
    return _one_value(described, value, place)


def _one_value(field: Field, value: object, place: Callable[[str], str]) -> str:
    if field.values is not None:
        return label_of(field.values, value)
    if field.name == "sdgs":
        return label_of(Sdg, value)
    match field.type:
        case Type.CENTS if isinstance(value, int):
            return format_money(value)
        case Type.PARTIAL_DATE:
            return date_text(str(value))
        case Type.BOOL:
            return "ja" if value else "nein"
        case Type.AGS:
            return place(str(value))
        case Type.HASH:
            return f"{str(value)[:8]} …"
        case Type.INSTANT | Type.LOCAL_TIME:
            return moment_text(str(value))
    if field.name.endswith("_percent"):
        return f"{value} %"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def date_text(encoded: str | None) -> str:
    """A stored partial date as people read it; "–" for none, the text itself where it is none of ours."""
    if not encoded:
        return NONE
    try:
        return str(PartialDate.decode(encoded))
    except ParseError:
        return encoded


def moment_text(stored: str) -> str:
    """A stored instant on this desk's clock, a stored local time as it is: "26.11.2026, 19:00"."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return stored
    if moment.tzinfo is not None:
        moment = moment.astimezone()
    return f"{moment:%d.%m.%Y, %H:%M}"


# What happened --------------------------------------------------------------------------------


def action_text(action: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """One line of the history: "Maßnahme angelegt", "Status geändert", "Karte zu Maßnahme gemacht".

    Args:
        action: the code of a change, "kind.verb".
        fields: kinds and fields (or slots) it touched, to name them instead of the record.
    """
    kind, _, verb = action.partition(".")
    touched = list(dict.fromkeys(slot_label(k, name) for k, name in fields))
    if touched and verb in ("edit", "restore_value"):
        rest = len(touched) - 2
        more = f" und {count(rest, 'weiteres Feld', 'weitere Felder')}" if rest > 0 else ""
        return f"{', '.join(touched[:2])}{more} {events.VERBS[verb]}"
    if action in events.ACTIONS:
        return events.ACTIONS[action]
    done = events.VERBS.get(verb.removesuffix("_many"))
    if kind in names.KINDS and done:
        return f"Mehrere {kind_label(kind, 2)} {done}" if verb.endswith("_many") else f"{kind_label(kind)} {done}"
    return action


def log_text(code: str, params: Mapping[str, Param]) -> str:
    """One line of the kept log of the Abgleich."""
    told = dict(params)
    if "reason" in told:
        reason = str(told["reason"])
        if code.startswith("letter."):
            told["reason"] = hall.LETTER_REASONS.get(reason, hall.OTHER_LETTER_REASON)
        else:
            told["reason"] = error_text(reason)[0] if code.startswith("backup.") else reason_text(reason)
    words = events.LATE if code in events.LATE and not told.get("receipt") else events.LOG
    return _filled(words[code], told) if code in words else code


def answer_text(verdict: str, confirmed: int, received: int, resent: int, more: bool) -> str:
    """What reading an answer to a courier file did, and what is left to do."""
    told = {"confirmed": confirmed, "received": received, "resent": resent}
    said = [courier.ANSWERS[verdict]]
    if resent and verdict != "restored":
        said.append(courier.AGAIN)
    if more:
        said.append(courier.MORE)
    return " ".join(_filled(words, told) for words in said)


def reason_text(reason: str) -> str:
    """Why the agency set a change aside."""
    return events.REASONS.get(reason, events.OTHER_REASON)


def finding_text(code: str) -> str:
    """What a check says about a field, to stand behind its name."""
    return events.FINDINGS.get(code, code)


# Errors ---------------------------------------------------------------------------------------


def error_text(code: str, params: Mapping[str, Param] | None = None) -> tuple[str, str]:
    """One sentence what happened and one what to do; for an unknown code, that the work is safe."""
    told = dict(params or {})
    said = refusals.SAID.get(f"{code}/{told.get('reason')}") or refusals.SAID.get(code) or refusals.UNKNOWN
    told["code"] = code
    if "kind" in told and "field" in told:
        told["field"] = field_label(str(told["kind"]), str(told["field"]))
    return _filled(said[0], told), _filled(said[1], told)


def error_words(error: MasswerkError) -> tuple[str, str]:
    """The same for an error at hand; codes of a newer agency fall back to what its class says."""
    code = error.code if error.code in refusals.SAID else type(error).code
    return error_text(code, error.params)


def _filled(template: str, params: Mapping[str, Param]) -> str:
    """A text with its parameters: numbers grouped, "{n|one|many}" in the right number, none as "?"."""

    def fill(found: re.Match[str]) -> str:
        value = params.get(found["name"])
        if found["one"] is not None and isinstance(value, int):
            return count(value, found["one"], found["many"])
        if value is None:
            return "?"
        if isinstance(value, int | float) and not isinstance(value, bool) and found["name"] not in _NUMBERED:
            return number(round(value))
        return str(value)

    return _PLACEHOLDER.sub(fill, template)


_NUMBERED = frozenset({"receipt", "line", "other", "column", "pid"})
"""Numbers that name something: not grouped."""


# The status line ------------------------------------------------------------------------------


def pending_text(pending: int) -> str:
    """How many own changes have no receipt yet."""
    if pending == 0:
        return "Alles übertragen"
    return f"{count(pending, 'Änderung', 'Änderungen')} noch nicht übertragen"


def questions_text(questions: int) -> str:
    """How many questions wait for a person; empty for none."""
    return count(questions, "offene Frage", "offene Fragen") if questions else ""


def receipt_text(at: datetime | None, now: datetime, receipt: int | None = None) -> str:
    """ "letzter Abgleich heute 14:32, Quittung 4711"."""
    if at is None:
        return "noch nie abgeglichen"
    told = f"letzter Abgleich {when(at, now)}"
    return f"{told}, Quittung\u00a0{receipt}" if receipt else told
