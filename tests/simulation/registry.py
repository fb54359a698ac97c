"""Two registries of fields at once: a device whose program has not been updated beside the newer ones.

An older registry is today's without what has been added since. While an older device's program runs, the
whole process knows that one only; whoever it calls (the agency, others meanwhile) speaks their own again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from app.domain.fields import KINDS, SCHEMA_VERSION, Kind, internal_slots
from app.models import gaps, rereading
from app.sync import exchange, preview

NEWEST = SCHEMA_VERSION
OLDER = (1, 3)
"""Registries that an older device may have."""
_SPOKEN = (exchange, rereading, gaps, preview)
_TODAY = dict(KINDS)
SINCE = {(k.name, s.id): min(f.since for f in s.fields) for k in KINDS.values() for s in k.slots}
"""Of every slot, by (kind, id), the registry that it came with."""
for _name in KINDS:
    internal_slots(_name)  # is remembered by name: of the newest registry, which knows all
_spoken = [NEWEST]


@cache
def _kinds(version: int) -> dict[str, Kind]:
    return {name: then for name, kind in _TODAY.items() if (then := _as_of(kind, version)) is not None}


def _as_of(kind: Kind, version: int) -> Kind | None:
    fields = [f for f in kind.fields if f.since <= version]
    if len(fields) == len(kind.fields):
        return kind
    return Kind(kind.name, kind.title, *fields, root=kind.is_root, named_by=kind.named_by) if fields else None


@contextmanager
def speaking(version: int = NEWEST) -> Iterator[None]:
    """What runs meanwhile knows the fields of that registry."""
    before = _spoken[-1]
    if version == before:
        yield
        return
    _spoken.append(version)
    _know(version)
    try:
        yield
    finally:
        _spoken.pop()
        _know(before)


def _know(version: int) -> None:
    KINDS.clear()
    KINDS.update(_kinds(version))
    for module in _SPOKEN:
        module.SCHEMA_VERSION = version  # type: ignore[attr-defined]
