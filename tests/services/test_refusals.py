"""What a person types and Maßwerk cannot take: named, and nothing of it is written, not even half."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.fields import KINDS, Merge, Type
from app.domain.ids import text_peer
from app.domain.text import TextDoc
from app.errors import FieldError, MasswerkError, TooLarge
from app.models.queries import records
from app.models.queries.identity import all_states, identity
from app.models.store import Store
from app.services import measures, workshops
from app.services.workspace import Workspace
from tests.services.conftest import BERLEBURG

PASTED = "Ein Satz aus einem sehr langen Dokument. " * 250_000
"""10 MB of text."""
TEXTS = [
    slot.name
    for slot in KINDS["measure"].slots
    if slot.merge is Merge.REGISTER and len(slot.fields) == 1 and slot.fields[0].type is Type.TEXT
]


@pytest.fixture
def measure(store: Store) -> str:
    return measures.create(store, {"title": "Radweg", "lead_ags": BERLEBURG, "start": "2026-03", "end": "2027"})


@pytest.fixture
def unchanged(workspace: Workspace, measure: str) -> Iterator[None]:
    """Nothing may differ after the test: no record, no number, no clock."""
    before = all_states(workspace.reader), identity(workspace.reader)
    yield
    assert (all_states(workspace.reader), identity(workspace.reader)) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("field", TEXTS)
def test_ten_megabytes_pasted_into_a_field_are_too_large(store: Store, measure: str, field: str) -> None:
    with pytest.raises(TooLarge) as refused:
        measures.edit(store, measure, {"tags": ("neu",), field: PASTED})
    assert refused.value.field == field
    assert refused.value.params["size"] == len(PASTED)


@pytest.mark.usefixtures("unchanged")
def test_ten_megabytes_pasted_into_a_tag_or_a_card_are_too_large(store: Store, measure: str) -> None:
    with pytest.raises(TooLarge):
        measures.edit(store, measure, {"title": "Neu", "tags": (PASTED,)})
    with pytest.raises(TooLarge):
        measures.add_part(store, measure, "milestone", {"title": PASTED})


def test_ten_megabytes_pasted_into_the_minutes_leave_them_as_they_were(store: Store, workspace: Workspace) -> None:
    workshop = workshops.create(store, {"title": "Bürgerdialog", "ags": BERLEBURG})
    workshops.add_card(store, workshop, workshops.Card("idea", "Rufbus"))
    before = all_states(workspace.reader), identity(workspace.reader)
    entity = workshops.minutes_id(workshop)
    state = records.text_state(workspace.reader, "minutes", entity, "text")
    doc = TextDoc(state, text_peer(identity(workspace.reader).replica, entity, 1, 0))
    doc.insert(0, PASTED)
    update = doc.take_update()
    assert update is not None
    with pytest.raises(TooLarge):
        workshops.write_minutes(store, workshop, update)
    with pytest.raises(TooLarge):
        workshops.add_card(store, workshop, workshops.Card("idea", PASTED))
    assert (all_states(workspace.reader), identity(workspace.reader)) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("title", ["", "   ", "\t\n", "\u00a0\u2003", None])
def test_a_title_of_spaces_is_no_title(store: Store, measure: str, title: str | None) -> None:
    for attempt in (
        lambda: measures.create(store, {"title": title, "lead_ags": BERLEBURG}),
        lambda: measures.edit(store, measure, {"title": title, "goals": "steht sonst halb da"}),
        lambda: measures.add_part(store, measure, "milestone", {"title": title}),
        lambda: workshops.create(store, {"title": title, "ags": BERLEBURG}),
    ):
        with pytest.raises(FieldError) as refused:
            attempt()
        assert (refused.value.field, refused.value.code) == ("title", "blank")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "values",
    [
        {"start": "2027", "end": "2026"},
        {"start": "2026-Q3", "end": "2026-06-30"},
        {"end": "2025"},  # the beginning stands already
        {"start": "2028"},  # the end stands already
    ],
)
def test_an_end_before_the_start_is_refused(store: Store, measure: str, values: dict[str, object]) -> None:
    with pytest.raises(FieldError) as refused:
        measures.edit(store, measure, {"goals": "steht sonst halb da", **values})
    assert refused.value.code == "end_before_start"


@pytest.mark.usefixtures("unchanged")
def test_what_others_see_is_not_withdrawn_to_one_device(store: Store, measure: str) -> None:
    """It would leave every desk, also the one at which that was done."""
    for attempt in (measures.edit, lambda s, m, v: measures.edit_many(s, [m], v)):
        with pytest.raises(FieldError) as refused:
            attempt(store, measure, {"goals": "steht sonst halb da", "visibility": "private"})
        assert (refused.value.field, refused.value.code) == ("visibility", "shared")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "values",
    [
        {"status": "erledigt"},
        {"start": "irgendwann"},
        {"lead_ags": "Berleburg"},
        {"progress_percent": 101},
        {"title": "halb\ud800"},
    ],
)
def test_a_value_that_is_none_is_refused(store: Store, measure: str, values: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        measures.edit(store, measure, {"goals": "steht sonst halb da", **values})


@pytest.mark.usefixtures("unchanged")
def test_a_record_that_is_not_here_cannot_be_edited(store: Store, measure: str) -> None:
    with pytest.raises(MasswerkError):
        measures.edit(store, workshops.minutes_id(measure), {"title": "niemand"})
