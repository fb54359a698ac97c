"""The reckoning after quiet: nothing waits, nothing is missing, nothing is too much, nobody sees anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.domain.access import CONSORTIUM, REGION, Grant, scopes_of
from app.domain.clock import Dot
from app.domain.fields import KINDS, internal_slots
from app.domain.german import normalise_for_index
from app.domain.merge import EntityState, deletion_of
from app.models import settings
from app.models.engine import reading
from tests.simulation.laptop import Laptop
from tests.simulation.ledger import NOTHING, Dots, View, Violation, name
from tests.simulation.registry import NEWEST, speaking

if TYPE_CHECKING:
    from tests.simulation.world import World


def check(world: World) -> None:
    """Everything that must hold once nobody acts any more.

    Raises:
        Violation
    """
    taken = world.office.accepted()
    _nothing_lost(world, taken)
    lost = _gone_with_their_authors(world)
    agency = _agency_is_right(world)
    for laptop in world.laptops:
        if not laptop.gone:
            with speaking(laptop.schema):
                states = laptop.states()
                _nothing_waits(laptop, taken)
                # An earlier program cannot compare with a restored agency: what is to go waits for its update.
                waits = laptop.schema < NEWEST and world.counters["agency restored"] > 0
                _sees_what_it_may(laptop, states, agency, world.office.views, lost, waits=waits)
                _tables_say_what_states_say(laptop, states)
                _log_is_sane(laptop)
    world.count("changes", len(world.ledger.said))
    world.count("questions", sum(len(_open(state)) for state, _ in agency.values()))
    world.count("records", len(agency))


def _gone_with_their_authors(world: World) -> Dots:
    """What no disk has any more and the agency never had: others may have heard of it in a hall."""
    logged = {dot for laptop in world.laptops if not laptop.gone for dot in laptop.hearing.said}
    return frozenset(world.ledger.said.keys() - logged - world.office.ever) if world.plan.meets else NOTHING


def _nothing_lost(world: World, taken: dict[Dot, str]) -> None:
    """Every change is merged at the agency or waits there with a reason; each as a whole."""
    logged = {dot for laptop in world.laptops if not laptop.gone for dot in laptop.hearing.said}
    for dot in sorted(world.ledger.said.keys() - taken.keys()):
        # What went down with every disk that had it need not come back, nor what the agency had before a restore.
        if dot in logged or dot in world.office.ever:
            raise Violation(f"the agency never got {name(dot)}")
    for dot, reason in taken.items():
        if reason:
            world.count(f"quarantined {reason}")
            if reason != "not_allowed":
                raise Violation(f"{name(dot)} was set aside: {reason}")
            continue
        for kind, entity in world.ledger.said[dot].change.entities:
            if dot not in world.office.views.get(entity, View()).dots:
                raise Violation(f"{name(dot)} is only half there: {kind} {entity[-6:]} is missing")


def _agency_is_right(world: World) -> dict[str, tuple[EntityState, frozenset[str]]]:
    states = world.office.states()
    for entity, view in sorted(world.office.views.items()):
        if entity not in states:
            raise Violation(f"the agency has no record {entity[-6:]}")
        state, scopes = states[entity]
        world.ledger.check(state, view, "agency")
        root = states.get(state.root_id)
        meant = scopes_of(root[0]) if root is not None else frozenset()
        if state.exists and scopes != meant:
            raise Violation(f"agency: {state.kind} {entity[-6:]} is in {sorted(scopes)} instead of {sorted(meant)}")
    return states


def _nothing_waits(laptop: Laptop, taken: dict[Dot, str]) -> None:
    for dot, state in laptop.unsettled().items():
        if state == "pending":
            raise Violation(f"{laptop.name}: {name(dot)} still waits")
        if not taken.get(dot):
            raise Violation(f"{laptop.name}: {name(dot)} is shown as set aside but is not")
    confirmed = laptop.disk.look("SELECT replica, n, receipt FROM change WHERE state = 'confirmed'")
    for replica, n, receipt in confirmed:
        if Dot(replica, n) not in taken:
            raise Violation(f"{laptop.name}: a receipt for {name((replica, n))}, which the agency does not have")
        if receipt is None:
            raise Violation(f"{laptop.name}: {name((replica, n))} was confirmed without a receipt")


def _sees_what_it_may(
    laptop: Laptop,
    states: dict[str, EntityState],
    agency: dict[str, tuple[EntityState, frozenset[str]]],
    views: dict[str, View],
    lost: Dots,
    *,
    waits: bool,
) -> None:
    """Exactly the records of its scopes, each as the agency has it, and one's own work on top.

    Args:
        lost: what was heard in a hall and is nowhere else may still be here.
        waits: what is to leave may still be here, and what the agency has forgotten.
    """
    with reading(laptop.store.engine) as connection:
        grant: Grant = settings.grant(connection)
    unsettled = laptop.unsettled()
    for entity, (state, scopes) in sorted(agency.items()):
        if scopes.isdisjoint(grant.scopes) or state.kind not in KINDS:
            continue
        if entity not in states:
            raise Violation(f"{laptop.name}: {state.kind} {entity[-6:]} has not arrived")
        full = not scopes.isdisjoint(grant.scopes - {CONSORTIUM, REGION})
        _hears_all(laptop, entity, views.get(entity, View()), full, lost, waits=waits)
        if not full and not waits:
            _keeps_nothing_internal(laptop, state)
    for entity, state in sorted(states.items()):
        told = agency.get(entity)
        if told is not None and not told[1].isdisjoint(grant.scopes):
            continue
        own = laptop.hearing.own.get(entity, frozenset())
        if own & unsettled.keys() or laptop.hearing.hall.heard.get(entity, NOTHING) & lost:
            continue
        if _is_private(state, states) or waits:
            continue
        raise Violation(f"{laptop.name}: {state.kind} {entity[-6:]} is outside its scopes")


def _hears_all(laptop: Laptop, entity: str, there: View, full: bool, lost: Dots, *, waits: bool) -> None:
    here = laptop.hearing.view(entity)
    missing = there.dots - here.dots if not full else (there.dots - here.dots) | (there.inner - here.inner)
    if missing:
        raise Violation(f"{laptop.name}: {entity[-6:]} has not heard {', '.join(map(name, sorted(missing)))}")
    if here.old and laptop.schema == NEWEST:
        raise Violation(f"{laptop.name}: {entity[-6:]} was not read again by the newer program")
    extra = here.dots - there.dots - laptop.unsettled().keys() - (laptop.hearing.hall.heard.get(entity, NOTHING) & lost)
    if extra and not waits:
        raise Violation(f"{laptop.name}: {entity[-6:]} has {', '.join(map(name, sorted(extra)))}, the agency has not")


def _keeps_nothing_internal(laptop: Laptop, state: EntityState) -> None:
    """Others than its owners have nothing of a record's internal fields, not even what stood there once."""
    where = f"{laptop.name}: {state.kind} {state.id[-6:]}"
    view = laptop.hearing.view(state.id)
    if view.inner - laptop.hearing.waiting:
        raise Violation(f"{where} has kept internal words of {', '.join(map(name, sorted(view.inner)))}")
    internal = sorted(internal_slots(state.kind))
    if view.inner or not internal:
        return
    slots = ", ".join(map(str, internal))
    for table in ("superseded", "arrival"):
        if laptop.disk.look(f"SELECT 1 FROM {table} WHERE entity_id = ? AND slot IN ({slots})", state.id):
            raise Violation(f"{where} has kept internal words of earlier")


