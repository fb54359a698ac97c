"""What people do, through the real services: one entry per deed in DEEDS, each with how often it is done.

A deed gets the laptop and dice of its own, chooses among what is on that laptop, and is refused when the
product refuses it. New deeds are added to the table; nothing else has to know of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.fields import DELETION_SLOT, KINDS, Merge
from app.domain.ids import derived_id, text_peer
from app.domain.merge import EntityState
from app.domain.text import TextDoc, TextState
from app.models import settings
from app.models.engine import reading
from app.services import adoptions, measures, merging, minutes, sessions, versions, workshops
from tests.simulation.laptop import Laptop
from tests.simulation.ledger import Violation

Deed = Callable[[Laptop, random.Random], object]
PLACES = ("05970004", "05958004", "05970040")
"""Berleburg and Arnsberg are in the consortium, Siegen is not."""
WORDS = ("Radweg", "Straße", "Zug 🚲", "Bad", "Bürger:innenhaus", "WLAN", "0")
TAGS = ("bus", "rad", "bahn", "ö")
LEVELS = ("municipality", "municipality", "consortium", "school", "private")
PARTS = ("milestone", "risk", "cost_item", "indicator")
_ALIVE = "SELECT id FROM entity WHERE kind = ? AND gone = 0 ORDER BY id"


def _one(laptop: Laptop, dice: random.Random, kind: str) -> str | None:
    found = laptop.pick(_ALIVE, dice, kind)
    return None if found is None else str(found[0])


def _word(dice: random.Random) -> str:
    return f"{dice.choice(WORDS)} {dice.randrange(10_000)}"


def _value(dice: random.Random, kind: str, field: str) -> object:
    """Something the field may hold; now and then nothing."""
    f = KINDS[kind].by_name[field]
    if f.merge is Merge.SET:
        return set(dice.sample(TAGS, dice.randrange(4)))
    if dice.random() < 0.1 and field not in ("title", "text", "name"):
        return None
    if f.values is not None:
        return str(dice.choice(list(f.values)).value)
    if field in ("due", "start", "done_on", "status_on"):
        return f"2026-{dice.randrange(1, 13):02d}"
    if field == "end":
        return f"2027-{dice.randrange(1, 13):02d}"
    if f.type.value in ("int", "cents", "float"):
        return dice.randrange(0, 4)
    return _word(dice)


_MEASURE = (
    *("title", "status", "progress_percent", "tags", "description", "internal_note"),
    *("status_reason", "start", "end", "traffic_light", "traffic_light_reason"),
)
_FIELDS = {
    "measure": _MEASURE,
    "workshop": ("title", "purpose", "summary"),
    "milestone": ("title", "due", "status", "done_on"),
    "risk": ("title", "likelihood", "impact", "mitigation"),
    "cost_item": ("year", "planned_cents", "note"),
    "indicator": ("name", "target", "unit"),
    "contribution": ("text", "tags", "kind"),
    "task": ("title", "responsible", "due"),
}


def _values(dice: random.Random, kind: str, most: int = 3) -> dict[str, object]:
    """Some fields and what they shall hold; the first ones more often, so that people meet there."""
    fields, many = _FIELDS[kind], dice.randint(1, most)
    chosen = {fields[min(dice.randrange(len(fields)), dice.randrange(len(fields)))] for _ in range(many)}
    return {field: _value(dice, kind, field) for field in sorted(chosen)}


def _seen(state: EntityState) -> dict[int, dict[int, int]]:
    return {slot: dict(register.context) for slot, register in state.registers.items()}


def look(laptop: Laptop, dice: random.Random) -> None:
    """Opens a record and leaves it open: what is typed later was typed over what stood there now."""
    kind = dice.choice(("measure", "measure", "contribution", "milestone"))
    entity = _one(laptop, dice, kind)
    state = laptop.state(kind, entity) if entity else None
    if entity and state:
        laptop.hearing.looks[kind, entity] = (_seen(state), laptop.hearing.view(entity))


def _edit(laptop: Laptop, dice: random.Random, kind: str, entity: str, values: Mapping[str, object]) -> None:
    seen = None
    if dice.random() < 0.5 and (kind, entity) in laptop.hearing.looks:
        seen, view = laptop.hearing.looks[kind, entity]
        registers = [s.id for s in KINDS[kind].slots if s.merge is Merge.REGISTER]
        laptop.looked = {(entity, slot): view.of(kind, slot) for slot in registers}
    match kind:
        case "measure":
            measures.edit(laptop.store, entity, values, seen)
        case "workshop":
            workshops.edit(laptop.store, entity, values, seen)
        case "contribution" | "task":
            workshops.edit_part(laptop.store, kind, entity, values, seen)
        case _:
            measures.edit_part(laptop.store, kind, entity, values, seen)


def _editing(kind: str) -> Deed:
    def edit(laptop: Laptop, dice: random.Random) -> None:
        if entity := _one(laptop, dice, kind):
            _edit(laptop, dice, kind, entity, _values(dice, kind))

    return edit


edit_measure = _editing("measure")


def edit_of(measure: str, values: Mapping[str, object]) -> Deed:
    """This edit of this measure."""

    def edit(laptop: Laptop, dice: random.Random) -> None:
        measures.edit(laptop.store, measure, values)

    return edit


def create_measure(laptop: Laptop, dice: random.Random) -> None:
    ags = laptop.ags or dice.choice(PLACES)
    values = _values(dice, "measure") | {"title": _word(dice), "lead_ags": ags, "visibility": dice.choice(LEVELS)}
    measures.create(laptop.store, values)


def open_region(laptop: Laptop) -> str:
    """What everybody finds when a world begins: a measure and a workshop with cards; the workshop's id."""
    values = {"participating_ags": set(PLACES), "visibility": "consortium", "tags": {"bus"}}
    measures.create(laptop.store, {"title": "Radweg", "lead_ags": laptop.ags, **values})
    workshop = workshops.create(laptop.store, {"title": "Auftakt", "ags": laptop.ags, "visibility": "school"})
    workshops.add_cards(laptop.store, workshop, [workshops.Card("idea", "Bänke"), workshops.Card("task", "Fragen")])
    return workshop


