"""What must hold after the last kill: nothing reported is missing, no number twice, two devices the same."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from app.demo.client import Client
from app.domain.change import Count
from app.domain.encoding import decode_change
from app.domain.ids import EntityId, derived_id
from app.domain.merge import EntityState
from app.models.engine import reading
from app.models.queries import records, syncing, versions
from app.models.tables import change
from app.services import workshops
from benchmarks._kill_child import Deed, Targets

Log = dict[tuple[int, int], Any]
"""Changes by (replica, n), as they were encoded."""


def prove(
    victim: Client, second: Client, targets: Targets, reported: Sequence[Deed], database: Path
) -> tuple[dict[str, object], list[str]]:
    """Figures, and what was broken."""
    mine = _own_log(victim)
    theirs, quarantined = _agency_log(database, {replica for replica, _ in mine})
    broken = [
        *_missing_changes(reported, mine),
        *_missing_words(victim, targets, reported),
        *_votes(victim, targets, mine),
        *_numbers(mine, theirs),
        *_differing(victim, second),
    ]
    waiting = syncing.standing(victim.workspace.reader).pending
    if waiting or quarantined:
        broken.append(f"{waiting} changes without a receipt, {quarantined} in quarantine")
    figures: dict[str, object] = {
        "changes_in_log": len(mine),
        "changes_at_agency": len(theirs),
        "unreported_but_stored": len(mine) - len({(d.replica, d.n) for d in reported}),
        "replicas": len({replica for replica, _ in mine}),
        "records": len(victim.all_states()),
        "lost": sum(b.startswith("lost") for b in broken),
    }
    return figures, broken


def _own_log(client: Client) -> Log:
    with reading(client.store.engine) as connection:
        found = connection.execute(select(change.c.replica, change.c.n, change.c.body)).all()
    return {(r.replica, r.n): orjson.loads(r.body) for r in found}


def _agency_log(database: Path, replicas: Iterable[int]) -> tuple[Log, int]:
    """What the agency has of these replicas, read from its own file."""
    wanted = set(replicas)
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT replica, n, body FROM change_log").fetchall()
        aside = connection.execute("SELECT count(*) FROM quarantine").fetchone()[0]
        whole = connection.execute("PRAGMA integrity_check").fetchall()
    finally:
        connection.close()
    if whole != [("ok",)]:
        raise SystemExit(f"the agency's file is damaged: {whole[:3]}")
    return {(r, n): orjson.loads(body) for r, n, body in rows if r in wanted}, int(aside)


def _missing_changes(reported: Sequence[Deed], mine: Log) -> list[str]:
    """Every reported edit is in the log under its number, with its words (a text's words are in the text)."""
    seen: set[tuple[int, int]] = set()
    broken = []
    for deed in reported:
        number = (deed.replica, deed.n)
        body = mine.get(number)
        if body is None:
            broken.append(f"lost: {deed}")
        elif deed.what != "minutes" and deed.value not in orjson.dumps(body).decode():
            broken.append(f"lost: {deed}: another change has its number")
        if number in seen:
            broken.append(f"number used twice: {number}")
        seen.add(number)
    return broken


def _missing_words(client: Client, targets: Targets, reported: Sequence[Deed]) -> list[str]:
    """What the records show today, or their fields' histories, has every reported word."""
    reader = client.workspace.reader
    fields: dict[tuple[EntityId, str], list[Deed]] = defaultdict(list)
    broken = []
    minutes = records.text_state(reader, "minutes", workshops.minutes_id(targets.workshop), "text").text
    for deed in reported:
        if deed.what == "register":
            fields[deed.id, deed.field].append(deed)
        elif deed.what in ("milestone", "contribution"):
            found = records.get_record(reader, deed.what, deed.id)
            if found is None or found.gone or found.text(deed.field) != deed.value:
                broken.append(f"lost: {deed}")
        elif deed.what == "minutes" and minutes.count(f"{deed.value}.\n") != 1:
            broken.append(f"lost: {deed}: {minutes.count(deed.value)} times in the minutes")
    for (entity, field), deeds in fields.items():
        kind = "contribution" if entity == targets.card else "measure"
        told = {str(f.value) for f in versions.history(reader, kind, entity, field)}
        text = "\n".join(told)
        broken += [f"lost: {deed}: not in the field's history" for deed in deeds if deed.value not in text]
    return broken


def _votes(client: Client, targets: Targets, mine: Log) -> list[str]:
    """The counter is what the log counted: each count carries its device's totals so far."""
    entity = derived_id("vote_result", targets.vote_round, targets.card)
    totals: dict[int, tuple[int, int]] = {}
    for (replica, _), body in sorted(mine.items()):
        for op in decode_change(body).ops:
            if isinstance(op, Count) and op.id == entity:
                ups, downs = totals.get(replica, (0, 0))
                totals[replica] = (max(ups, op.ups), max(downs, op.downs))
    counted = sum(ups - downs for ups, downs in totals.values())
    found = records.get_record(client.workspace.reader, "vote_result", entity)
    shown = found.get("points") if found is not None else 0
    return [] if shown == counted else [f"lost: votes: {shown} shown, {counted} counted"]


def _numbers(mine: Log, theirs: Log) -> list[str]:
    """The agency has exactly the client's changes, without a gap and with the same words."""
    broken = [f"not at the agency: {key}" for key in mine.keys() - theirs.keys()]
    broken += [f"only at the agency: {key}" for key in theirs.keys() - mine.keys()]
    both = mine.keys() & theirs.keys()
    broken += [f"differs at the agency: {key}" for key in both if mine[key] != theirs[key]]
    for replica in {replica for replica, _ in mine}:
        numbers = sorted(n for r, n in mine if r == replica)
        if numbers != list(range(1, len(numbers) + 1)):
            broken.append(f"gap in the numbers of {replica}")
    return broken


def _differing(victim: Client, second: Client) -> list[str]:
    """Records that two devices of the same role hold differently."""
    mine = {state.id: _canonical(state) for state in victim.all_states()}
    theirs = {state.id: _canonical(state) for state in second.all_states()}
    missing = [f"only on one device: {entity}" for entity in mine.keys() ^ theirs.keys()]
    return missing + [f"two devices differ: {e}" for e in mine.keys() & theirs.keys() if mine[e] != theirs[e]]


def _canonical(state: EntityState) -> tuple[object, ...]:
    texts = {slot: text.text for slot, text in state.texts.items()}
    registers, sets, counters = dict(state.registers), dict(state.sets), dict(state.counters)
    return (state.root_id, registers, sets, counters, texts, dict(state.seen))