def _is_private(state: EntityState, states: dict[str, EntityState]) -> bool:
    root = states.get(state.root_id)
    return root is not None and not scopes_of(root)


def _open(state: EntityState) -> list[int]:
    found = [slot for slot, register in state.registers.items() if slot and register.is_open]
    return sorted([0, *found] if deletion_of(state).edited_meanwhile else found)


def _tables_say_what_states_say(laptop: Laptop, states: dict[str, EntityState]) -> None:
    """Typed columns, full text and questions, which lists and searches read instead of the clocks."""
    look = laptop.disk.look
    asked: dict[str, list[int]] = {}
    for entity, slot in look("SELECT entity_id, slot FROM question ORDER BY 1, 2"):
        asked.setdefault(entity, []).append(slot)
    indexed = {row for (row,) in look("SELECT rowid FROM search")}
    numbers = {entity: (row, gone) for row, entity, gone in look("SELECT row, id, gone FROM entity")}
    for entity, state in states.items():
        row, gone = numbers[entity]
        where = f"{laptop.name}: {state.kind} {entity[-6:]}"
        if asked.pop(entity, []) != _open(state):
            raise Violation(f"{where}: its questions are not those of its versions")
        if bool(gone) != (deletion_of(state).deleted or not state.exists):
            raise Violation(f"{where}: shown although it is gone, or the other way round")
        if (row in indexed) == bool(gone):
            raise Violation(f"{where}: the search does not know it as it is")
        _typed_columns(laptop, state, row, where)
    if asked:
        raise Violation(f"{laptop.name}: questions about records that are not here")