def add_part(laptop: Laptop, dice: random.Random) -> None:
    if measure := _one(laptop, dice, "measure"):
        kind = dice.choice(PARTS)
        measures.add_part(laptop.store, measure, kind, _values(dice, kind) | _name(kind, dice))


def _name(kind: str, dice: random.Random) -> dict[str, object]:
    title = KINDS[kind].title
    return {title: _word(dice)} if title else {}


def edit_part(laptop: Laptop, dice: random.Random) -> None:
    kind = dice.choice(PARTS)
    if part := _one(laptop, dice, kind):
        _edit(laptop, dice, kind, part, _values(dice, kind))


def edit_many(laptop: Laptop, dice: random.Random) -> None:
    found = [row[0] for row in laptop.disk.look(_ALIVE, "measure")]
    if found:
        chosen = dice.sample(found, min(len(found), 3))
        measures.edit_many(laptop.store, chosen, {"status": _value(dice, "measure", "status"), "tags": {"bus"}})


def move(laptop: Laptop, dice: random.Random) -> None:
    """Gives a measure away, takes another town in, or shows it to others."""
    if measure := _one(laptop, dice, "measure"):
        what = dice.choice(("lead_ags", "participating_ags", "visibility"))
        values: dict[str, object] = {
            "lead_ags": dice.choice(PLACES),
            "participating_ags": set(dice.sample(PLACES, dice.randrange(3))),
            "visibility": dice.choice(LEVELS).replace("private", "municipality"),
        }
        _edit(laptop, dice, "measure", measure, {what: values[what]})


def _parts(laptop: Laptop, root: str) -> list[tuple[str, str]]:
    sql = "SELECT kind, id FROM entity WHERE root_id = ? AND id != root_id AND gone = 0 ORDER BY id"
    return [(kind, entity) for kind, entity in laptop.disk.look(sql, root)]


def delete_measure(laptop: Laptop, dice: random.Random) -> None:
    if measure := _one(laptop, dice, "measure"):
        measures.delete(laptop.store, measure, _parts(laptop, measure))


def delete_part(laptop: Laptop, dice: random.Random) -> None:
    kind = dice.choice((*PARTS, "contribution", "task"))
    if part := _one(laptop, dice, kind):
        measures.delete_part(laptop.store, kind, part)


def bring_back(laptop: Laptop, dice: random.Random) -> None:
    gone = laptop.pick("SELECT kind, id FROM entity WHERE gone = 1 ORDER BY id", dice)
    if gone is not None and gone[0] == "measure":
        measures.restore(laptop.store, gone[1])
    elif gone is not None:
        sessions.bring_back(laptop.store, [gone])


def create_workshop(laptop: Laptop, dice: random.Random) -> None:
    values = {"title": _word(dice), "ags": laptop.ags or dice.choice(PLACES), "visibility": dice.choice(LEVELS[:4])}
    workshops.create(laptop.store, values, ["Eingang"], [("Begrüßung", 10)])


def add_cards(laptop: Laptop, dice: random.Random) -> None:
    if workshop := _one(laptop, dice, "workshop"):
        kinds = [dice.choice(("idea", "question", "task")) for _ in range(dice.randint(1, 3))]
        workshops.add_cards(laptop.store, workshop, [workshops.Card(kind, _word(dice)) for kind in kinds])


def rewrite_card(laptop: Laptop, dice: random.Random) -> None:
    """A card becomes a task or the other way round: one record goes, another comes, in one change."""
    kind = dice.choice(("contribution", "task"))
    found = laptop.pick("SELECT id, root_id FROM entity WHERE kind = ? AND gone = 0 ORDER BY id", dice, kind)
    if found is not None:
        becomes = "task" if kind == "contribution" else "idea"
        sessions.rewrite_card(laptop.store, found[1], (kind, found[0]), workshops.Card(becomes, _word(dice)))


def count_heads(laptop: Laptop, dice: random.Random) -> None:
    if workshop := _one(laptop, dice, "workshop"):
        workshops.set_head_count(laptop.store, workshop, dice.choice(("citizens", "business")), dice.randrange(30))


