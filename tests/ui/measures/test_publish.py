"""Publishing shows first what others will read, and keeps what is internal here."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QLabel

from app.domain.catalogue import Visibility
from app.models.queries import lists
from app.models.store import Store
from app.services import history, measures, publishing
from app.services.workspace import Workspace
from app.ui.measures.page import MeasuresPage
from app.ui.measures.publish import PublishCard
from tests.ui.measures.acting import make, value


def _measure(store: Store) -> str:
    made = make(
        store, "Bürgerbus", goals="Samstags fahren", internal_note="Rat ist dagegen", responsible_contact="K. Brandt",
        procurement_note="Angebot 3",
    )  # fmt: skip
    measures.add_part(store, made, "funding_item", {"file_ref": "AZ 7/2026", "status": "approved"})
    measures.add_part(store, made, "risk", {"title": "Kein Fahrer", "owner": "Jonas Weber"})
    measures.add_part(store, made, "task", {"title": "Fahrplan setzen", "responsible": "Meral Aydin"})
    return made


def test_the_preview_is_what_others_get_and_names_what_stays(store: Store, workspace: Workspace) -> None:
    found = publishing.preview(workspace.reader, _measure(store))
    assert found is not None
    shown = {(s.kind, s.field) for s in found.shown}
    assert {
        ("measure", "title"),
        ("measure", "goals"),
        ("funding_item", "status"),
        ("risk", "title"),
        ("task", "title"),
    } <= shown
    assert set(found.withheld) == {
        ("measure", "internal_note"), ("measure", "responsible_contact"), ("measure", "procurement_note"),
        ("funding_item", "file_ref"), ("risk", "owner"), ("task", "responsible"),
    }  # fmt: skip
    assert "short_description" in found.missing
    assert not shown & set(found.withheld)


def test_from_the_menu_one_reads_it_first_and_can_take_it_back(
    store: Store, workspace: Workspace, page: MeasuresPage
) -> None:
    made = _measure(store)
    page.show_record(made)
    page.pane.ask_publish()
    card = page.window().findChild(PublishCard)
    assert card is not None
    words = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "Samstags fahren" in words
    assert "Kein Fahrer" in words
    assert not any(kept in words for kept in ("Rat ist dagegen", "Jonas Weber", "Meral Aydin"))
    assert card.withheld.text() == (
        "Ansprechperson, Anmerkung zur Vergabe, Interne Notiz, Finanzierungsposten: Aktenzeichen, "
        "Risiko: Verantwortlich, Aufgabe: Verantwortlich"
    )
    card.level.set_value(Visibility.SCHOOL)
    button = card.findChild(QAbstractButton, "publish")
    assert button is not None
    button.click()
    assert value(workspace, made, "visibility") == "school"
    history.undo(store)
    assert value(workspace, made, "visibility") != "school"
    assert lists.count_measures(workspace.reader) == 1
