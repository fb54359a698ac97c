"""A record's digest: one number that is equal on two desks exactly when their states are.

Digests are for auditing only (docs/adr/0008): they are computed from what is there, compared, and a
difference sends somebody to look. Nobody ever takes over another's digest.

What counts is who wrote what and what was overwritten: dots, contexts, elements, totals. Left out are
values (a dot names one), hybrid clocks (a receiver may clamp them), texts (their updates are changes,
and `seen` names those) and internal fields (others than a record's owners never see them).
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any

from app.domain.clock import flatten
from app.domain.fields import DELETION_SLOT, Kind, internal_slots
from app.domain.merge import EntityState
from app.domain.unpacking import PackedRow, columns, layout, unpack

BITS = 62
MASK = 2**BITS - 1
"""Sums of two digests still fit into a signed 64-bit integer of either database."""
FORM = 3
"""Of the canonical bytes, and of which fields are internal; whoever keeps digests computes them anew then."""


def digest_of(state: EntityState) -> int:
    """The digest of a state, 0 < digest < 2**62."""
    simple: dict[tuple[int, int], list[int]] = {}
    odd: list[Any] = []
    internal = internal_slots(state.kind)
    for slot in sorted(state.registers):
        register = state.registers[slot]
        if slot in internal or not (register.versions or register.context):
            continue
        if len(register.versions) == 1 and slot != DELETION_SLOT:
            ((dot, _),) = register.versions.items()
            if register.context == {dot.replica: dot.n}:
                simple.setdefault(dot, []).append(slot)
                continue
        odd.append([slot, [x for d in sorted(register.versions) for x in d], flatten(register.context)])
    groups = ",".join([f"[{r},{n},{_numbers(tuple(slots))}]" for (r, n), slots in sorted(simple.items())])
    sets = [
        [slot, _dots(held.elements), flatten(held.context), _dots(held.removed)]
        for slot, held in sorted(state.sets.items())
        if held.context or held.removed
    ]
    counters = [
        [slot, [x for r in sorted(counter.totals) for x in (r, *counter.totals[r])]]
        for slot, counter in sorted(state.counters.items())
        if counter.totals
    ]
    names = f"{_quoted(state.id)},{_quoted(state.root_kind)},{_quoted(state.root_id)}"
    rest = ",".join([_written(part) if part else "[]" for part in (odd, sets, counters)])
    return _hash(f"[{names},{_numbers(tuple(flatten(state.seen)))},[{groups}],{rest}]")


def digest_of_row(kind: Kind, row: PackedRow) -> int:
    """The digest of the state that a packed row of this version stands for, without making that state.

    Raises:
        ContentError: the row was edited since its birth and cannot be read.
    """
    clocks = row[-1]
    if not (clocks.keys() <= _UNTOUCHED and "b" in clocks):
        return digest_of(unpack(kind, columns(kind), row))
    replica, n, _ = clocks["b"]
    seen = clocks.get("v") or [replica, n]
    singles, groups, of_sets = _places(kind)
    slots = [slot for slot, cell in singles if row[cell] is not None]
    for slot, cells in groups:
        if any(row[cell] is not None for cell in cells):
            slots.append(slot)
    slots.sort()
    sets = ",".join([_of_set(slot, tuple(row[cell])) for slot, cell in of_sets if row[cell]])
    sets = sets.replace(_BORN, f"[{replica},{n}]")
    simple = f"[[{replica},{n},{_numbers(tuple(slots))}]]" if slots else "[]"
    # Spelt as `digest_of` spells it; ids and kinds are plain ASCII.
    told = f'["{row[0]}","{row[1]}","{row[2]}",{_numbers(tuple(seen))},{simple},[],[{sets}],[]]'
    return _hash(told)


_BORN = "\0"
"""Stands for the dot of the birth; a written text holds no such sign."""


@lru_cache(maxsize=10_000)
def _of_set(slot: int, elements: tuple[Any, ...]) -> str:
    """A set whose elements were all there at birth. Most sets choose from a few words, and come again and again."""
    told = [f"[{_quoted(e) if e.__class__ is str else _written(e)},{_BORN}]" for e in elements]
    return f"[{slot},[{','.join(told)}],{_BORN},[]]"


@lru_cache(maxsize=10_000)
def _numbers(numbers: tuple[int, ...]) -> str:
    return str(list(numbers)).replace(" ", "")


_UNTOUCHED = frozenset(("b", "v", "t"))


_written = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
"""ASCII, hence the same bytes everywhere."""
_quoted = json.encoder.encode_basestring_ascii
"""A text as `_written` writes it."""


def _hash(told: str) -> int:
    return (int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "big") & MASK) or 1


def _dots(elements: Any) -> list[Any]:
    return [[e, [x for d in sorted(dots) for x in d]] for e, dots in sorted(elements.items())]


@cache
def _places(kind: Kind) -> tuple[Any, ...]:
    """(slot, cell) of single registers, (slot, cells) of groups, (slot, cell) of sets, without internal ones."""
    registers = [p for p in layout(kind).registers if p.id not in internal_slots(kind.name)]
    return (
        tuple((p.id, p.cells[0]) for p in registers if len(p.cells) == 1),
        tuple((p.id, p.cells) for p in registers if len(p.cells) > 1),
        tuple((p.id, p.cells[0]) for p in sorted(layout(kind).sets, key=lambda p: p.id)),
    )