def vote(laptop: Laptop, dice: random.Random) -> None:
    if workshop := _one(laptop, dice, "workshop"):
        delta, target = dice.choice((1, 1, 2, -1)), derived_id("target", workshop)
        vote_round = derived_id("round", workshop)
        shown = max(0, _points(laptop, vote_round, target))
        workshops.vote(laptop.store, workshop, vote_round, target, delta)
        if _points(laptop, vote_round, target) != max(0, shown + delta):
            raise Violation(f"{laptop.name}: a vote did not count")


def _points(laptop: Laptop, vote_round: str, target: str) -> int:
    state = laptop.state("vote_result", derived_id("vote_result", vote_round, target))
    slot = KINDS["vote_result"].slot_of["points"].id
    return state.counters[slot].value if state is not None and slot in state.counters else 0


def write_minutes(laptop: Laptop, dice: random.Random) -> None:
    """Types one word of its own kind between two others."""
    workshop = _one(laptop, dice, "workshop")
    if workshop is None:
        return
    entity = workshops.minutes_id(workshop)
    slot = KINDS["minutes"].slot_of["text"].id
    state = laptop.state("minutes", entity)
    with reading(laptop.store.engine) as connection:
        replica = settings.identity(connection).replica
    text = state.texts.get(slot, TextState()) if state is not None else TextState()
    doc = TextDoc(text, text_peer(replica, entity, slot, 0))
    token = f"[{laptop.name}{len(laptop.ledger.said)}.{dice.randrange(10**6)}]"
    gaps = [0, *(i + 1 for i, char in enumerate(doc.text) if char == "]")]
    doc.insert(dice.choice(gaps), token)
    update = doc.take_update()
    assert update is not None
    laptop.tokens = [token]
    workshops.write_minutes(laptop.store, workshop, update)


def decide(laptop: Laptop, dice: random.Random) -> None:
    """Zwei Fassungen: one of them holds, or a third; or what was deleted stays so, or comes back."""
    found = laptop.pick(
        "SELECT e.kind, q.entity_id, q.slot FROM question q JOIN entity e ON e.id = q.entity_id ORDER BY 2, 3", dice
    )
    if found is None:
        return
    kind, entity, slot = found
    if slot == DELETION_SLOT:
        (versions.keep_after_all if dice.random() < 0.5 else versions.delete_after_all)(laptop.store, kind, entity)
        return
    state = laptop.state(kind, entity)
    assert state is not None
    register = state.register(slot)
    value = dice.choice([register.versions[d].value for d in sorted(register.versions)])
    versions.decide(laptop.store, kind, entity, slot, value, register.context)


def undo(laptop: Laptop, dice: random.Random) -> None:
    laptop.store.undo()


def redo(laptop: Laptop, dice: random.Random) -> None:
    laptop.store.redo()


DEEDS: tuple[tuple[Deed, int], ...] = (
    (create_measure, 9),
    (look, 6),
    (edit_measure, 22),
    (_editing("contribution"), 6),
    (_editing("task"), 2),
    (_editing("workshop"), 3),
    (edit_part, 6),
    (edit_many, 2),
    (add_part, 6),
    (move, 9),
    (delete_measure, 3),
    (delete_part, 4),
    (bring_back, 3),
    (create_workshop, 5),
    (add_cards, 6),
    (rewrite_card, 3),
    (count_heads, 2),
    (vote, 8),
    (write_minutes, 8),
    (decide, 6),
    (undo, 5),
    (redo, 3),
)


def adopt(laptop: Laptop, dice: random.Random) -> None:
    """Takes a measure over for one's own town."""
    if original := _one(laptop, dice, "measure"):
        adoptions.adopt(laptop.store, original, laptop.ags or dice.choice(PLACES))


def keep_apart(laptop: Laptop, dice: random.Random) -> None:
    """Says of two measures that they are two."""
    found = [row[0] for row in laptop.disk.look(_ALIVE, "measure")]
    if len(found) > 1:
        merging.keep_apart(laptop.store, *dice.sample(found, 2))


def release_minutes(laptop: Laptop, dice: random.Random) -> None:
    """Keeps the minutes as they read now."""
    if workshop := _one(laptop, dice, "workshop"):
        minutes.release(laptop.store, workshop, dice.randrange(1, 4), _word(dice))


LATER_DEEDS: tuple[Deed, ...] = (adopt, adopt, keep_apart, keep_apart, release_minutes)
"""What needs fields or kinds that an earlier program does not know; not drawn in the first edition of a story."""
OF_REGISTRY: Mapping[Deed, int] = {adopt: 2, release_minutes: 3, keep_apart: 4}


def name_of(deed: Deed) -> str:
    """How a story tells it."""
    return deed.__qualname__.split(".")[0].strip("_").replace("_", " ")


def run(laptop: Laptop, deed: Deed, dice: random.Random) -> Any:
    """Does it; what the person had looked at is forgotten afterwards."""
    if OF_REGISTRY.get(deed, 0) > laptop.schema:
        return None  # this program cannot do that yet
    try:
        return deed(laptop, dice)
    finally:
        laptop.looked, laptop.tokens = {}, []
