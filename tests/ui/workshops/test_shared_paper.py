"""A workshop that is shared: others read what was said, not who; a released paper stays with its owners."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.catalogue import Visibility
from app.domain.fields import KINDS
from app.domain.ids import EntityId
from app.domain.person_fields import PERSON_FIELDS
from app.models.queries.records import get_record
from app.models.queries.releases import releases
from app.reports.document import encode
from app.server.database import Database
from app.server.service import AgencyService
from app.services import minutes, workshops
from app.services.workshops import Card
from app.ui import labels
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.choices import ChoiceBox
from app.ui.widgets.forms import FieldRow
from app.ui.widgets.surfaces import ScrollPane
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.paper.state import WORKING, read_minutes
from app.ui.workshops.shared_view import SharedView
from tests.services.conftest import BERLEBURG
from tests.services.conftest import Desk as Town
from tests.ui.typing import press, shown
from tests.ui.workshops.conftest import Desk

SOEST = "05974040"
NAMED = ("Katrin Moderat", "Paul Protokoll", "Vera Vortrag", "Jonas Sauer", "Liste Rathaus")


def test_who_reads_a_shared_workshop_gets_its_minutes_without_names_and_the_owners_keep_the_release(
    tmp_path: Path,
) -> None:
    service = AgencyService.found(Database(f"sqlite:///{(tmp_path / 'agentur.db').as_posix()}"), "Agentur")
    katrin, frauke = Town(tmp_path / "Katrin", service), Town(tmp_path / "Frauke", service, SOEST)
    head = {"title": "Mobil im Dorf", "ags": BERLEBURG, "moderation": NAMED[0], "minute_taker": NAMED[1]}
    workshop = workshops.create(katrin.store, {**head, "distribution": NAMED[4], "visibility": "public"})
    workshops.add_part(katrin.store, workshop, "agenda_item", {"title": "Bürgerbus", "speaker": NAMED[2]})
    cards = [Card("idea", "Auch abends"), Card("task", "Angebote", responsible=NAMED[3])]
    workshops.add_cards(katrin.store, workshop, cards)
    read = read_minutes(katrin.workspace.reader, workshop)
    assert read is not None
    minutes.release(katrin.store, workshop, 1, encode(read.working))
    for desk in (katrin, frauke):
        desk.sync()

    own = read_minutes(katrin.workspace.reader, workshop)
    assert own is not None
    assert own.document is not None
    assert all(name in encode(own.document) for name in NAMED)
    assert (len(own.releases), own.shown, own.elsewhere) == (1, own.releases[0].id, False)

    (kept,) = releases(frauke.workspace.reader, workshop)
    assert (kept.number, kept.content, bool(kept.released_at)) == (1, "", True)
    others = read_minutes(frauke.workspace.reader, workshop)
    assert others is not None
    assert others.document is not None
    told = encode(others.document)
    assert "Bürgerbus" in told
    assert "Auch abends" in told
    assert not [name for name in NAMED if name in told]
    assert (others.shown, others.elsewhere, others.moved_on) == (WORKING, True, False)
    assert others.document.standing == "Ohne Namen; Freigabe 1 liegt bei der Kommune"
    assert not [name for name in NAMED if name.encode() in _bytes_at(frauke)], "not in its database either"


def _bytes_at(desk: Town) -> bytes:
    """Everything the profile holds in clear, table by table."""
    with desk.store.engine.connect() as connection:
        tables = connection.exec_driver_sql("select name from sqlite_master where type = 'table'").scalars().all()
        rows = [connection.exec_driver_sql(f'select * from "{name}"').all() for name in tables]
    return repr(rows).encode()


def test_the_form_says_before_anything_is_shared_what_stays(qtbot: QtBot, desk: Desk, workshop: EntityId) -> None:
    page = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, page).resize(1366, 768)
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    details = page.view.details
    row = details.findChild(FieldRow, "row_visibility")
    assert row is not None

    def noted() -> list[str]:
        return [label.text() for label in row.findChildren(QLabel) if label.isVisible()]

    sentence = (
        "Auch wenn andere mitlesen, bleibt bei Ihnen: Moderation, Protokollführung, Verteiler, Tagesordnungspunkt: "
        "Vortragende Person, Aufgabe: Verantwortlich, Freigegebenes Protokoll: Wortlaut bei der Freigabe."
    )
    assert sentence in noted()
    level = row.findChild(ChoiceBox)
    assert level is not None
    level.setCurrentIndex(level.findText(labels.label(Visibility.PUBLIC)))
    level.activated.emit(level.currentIndex())
    head = get_record(desk.workspace.reader, "workshop", workshop)
    assert head is not None
    assert head.get("visibility") == "public"
    qtbot.waitUntil(lambda: sentence in noted())
    page.flush()
    page.leave()


def test_whoever_shares_a_workshop_sees_before_what_others_will_read_of_it(
    qtbot: QtBot, desk: Desk, workshop: EntityId
) -> None:
    cards = [Card("idea", f"Idee {number}") for number in range(42)]
    workshops.add_cards(desk.store, workshop, [*cards, Card("task", "Angebote einholen", responsible="A. Born")])
    workshops.edit(desk.store, workshop, {"moderation": "Frauke Hellmann"})
    workshops.set_head_count(desk.store, workshop, "citizens", 21)
    page = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, page).resize(1366, 768)
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    look = page.view.details.findChild(LinkButton, "shared_preview")
    assert look is not None
    press(look, Qt.Key.Key_Space)
    card = page.window().findChild(SharedView)
    assert card is not None
    read = "\n".join(label.text() for label in card.findChildren(QLabel) if label is not card.withheld)
    for words in ("Bürgerdialog Mobilität", "Bus und Bürgerbus", "42 Karten", "… und 2 weitere", "Bürgerschaft: 21",
                  "Angebote einholen"):  # fmt: skip
        assert words in read
    assert "Hellmann" not in read
    assert "Born" not in read
    assert card.withheld.text() == "Moderation, Aufgabe: Verantwortlich"
    focused = look.window().focusWidget()
    assert focused is not None
    press(focused, Qt.Key.Key_PageDown)
    pane = card.findChild(ScrollPane)
    assert pane is not None
    assert pane.verticalScrollBar().value() > 0, "without a mouse the rest can be read too"
    press(focused, Qt.Key.Key_Escape)
    assert look.hasFocus()
    page.flush()
    page.leave()


def test_a_workshop_without_a_format_shows_a_dash_and_can_go_back_to_none(
    qtbot: QtBot, desk: Desk, workshop: EntityId
) -> None:
    page = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, page)
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("details")
    box = page.view.details.findChild(ChoiceBox, "detail_format")
    assert box is not None
    press(box, Qt.Key.Key_Home)
    assert box.currentText() == "–"
    head = get_record(desk.workspace.reader, "workshop", workshop)
    assert head is not None
    assert not head.get("format")
    page.flush()
    page.leave()


def test_whatever_names_a_person_is_internal() -> None:
    assert [one for one in sorted(PERSON_FIELDS) if not KINDS[one[0]].by_name[one[1]].internal] == []
