"""The catalogues: words are renamed, retired and replaced, and never vanish while somebody uses them."""

from __future__ import annotations

import pytest

from app.domain.catalogue import TermList
from app.domain.ids import EntityId
from app.errors import FieldError, NotAllowed
from app.models.queries import records, terms
from app.models.store import Store
from app.services import measures
from app.services import terms as deeds
from app.services.workspace import Workspace
from tests.services.conftest import BERLEBURG, Desk


def _tagged(store: Store, *tags: str, **more: object) -> EntityId:
    return measures.create(store, {"title": "Radweg", "lead_ags": BERLEBURG, "tags": set(tags), **more})


def _tags(workspace: Workspace, measure: EntityId) -> object:
    found = records.get_record(workspace.reader, "measure", measure)
    assert found is not None
    return found.elements("tags")


def _words(workspace: Workspace) -> dict[str, tuple[bool, int, tuple[tuple[str, int], ...]]]:
    return {e.word: (e.offered, e.uses, e.late) for e in terms.entries(workspace.reader, TermList.TAG)}


def test_a_renamed_word_stays_where_it_is_used_until_somebody_writes_the_new_one(workspace: Workspace) -> None:
    store = workspace.store
    used = _tagged(store, "WLAN", "Dorf")
    term = deeds.add(store, TermList.TAG, "WLAN")
    deeds.rename(store, term, "Freies WLAN")
    assert _tags(workspace, used) == ("Dorf", "WLAN")
    assert _words(workspace) == {"Dorf": (True, 1, ()), "Freies WLAN": (True, 0, (("WLAN", 1),))}
    assert terms.suggestions(workspace.reader, "tags") == ["Dorf", "Freies WLAN"]
    assert deeds.write_in_force(store, TermList.TAG, "WLAN") == 1
    assert _tags(workspace, used) == ("Dorf", "Freies WLAN")
    assert deeds.write_in_force(store, TermList.TAG, "WLAN") == 0
    store.undo()
    assert _tags(workspace, used) == ("Dorf", "WLAN")


def test_a_retired_word_is_offered_no_longer_and_stays_where_it_is(workspace: Workspace) -> None:
    store = workspace.store
    used = _tagged(store, "Fax")
    term = deeds.add(store, TermList.TAG, "Fax")
    deeds.retire(store, term, retired=True)
    assert _words(workspace) == {"Fax": (False, 1, ())}
    assert terms.suggestions(workspace.reader, "tags") == []
    assert _tags(workspace, used) == ("Fax",)
    deeds.retire(store, term, retired=False)
    assert terms.suggestions(workspace.reader, "tags") == ["Fax"]


def test_one_word_replaces_another_and_both_ways_end_at_the_older(workspace: Workspace) -> None:
    store = workspace.store
    used = _tagged(store, "Hotspot")
    old, new = deeds.add(store, TermList.TAG, "Hotspot"), deeds.add(store, TermList.TAG, "WLAN")
    deeds.replace(store, old, new)
    assert _words(workspace) == {"Hotspot": (False, 1, (("Hotspot", 1),)), "WLAN": (True, 0, ())}
    assert deeds.write_in_force(store, TermList.TAG, "Hotspot") == 1
    assert _tags(workspace, used) == ("WLAN",)
    with pytest.raises(FieldError):
        deeds.replace(store, old, old)
    with pytest.raises(FieldError):
        deeds.add(store, TermList.TAG, "wlan")
    with pytest.raises(FieldError):
        deeds.rename(store, new, "  ")


def test_visions_and_local_fields_are_words_as_well(workspace: Workspace) -> None:
    store = workspace.store
    made = _tagged(store, vision_primary="Mobil", vision_secondary="Mobil", local_field="Verkehr")
    term = deeds.add(store, TermList.VISION, "Mobil")
    deeds.rename(store, term, "Im Jahr 2030 sind alle mobil")
    assert deeds.write_in_force(store, TermList.VISION, "Mobil") == 1
    found = records.get_record(workspace.reader, "measure", made)
    assert found is not None
    assert found.text("vision_primary") == found.text("vision_secondary") == "Im Jahr 2030 sind alle mobil"
    assert [e.word for e in terms.entries(workspace.reader, TermList.LOCAL_FIELD)] == ["Verkehr"]


def test_bundles_have_the_agencys_words_and_the_figures_of_their_bausteine(workspace: Workspace) -> None:
    store = workspace.store
    measures.create(store, {"title": "A", "lead_ags": BERLEBURG, "bundle_code": "M07", "status": "in_progress"})
    measures.create(store, {"title": "B", "lead_ags": "05974040", "bundle_code": "M07", "total_cost_cents": 500})
    assert deeds.name_bundle(store, "M07", "Smarte Verwaltung", "") == deeds.name_bundle(store, "M07", "Neu", "Text")
    (seven,) = (one for one in terms.bundles(workspace.reader) if one.code == "M07")
    assert (seven.title, seven.note, seven.measures, seven.towns, seven.running, seven.cost_cents) == (
        "Neu", "Text", 2, 2, 1, 500,
    )  # fmt: skip
    assert [one.title for one in terms.bausteine(workspace.reader, "M07")] == ["A", "B"]
    assert len(terms.bundles(workspace.reader)) == 16


def test_everybody_reads_the_catalogue_and_only_the_agency_writes_it(desks: tuple[Desk, Desk], office: Desk) -> None:
    anna, _ = desks
    term = deeds.add(office.store, TermList.TAG, "WLAN")
    used = _tagged(anna.store, "WLAN")
    for desk in (office, anna, office):
        desk.sync()
    assert terms.suggestions(anna.workspace.reader, "tags") == ["WLAN"]
    with pytest.raises(NotAllowed):
        deeds.rename(anna.store, term, "Anders")
    deeds.rename(office.store, term, "Freies WLAN")
    assert deeds.write_in_force(office.store, TermList.TAG, "WLAN") == 1
    measures.edit(anna.store, used, {"goals": "Surfen"})
    for desk in (office, anna, office):
        desk.sync()
    assert anna.field(used, "tags") == office.field(used, "tags") == ("Freies WLAN",)
    assert office.field(used, "goals") == "Surfen"
