"""Which records need not be sent back to the device that has just changed them, because it knows them (ADR 0018).

A guess that errs on the side of sending: the device compares digests, and asks again where it is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.domain.access import SHARED, Scope
from app.domain.fields import SCHEMA_VERSION
from app.domain.ids import EntityId
from app.server.auth import Device
from app.server.feed import Before
from app.server.records import Record
from app.sync.wire import SyncRequest


def heard(request: SyncRequest) -> Mapping[Scope, int] | None:
    """How far the device has read, if it takes echoes; they only mean the same for the same registry of fields."""
    return request.cursors if request.echoes and request.schema_version == SCHEMA_VERSION else None


def known_to(
    device: Device,
    cursors: Mapping[Scope, int],
    changed: Collection[Record],
    placed: Mapping[EntityId, frozenset[Scope]],
    before: Before,
) -> dict[EntityId, int]:
    """Digests, by id, of those records of which the device has all: it had read them whole, as they were.

    Args:
        cursors: how far the device has read.
        changed: records that nothing but changes of this request, taken as they came, has altered.
        before: where they stood in the feeds.
    """
    found: dict[EntityId, int] = {}
    for record in changed:
        scopes = placed[record.id] & device.grant.scopes
        if not scopes - SHARED:
            continue  # without the internal fields
        if record.packed is not None:
            if placed[record.id] != record.scopes:
                continue
            entries = [(scope, before.get((scope, record.id))) for scope in scopes]
            if not all(entry is not None and entry.seq <= cursors.get(scope, 0) for scope, entry in entries):
                continue
        found[record.id] = record.digest
    return found
