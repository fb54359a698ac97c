"""Measures that are one, or have been found to be two: merging, proposing it to two towns, taking it back."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.access import CONSORTIUM_AGS
from app.domain.catalogue import Role, Visibility
from app.domain.draft import Draft
from app.domain.duplicates import pair_digest
from app.domain.fields import KINDS, Merge
from app.domain.ids import EntityId
from app.domain.lineage import MERGED, Values, carried, carried_part, copy_id, digest_of, is_empty, joined, part_digest
from app.domain.merge import deletion_of
from app.errors import NotAllowed, NotFound
from app.models.queries import records
from app.models.queries.merged import merged_into
from app.models.queries.reader import Reader
from app.models.queries.records import Record
from app.models.queries.roots import my_grant
from app.models.store import Store

MONEY = frozenset({"cost_item", "funding_item"})
"""Parts that are only offered: what both have noted would be counted twice."""
_DONE: dict[str, object] = {"merge_with": None, "merge_stays": None}


def keep_apart(store: Store, one: EntityId, other: EntityId) -> None:
    """Says that two measures are two: nobody is asked about them again, and a proposal is off. One step of undo.

    It is noted on those of them that may be changed here.

    Raises:
        NotFound: one of them is not here.
        NotAllowed: neither may be changed here.
    """
    both = [_living(store, one), _living(store, other)]
    own = [record for record in both if record.may_edit]
    if not own:
        raise NotAllowed("edit", kind="measure", id=one)
    with store.change("measure.keep_apart") as draft:
        for record in own:
            seen = {*record.elements("distinct_from"), pair_digest(one, other)}
            draft.set("measure", record.id, {"distinct_from": seen, **_settled(record)})


def merge(store: Store, stays: EntityId, goes: EntityId) -> None:
    """Lets one measure go into another; one step of undo.

    The one that stays gets what it did not say itself, all elements of the other's sets, and copies of its parts but
    for money. What both say otherwise, and what is written there later, is offered (`models.queries.lineage`). The
    other one keeps all it has, with its history; both leads may edit both from now on.

    Raises:
        NotFound: one of them is not here.
        NotAllowed: one of them may not be changed here, or both are one already; code "merge_towns": they are two
            towns', and it is not for the agency to say so.
    """
    survivor, duplicate = _both(store, stays, goes)
    if my_grant(Reader(store.engine)).role is Role.AGENCY and survivor.text("lead_ags") != duplicate.text("lead_ags"):
        raise NotAllowed("merge", "merge_towns", kind="measure", id=goes)
    for record in (survivor, duplicate):
        if not record.may_edit:
            raise NotAllowed("edit", kind="measure", id=record.id)
    today = datetime.fromtimestamp(store.clock() / 1000, UTC).astimezone().date().isoformat()
    values, seen = _filled(survivor, duplicate)
    values["participating_ags"] = _shared(survivor, duplicate)
    with store.change("measure.merge", origin=goes) as draft:
        pointer: dict[str, object] = {"merged_into": stays, "merged_on": today}
        pointer["participating_ags"] = _shared(duplicate, survivor)
        draft.set("measure", goes, pointer | _settled(duplicate))
        seen |= _copy_parts(store, draft, survivor, duplicate)
        values["adopted_values"] = {*survivor.elements("adopted_values"), *seen}
        draft.set("measure", stays, values | _settled(survivor))


def unmerge(store: Store, goes: EntityId) -> None:
    """Lets a measure stand for itself again; what the other one has taken stays there. One step of undo."""
    with store.change("measure.unmerge") as draft:
        draft.set("measure", goes, {"merged_into": None, "merged_on": None})


def propose(store: Store, stays: EntityId, goes: EntityId) -> None:
    """Proposes to two municipalities that their measures are one; nothing happens until both agree.

    Raises:
        NotFound: one of them is not here.
        NotAllowed: code "merge_unseen": one of the towns does not see the other's measure; it is to be shared first;
            "merge_asked": one of them is being asked about a third.
    """
    survivor, duplicate = _both(store, stays, goes)
    for own, other in ((survivor, duplicate), (duplicate, survivor)):
        if own.text("merge_with") not in ("", other.id):
            raise NotAllowed("merge", "merge_asked", kind="measure", id=own.id)
        if not _is_seen(own, other.text("lead_ags")):
            raise NotAllowed("merge", "merge_unseen", kind="measure", id=own.id)
    with store.change("measure.propose_merge", origin=goes) as draft:
        draft.set("measure", stays, {"merge_with": goes, "merge_stays": True})
        draft.set("measure", goes, {"merge_with": stays, "merge_stays": False})


def withdraw(store: Store, one: EntityId, other: EntityId) -> None:
    """Takes a proposal back, as far as it still stands; one step of undo.

    Raises:
        NotFound: one of them is not here any more.
    """
    asked = {a: _living(store, a) for a in (one, other)}
    with store.change("measure.withdraw_merge") as draft:
        for at, beside in ((one, other), (other, one)):
            if asked[at].text("merge_with") == beside:
                draft.set("measure", at, _DONE)


def accept(store: Store, measure: EntityId) -> None:
    """Agrees to what was proposed about a measure of one's own; one step of undo.

    Whose measure stays lets the other's town in; then the other's town lets its own go into it.

    Raises:
        NotFound: one of them is not here any more.
        NotAllowed: code "merge_waits": the other town has not agreed yet.
    """
    own = _living(store, measure)
    other = _living(store, own.text("merge_with"))
    if own.values.get("merge_stays"):
        with store.change("measure.accept_merge", origin=other.id) as draft:
            draft.set("measure", measure, {"participating_ags": _shared(own, other), **_settled(own)})
        return
    if not other.may_edit:
        raise NotAllowed("merge", "merge_waits", kind="measure", id=other.id)
    merge(store, other.id, measure)


def decline(store: Store, measure: EntityId) -> None:
    """Says about a measure of one's own that it is another one than what was proposed; one step of undo."""
    own = _living(store, measure)
    seen = {*own.elements("distinct_from"), pair_digest(measure, own.text("merge_with"))}
    with store.change("measure.keep_apart") as draft:
        draft.set("measure", measure, {"distinct_from": seen, **_DONE})