def _typed_columns(laptop: Laptop, state: EntityState, row: int, where: str) -> None:
    kind = KINDS[state.kind]
    names = ", ".join(f'"{f.name}"' for f in kind.fields)
    (cells,) = laptop.disk.look(f"SELECT {names} FROM {kind.name} WHERE row = ?", row)
    shown: dict[str, Any] = dict(zip((f.name for f in kind.fields), cells, strict=True))
    for slot in kind.slots:
        if slot.id in state.registers:
            value = state.register(slot.id).value
            told = value if isinstance(value, tuple) else (value,)
            found = tuple(shown[f.name] for f in slot.fields)
            if found != tuple(int(v) if isinstance(v, bool) else v for v in told):
                raise Violation(f"{where}: {slot.name} is listed as {found}")
        elif slot.id in state.sets:
            if set(orjson.loads(shown[slot.name] or "[]")) != set(state.set(slot.id).elements):
                raise Violation(f"{where}: {slot.name} is listed otherwise")
        elif slot.id in state.texts:
            if shown[slot.name] != state.texts[slot.id].text:
                raise Violation(f"{where}: the text is listed otherwise")
        elif slot.id not in state.counters and any(shown[f.name] is not None for f in slot.fields):
            raise Violation(f"{where}: {slot.name} is listed although nobody has written it")
    if kind.title is not None and not deletion_of(state).deleted and state.exists:
        _findable(laptop, str(shown[kind.title] or ""), row, where)


def _findable(laptop: Laptop, title: str, row: int, where: str) -> None:
    words = normalise_for_index(title).split()
    word = next((w for w in reversed(words) if w.isdigit()), "")
    if word and (row,) not in laptop.disk.look("SELECT rowid FROM search WHERE search MATCH ?", f'title:"{word}"'):
        raise Violation(f"{where}: not found by a word of its title")


_LOG = "SELECT seq, replica, n, reversed_by FROM change ORDER BY seq"


def _log_is_sane(laptop: Laptop) -> None:
    """Numbers without gaps per replica, and every step taken back was taken back by one that is there."""
    last: dict[int, int] = {}
    known: set[int] = set()
    for seq, replica, n, reversed_by in laptop.disk.look(_LOG):
        if n != last.get(replica, 0) + 1:
            raise Violation(f"{laptop.name}: {name((replica, n))} follows {last.get(replica, 0)}")
        last[replica] = n
        known.add(seq)
        if reversed_by is not None and reversed_by != -1 and reversed_by <= seq:
            raise Violation(f"{laptop.name}: {name((replica, n))} was taken back before it was made")
    taken = laptop.disk.look("SELECT reversed_by FROM change WHERE reversed_by > 0")
    if any(seq not in known for (seq,) in taken):
        raise Violation(f"{laptop.name}: something was taken back by nothing")
