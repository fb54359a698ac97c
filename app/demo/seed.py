"""Fills the demo's agency with the region, the way it would really get there: clients that sync."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from app.config import Profile
from app.demo.client import Client
from app.demo.region import DemoRegion, Record
from app.domain.fields import KINDS, Merge
from app.domain.ids import text_peer
from app.domain.text import TextDoc, TextState
from app.services import adoptions, measures

_BETWEEN_MS = 600_000
"""From one deed of those who learn from each other to the next."""


class DemoClock:
    """A clock that can be set, for records that were written long ago. Milliseconds UTC."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def seed(folder: Path, url: str, code: str, person: str, device: str, region: DemoRegion, clock: DemoClock) -> int:
    """Writes all records as one client, lets towns learn from each other and syncs; the number of records."""
    client = Client.create(Profile.at(folder), person, device, "", clock=clock)
    try:
        client.join(url, code)
        roots: dict[str, list[Record]] = defaultdict(list)
        for record in region.records:
            roots[record.root_id].append(record)
        for group in sorted(roots.values(), key=_age):
            clock.now_ms = max(clock.now_ms + 1, _age(group))
            _write(client, group)
        for adoption in region.adoptions:
            clock.now_ms += _BETWEEN_MS
            made = adoptions.adopt(client.store, adoption.original, adoption.lead_ags)
            measures.edit(client.store, made, adoption.own)
            clock.now_ms += _BETWEEN_MS
            measures.edit(client.store, adoption.original, adoption.later)
        client.sync()
    finally:
        client.close()
    return len(region.records)


def _age(group: Sequence[Record]) -> int:
    return group[0].touched_ms


def _write(client: Client, group: Sequence[Record]) -> None:
    """One root with everything below it, as one change, and its long text as another."""
    root = (group[0].root_kind, group[0].root_id)
    with client.store.change(f"{root[0]}.create") as draft:
        for record in group:
            text = {f.name for f in KINDS[record.kind].fields if f.merge is Merge.TEXT}
            values = {k: v for k, v in record.values.items() if k not in text}
            draft.create(record.kind, record.id, None if record.id == root[1] else root, values)
            for name in sorted(text & record.values.keys()):
                slot = KINDS[record.kind].slot_of[name].id
                doc = TextDoc(TextState(), text_peer(draft.dot.replica, record.id, slot, 0))
                doc.insert(0, str(record.values[name]))
                update = doc.take_update()
                assert update is not None
                draft.update_text(record.kind, record.id, name, update)
