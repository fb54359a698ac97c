"""In the Steckbrief: from whom an idea is, what its original says anew, who took it over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.models.queries import records
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import adoptions, measures
from app.ui.measures.lineage import LineageBox, OfferCard
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.words import ElidedLabel, Label
from tests.ui.measures.conftest import AGS
from tests.ui.typing import press

SOEST = "05974040"


@pytest.fixture
def pair(store: Store) -> tuple[str, str]:
    """A measure of Soest and what was taken over from it."""
    store.put_settings(grant=encode_grant("agency", "", []))
    original = measures.create(store, {"title": "Mobility Twin", "lead_ags": SOEST, "goals": "Verkehr verstehen"})
    return original, adoptions.adopt(store, original, AGS)


def box(page: MeasuresPage) -> LineageBox:
    page.pane.form.go_to("adopted_from")
    found = page.pane.form.lineage
    assert found is not None
    return found


def words(widget: QWidget) -> str:
    plain = [one.text() for one in widget.findChildren(Label) if not one.isHidden()]
    cut = [one.text() for one in widget.findChildren(ElidedLabel) if not one.isHidden()]
    return "\n".join(plain + cut)


def test_both_ends_name_each_other_and_lead_there(page: MeasuresPage, pair: tuple[str, str]) -> None:
    original, taken = pair
    page.show_record(taken)
    assert "abgeguckt am" in words(box(page))
    link = box(page).findChild(LinkButton, f"lineage_{original}")
    assert link is not None
    assert link.text() == "Soest: Mobility Twin"
    press(link, Qt.Key.Key_Return)
    assert page.pane.measure == original
    assert "Übernommen in 1 Maßnahme" in words(box(page))
    assert box(page).findChild(LinkButton, f"lineage_{taken}") is not None


def test_what_the_original_says_anew_waits_for_an_answer_and_own_words_stay_until_then(
    page: MeasuresPage, store: Store, pair: tuple[str, str]
) -> None:
    original, taken = pair
    measures.edit(store, taken, {"goals": "Radverkehr verstehen"})
    measures.edit(store, original, {"goals": "Verkehr lenken", "specifics": "28 Zählstellen"})
    page.show_record(taken)
    head = page.pane.form.folds["origin"].head
    assert head.note() == "Original neu in 2 Feldern"
    cards = {one.field: one for one in box(page).findChildren(OfferCard) if not one.isHidden()}
    assert set(cards) == {"specifics", "goals"}
    assert "hier angepasst" in words(cards["goals"])
    assert "hier angepasst" not in words(cards["specifics"])
    take, keep = cards["specifics"].findChild(Button, "take_specifics"), cards["goals"].findChild(Button, "keep_goals")
    assert take is not None
    assert keep is not None
    press(keep, Qt.Key.Key_Space)
    press(take, Qt.Key.Key_Space)
    record = records.get_record(page._workspace.reader, "measure", taken)
    assert record is not None
    assert (record.get("goals"), record.get("specifics")) == ("Radverkehr verstehen", "28 Zählstellen")
    assert not [one for one in box(page).findChildren(OfferCard) if not one.isHidden()]
    assert head.note() == ""


def test_who_may_not_edit_sees_the_lineage_and_is_asked_nothing(
    page: MeasuresPage, store: Store, pair: tuple[str, str]
) -> None:
    original, taken = pair
    measures.edit(store, original, {"goals": "Verkehr lenken"})
    store.put_settings(grant=encode_grant("coordinator", SOEST, []))
    page.show_record(taken)
    assert "abgeguckt am" in words(box(page))
    assert not box(page).findChildren(OfferCard)
