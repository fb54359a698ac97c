"""In the Steckbrief: from whom an idea is, what its original says anew, who took it over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.queries import records
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import adoptions, measures, merging
from app.ui.measures.lineage import LineageBox
from app.ui.measures.offers import OfferCard, PartCard
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


def answers(page: MeasuresPage) -> list[Button]:
    """The ways to turn a proposal down that are on screen."""
    found = page.pane.findChildren(Button, "proposal_no")
    return [one for one in found if (card := one.parentWidget()) is not None and not card.isHidden()]


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


def test_whoever_answers_by_keyboard_comes_from_one_answer_to_the_next(
    qtbot: QtBot, page: MeasuresPage, store: Store, pair: tuple[str, str]
) -> None:
    original, taken = pair
    measures.edit(store, original, {"goals": "Verkehr lenken", "specifics": "28 Zählstellen"})
    page.show_record(taken)

    shown = box(page)

    def on_screen() -> list[Button]:
        return [one for one in shown.findChildren(Button) if one.text() == "Übernehmen" and one.isVisible()]

    qtbot.waitUntil(lambda: len(on_screen()) == 2)
    before = on_screen()[0]
    before.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(before.hasFocus)
    press(before, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(on_screen()) == 1)
    qtbot.waitUntil(lambda: on_screen()[0].hasFocus())


def test_who_may_not_edit_sees_the_lineage_and_is_asked_nothing(
    page: MeasuresPage, store: Store, pair: tuple[str, str]
) -> None:
    original, taken = pair
    measures.edit(store, original, {"goals": "Verkehr lenken"})
    store.put_settings(grant=encode_grant("coordinator", SOEST, []))
    page.show_record(taken)
    assert "abgeguckt am" in words(box(page))
    assert not box(page).findChildren(OfferCard)


def test_a_new_part_of_the_original_is_offered_and_taken(
    page: MeasuresPage, store: Store, pair: tuple[str, str]
) -> None:
    original, taken = pair
    measures.add_part(store, original, "risk", {"title": "Funkloch", "mitigation": "Antenne", "owner": "Frau Muster"})
    page.show_record(taken)
    (card,) = [one for one in box(page).findChildren(PartCard) if not one.isHidden()]
    assert "hier noch nicht" in words(card)
    assert "Funkloch · Maßnahme: Antenne" in words(card) or "Funkloch" in words(card)
    assert "Frau Muster" not in words(card)
    take = next(one for one in card.findChildren(Button) if one.objectName().startswith("take_"))
    press(take, Qt.Key.Key_Space)
    (risk,) = records.children(page._workspace.reader, taken, "risk")
    assert (risk.text("title"), risk.text("mitigation"), risk.text("owner")) == ("Funkloch", "Antenne", "")
    assert not [one for one in box(page).findChildren(PartCard) if not one.isHidden()]


def test_a_link_to_what_has_gone_leads_to_where_it_is_and_both_can_be_read_and_parted(
    page: MeasuresPage, store: Store, pair: tuple[str, str]
) -> None:
    stays, _ = pair
    goes = measures.create(store, {"title": "Zwilling", "lead_ags": SOEST, "goals": "Zählen"})
    merging.merge(store, stays, goes)
    page.show_record(goes)
    assert page.pane.measure == stays
    assert "Hier aufgegangen" in words(box(page))
    assert page.pane.form.folds["origin"].head.note() == "Doppel anders in 1 Feld"
    look = box(page).findChild(LinkButton, f"lineage_{goes}")
    assert look is not None
    press(look, Qt.Key.Key_Return)
    assert page.pane.measure == goes
    banner = page.pane.findChild(QWidget, "banner_merged")
    assert banner is not None
    assert "aufgegangen" in banner.accessibleName()
    assert page.pane.form.sheet.is_locked(), "work goes on at the one that stays"
    page.show_record(stays)
    apart = box(page).findChild(LinkButton, f"apart_{goes}")
    assert apart is not None
    press(apart, Qt.Key.Key_Return)
    page.show_record(goes)
    assert page.pane.measure == goes


def test_a_proposal_is_answered_above_the_form(page: MeasuresPage, store: Store) -> None:
    store.put_settings(grant=encode_grant("agency", "", []))
    own = measures.create(store, {"title": "Waldmonitor", "lead_ags": AGS, "visibility": "school"})
    far = measures.create(store, {"title": "Waldmonitor Soest", "lead_ags": SOEST, "visibility": "school"})
    merging.propose(store, own, far)
    page.show_record(own)
    banner = page.pane.findChild(QWidget, "banner_proposal")
    assert banner is not None
    assert "„Waldmonitor Soest“ (Soest)" in banner.accessibleName()
    yes = banner.findChild(Button, "proposal_yes")
    assert yes is not None
    press(yes, Qt.Key.Key_Space)
    record = records.get_record(page._workspace.reader, "measure", own)
    assert record is not None
    assert record.elements("participating_ags") == (SOEST,)
    assert record.text("merge_with") == ""
    page.show_record(far)
    assert answers(page) == [], "the town answers, not whoever else may edit"
    merging.propose(store, far, own)
    page.show_record(own)
    (no,) = answers(page)
    press(no, Qt.Key.Key_Space)
    record = records.get_record(page._workspace.reader, "measure", own)
    assert record is not None
    assert (record.text("merge_with"), len(record.elements("distinct_from"))) == ("", 1)