def _both(store: Store, stays: EntityId, goes: EntityId) -> tuple[Record, Record]:
    survivor, duplicate = _living(store, stays), _living(store, goes)
    reader = Reader(store.engine)
    if merged_into(reader, goes) == merged_into(reader, stays):
        raise NotAllowed("merge", "merge_same", kind="measure", id=goes)
    return survivor, duplicate


def _settled(record: Record) -> dict[str, object]:
    """What ends a proposal, if there is one."""
    return _DONE if record.text("merge_with") else {}


def _is_seen(record: Record, ags: str) -> bool:
    """Whether a municipality reads a measure because it is shared widely enough, or takes part in it."""
    level = record.text("visibility")
    wide = level in (Visibility.SCHOOL, Visibility.PUBLIC) or (level == Visibility.CONSORTIUM and ags in CONSORTIUM_AGS)
    return wide or ags in (record.text("lead_ags"), *record.elements("participating_ags"))


def _shared(record: Record, other: Record) -> set[str]:
    """Who takes part in a measure once the other's lead does."""
    own, lead = set(record.elements("participating_ags")), other.text("lead_ags")
    return own | ({lead} if lead and lead != record.text("lead_ags") else set())


def _filled(survivor: Record, duplicate: Record) -> tuple[dict[str, object], set[str]]:
    """What the survivor gets: fields it has left empty, sets put together; with digests of what that settles."""
    told = carried(duplicate.values, MERGED)
    values: dict[str, object] = {}
    seen: set[str] = set()
    for name, theirs in told.items():
        slot, mine = KINDS["measure"].slot_of[name], survivor.values.get(name)
        if slot.merge is Merge.SET:
            values[name] = joined(name, mine, theirs)
        elif all(is_empty(survivor.values.get(f.name)) for f in slot.fields):
            values[name] = theirs
        elif mine != theirs:
            continue
        seen.add(digest_of(duplicate.id, name, theirs))
    return values, seen


def _copy_parts(store: Store, draft: Draft, survivor: Record, duplicate: Record) -> set[str]:
    """Copies of what hangs below the duplicate, unless the survivor has the same; digests of what that settles."""
    reader, seen = Reader(store.engine), set[str]()
    root = ("measure", survivor.id)
    copies: dict[EntityId, EntityId] = {}
    for kind in MERGED.parts:
        own = [(p.id, carried_part(kind, p.values, MERGED)) for p in records.children(reader, survivor.id, kind)]
        for part in records.children(reader, duplicate.id, kind):
            told = carried_part(kind, part.values, MERGED)
            same = next((known for known, said in own if said == told), "")
            copies[part.id] = same or copy_id(survivor.id, part.id)
            if same or kind not in MONEY:
                seen.add(part_digest(duplicate.id, kind, part.id, told))
            if not same and kind not in MONEY and told:
                _bring(draft, kind, copies[part.id], root, told)
    for reading in records.children(reader, duplicate.id, "indicator_value"):
        told = {name: value for name, value in reading.values.items() if not is_empty(value)}
        told["indicator_id"] = copies.get(reading.text("indicator_id"), reading.text("indicator_id"))
        _bring(draft, "indicator_value", copy_id(survivor.id, reading.id), root, told)
    return seen


def _bring(draft: Draft, kind: str, part: EntityId, root: tuple[str, EntityId], told: Values) -> None:
    """A copy, also where an earlier one was deleted."""
    found = draft.find(kind, part)
    draft.create(kind, part, root, told)
    if found is not None and deletion_of(found).deleted:
        draft.keep(kind, part)


def _living(store: Store, measure: EntityId) -> Record:
    found = records.get_record(Reader(store.engine), "measure", measure) if measure else None
    if found is None or found.gone:
        raise NotFound(kind="measure", id=measure)
    return found
