"""What the region shares: counted per municipality, once in the sum, and only what others may see."""

from __future__ import annotations

from app.domain.ids import EntityId, new_id
from app.models.queries import region
from app.models.queries.reader import Reader
from app.models.queries.region import RegionFilter
from app.models.store import Store
from app.services import adoptions

SOEST, OLPE, BALVE = "05974040", "05966024", "05962008"
KEYS = (SOEST, OLPE, BALVE)


def made(store: Store, title: str, lead: str, **more: object) -> EntityId:
    values = {"title": title, "lead_ags": lead, "visibility": "school", **more}
    with store.change("measure.create") as draft:
        return draft.create("measure", new_id(), None, values)


def test_a_measure_of_several_counts_at_each_and_once_in_the_sum(store: Store) -> None:
    made(store, "LoRaWAN", SOEST, participating_ags={OLPE, SOEST}, status="in_progress", fields_of_action={"mobility"})
    made(store, "Garten", SOEST, visibility="public", status="completed")
    made(store, "Nur hier", SOEST, visibility="municipality")
    gone = made(store, "Weg", OLPE)
    with store.change("measure.delete") as draft:
        draft.delete("measure", gone)
    found = region.region_facts(Reader(store.engine), KEYS)
    assert found.total == 2
    soest, olpe, balve = (found.places[ags] for ags in KEYS)
    assert (soest.shared, soest.leading, soest.running, soest.done) == (2, 2, 1, 1)
    assert (olpe.shared, olpe.leading, olpe.running) == (1, 0, 1)
    assert olpe.fields_of_action == (("mobility", 1),)
    assert (balve.shared, balve.changed_at) == (0, 0)
    assert soest.incomplete == 2


def test_filters_narrow_what_is_counted_and_listed(store: Store) -> None:
    lorawan = made(store, "LoRaWAN", SOEST, status="in_progress", maturity="mvp", transferability="direct")
    garden = made(store, "Garten", OLPE, status="idea", fields_of_action={"environment_climate"})
    reader = Reader(store.engine)
    for wanted, ids in (
        (RegionFilter(), [garden, lorawan]),
        (RegionFilter(ags=frozenset({OLPE})), [garden]),
        (RegionFilter(statuses=frozenset({"in_progress"})), [lorawan]),
        (RegionFilter(maturities=frozenset({"mvp"})), [lorawan]),
        (RegionFilter(transferabilities=frozenset({"direct"})), [lorawan]),
        (RegionFilter(fields_of_action=frozenset({"environment_climate"})), [garden]),
        (RegionFilter(followed=True), []),
        (RegionFilter(adopted=True), []),
    ):
        assert [line.id for line in region.shared_measures(reader, wanted)] == ids
        assert region.region_facts(reader, KEYS, wanted).total == len(ids)


def test_transfers_and_followed_measures_are_counted_by_themselves(store: Store) -> None:
    lorawan = made(store, "LoRaWAN", SOEST)
    adoptions.adopt(store, lorawan, BALVE)
    adoptions.follow(store, lorawan)
    reader = Reader(store.engine)
    (line,) = region.shared_measures(reader, RegionFilter(followed=True, adopted=True))
    assert (line.id, line.adopters, line.followed) == (lorawan, 1, True)
    found = region.region_facts(reader, KEYS)
    assert found.transfers == 1
    assert (found.places[SOEST].lent, found.places[BALVE].taken) == (1, 1)
    assert found.places[BALVE].shared == 0, "what was taken over is seen by its own municipality alone"
