"""The minutes beside Mitschrift and wall: put together, shown as they print, given out as files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.ids import EntityId
from app.models.queries import records
from app.models.queries.evenings import evening
from app.models.queries.releases import releases
from app.reports.document import Document, Facts, Heading, Items, Table, pieces
from app.services import measures, promotions, workshops
from app.services import minutes as releasing
from app.services import walls as acting
from app.services.workshops import Card
from app.ui import theme
from app.ui.widgets.notices import Banner
from app.ui.workshops.page import WorkshopsPage
from app.ui.workshops.paper.assembly import assemble
from app.ui.workshops.paper.view import PaperView, file_name
from tests.ui.typing import press, shown, type_text
from tests.ui.workshops.conftest import AGS, Desk


@pytest.fixture
def cards(desk: Desk, workshop: EntityId) -> list[EntityId]:
    """What an evening leaves behind."""
    bus, rad, _ = (r.id for r in records.children(desk.workspace.reader, workshop, "station"))
    made = workshops.add_cards(
        desk.store,
        workshop,
        [
            Card("idea", "Bürgerbus auch abends", bus),
            Card("weakness", "Gehweg an der Ederbrücke fehlt", rad),
            Card("decision", "Haltestelle wird barrierefrei angemeldet", bus),
            Card("question", "Wer räumt die Wege im Winter?"),
            Card("hint", "Nicht für heute", rad),
            Card("task", "Angebote einholen", bus, responsible="Jonas Sauer", due="2026-12-04"),
        ],
    )
    ids = [card for _, card in made]
    vote = acting.create_round(desk.store, workshop, {"title": "Was zuerst?", "method": "dots"})
    workshops.vote(desk.store, workshop, vote, ids[0], 3)
    workshops.vote(desk.store, workshop, vote, ids[1], 5)
    acting.create_cluster(desk.store, workshop, "Sicher zu Fuß", [ids[1]])
    acting.park_cards(desk.store, [ids[4]])
    promotions.create_measure(desk.store, workshop, [ids[1]], {"title": "Gehweg Ederbrücke", "lead_ags": AGS})
    workshops.set_head_count(desk.store, workshop, "citizens", 34)
    return ids


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, workshop: EntityId) -> Iterator[WorkshopsPage]:
    made = WorkshopsPage(desk.workspace, desk.bus)
    shown(qtbot, made).resize(1366, 768)
    yield made
    made.flush()
    made.leave()


def heard(paper: PaperView) -> str:
    return "\n".join(piece.text for piece in paper.state.pieces)


def open_paper(qtbot: QtBot, page: WorkshopsPage, workshop: EntityId) -> PaperView:
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("paper")
    qtbot.waitUntil(lambda: paper_of(page).pages.page_count() > 0)
    return page.view.paper


def paper_of(page: WorkshopsPage) -> PaperView:
    assert page.view is not None
    return page.view.paper


def minutes(desk: Desk, workshop: EntityId) -> Document:
    found = evening(desk.workspace.reader, workshop)
    assert found is not None
    return assemble(found)


def sections(document: Document) -> dict[str, list[object]]:
    """Blocks under their first-level headings."""
    found: dict[str, list[object]] = {"": []}
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            found[block.text] = []
        else:
            found[list(found)[-1]].append(block)
    return found


def test_everything_of_an_evening_is_said_once_and_where_one_looks_for_it(
    desk: Desk, workshop: EntityId, cards: list[EntityId]
) -> None:
    told = sections(minutes(desk, workshop))
    (decisions,) = told["Beschlüsse und Empfehlungen"]
    assert isinstance(decisions, Items)
    assert [(i.text, i.note) for i in decisions.items] == [
        ("Haltestelle wird barrierefrei angemeldet", "Bus und Bürgerbus")
    ]
    (tasks,) = told["Aufgaben"]
    assert isinstance(tasks, Table)
    assert tasks.rows == (("Angebote einholen", "Jonas Sauer", "04.12.2026", "Offen"),)
    ranking = told["Abstimmungen"][-1]
    assert isinstance(ranking, Table)
    assert ranking.rows == (
        ("1", "Gehweg an der Ederbrücke fehlt", "Sicher zu Fuß", "5"),
        ("2", "Bürgerbus auch abends", "", "3"),
    )
    assert told["Teilnehmende"][0] == Facts((("Bürgerschaft", "34"), ("Zusammen", "34")))
    listed = [b for b in told["Karten"] if isinstance(b, Heading)]
    assert [(h.level, h.text) for h in listed] == [
        (2, "Bus und Bürgerbus"), (3, "Ideen"), (2, "Rad und zu Fuß"), (3, "Schwächen"),
    ]  # fmt: skip
    (parked,), (outcome,) = told["Themenspeicher"], told["Was daraus wurde"]
    assert isinstance(parked, Items)
    assert isinstance(outcome, Items)
    assert parked.items[0].text == "Nicht für heute"
    assert (outcome.items[0].text, outcome.items[0].note) == (
        "Gehweg Ederbrücke", "aus „Gehweg an der Ederbrücke fehlt“",
    )  # fmt: skip


def test_minutes_in_the_order_of_the_evening_say_the_same(
    desk: Desk, workshop: EntityId, cards: list[EntityId]
) -> None:
    before = sections(minutes(desk, workshop))
    workshops.edit(desk.store, workshop, {"minutes_kind": "verbatim_flow"})
    after = minutes(desk, workshop)
    assert after.kind == "Verlaufsprotokoll"
    assert sections(after) == before
    assert list(sections(after)) != list(before)


def test_no_level_of_headings_is_left_out_where_a_workshop_has_no_stations(desk: Desk) -> None:
    made = workshops.create(desk.store, {"title": "Dorfabend", "ags": AGS})
    workshops.add_card(desk.store, made, Card("idea", "Bürgerbus"))
    read = evening(desk.workspace.reader, made)
    assert read is not None
    levels = [block.level for block in assemble(read).blocks if isinstance(block, Heading)]
    assert levels == [1, 2]


def test_an_empty_workshop_has_minutes_too(desk: Desk) -> None:
    bare = workshops.create(desk.store, {"title": "Nur ein Titel", "ags": AGS})
    assert [piece.text for piece in pieces(minutes(desk, bare))][:2] == ["Nur ein Titel", "Protokoll"]


def test_what_is_being_typed_beside_stands_in_the_minutes_at_once(
    qtbot: QtBot, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId]
) -> None:
    page.show_record(workshop)
    assert page.view is not None
    type_text(page.view.notes.minutes.edit, "Dickel begrüßt.")
    paper = open_paper(qtbot, page, workshop)
    qtbot.waitUntil(lambda: "Dickel begrüßt." in heard(paper))
    assert "Bürgerbus auch abends" in heard(paper)


def test_a_colleagues_card_appears_on_the_paper_while_one_looks(
    qtbot: QtBot, desk: Desk, colleague: Desk, page: WorkshopsPage, workshop: EntityId
) -> None:
    desk.sync()
    colleague.sync()
    paper = open_paper(qtbot, page, workshop)
    workshops.add_card(colleague.store, workshop, Card("idea", "Mitfahrbank"))
    colleague.sync()
    desk.sync()
    qtbot.waitUntil(lambda: "Mitfahrbank" in heard(paper))


def test_three_presses_from_the_list_bring_a_pdf(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], tmp_path: Path
) -> None:
    """Open the workshop, Protokoll, Ctrl+P; the dialog proposes a name."""
    paper = open_paper(qtbot, page, workshop)
    told: list[str] = []
    paper.told.connect(lambda sentence, _: told.append(sentence))
    QTest.keyClick(paper.pages, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = page.window().findChild(QFileDialog, "save_paper")
    assert dialog is not None
    target = tmp_path / "Protokoll.pdf"
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(target))
    dialog.accept()
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: told == ["Gesichert: Protokoll.pdf"])
    assert target.read_bytes().startswith(b"%PDF")
    assert [file.name for file in tmp_path.iterdir() if file.is_file() and file.suffix != ".db"] == ["Protokoll.pdf"]


def test_the_other_forms_say_the_same_and_a_place_that_cannot_be_written_is_told(
    qtbot: QtBot, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], tmp_path: Path
) -> None:
    paper = open_paper(qtbot, page, workshop)
    for ending in ("html", "odt"):
        target = tmp_path / f"P.{ending}"
        paper.give_out(ending, target)
        qtbot.waitUntil(target.exists)
    assert "Haltestelle wird barrierefrei angemeldet" in (tmp_path / "P.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "P.odt") as archive:
        assert "Haltestelle wird barrierefrei angemeldet" in archive.read("content.xml").decode()
    paper.give_out("html", tmp_path / "gibt es nicht" / "P.html")
    banner = paper.findChild(Banner, "paper_refused")
    assert banner is not None
    qtbot.waitUntil(banner.isVisible)


def test_what_is_missing_leads_to_where_it_is_put_right(qtbot: QtBot, page: WorkshopsPage, workshop: EntityId) -> None:
    paper = open_paper(qtbot, page, workshop)
    link = paper.side.missing.findChild(QPushButton, "gap_0")
    assert link is not None
    assert link.text() == "Termin fehlt"
    link.click()
    assert page.view is not None
    assert page.view.details.isVisible()
    assert not paper.isVisible()


@pytest.mark.parametrize("size", [100, 200])
def test_the_paper_is_read_by_keys_and_never_wider_than_its_words(
    qtbot: QtBot, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], size: int
) -> None:
    theme.active().choose("light", size)
    paper = open_paper(qtbot, page, workshop)
    bar = paper.pages.verticalScrollBar()
    qtbot.waitUntil(paper.pages.hasFocus)
    for key, at in ((Qt.Key.Key_End, bar.maximum()), (Qt.Key.Key_Home, 0)):
        press(paper.pages, key)
        assert bar.value() == at
    press(paper.pages, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    inches = 170 / 25.4
    assert paper.pages.per_inch() / paper.pages.devicePixelRatioF() * inches <= paper.pages.viewport().width() + 1


def test_a_file_name_is_one_on_every_system() -> None:
    shown = Document('Was? "Bus/Bahn" \\ <A>: *' + "x" * 300, "Protokoll", "", "2026-11-26")
    name = file_name(shown, "pdf")
    assert name.startswith("2026-11-26 Was Bus Bahn A")
    assert name.endswith(".pdf")
    assert len(name) < 130


def press_step(paper: PaperView, name: str) -> None:
    step = paper.side.standing.findChild(QPushButton, name)
    assert step is not None
    assert step.isVisible()
    QTest.mouseClick(step, Qt.MouseButton.LeftButton)


def state_shown(paper: PaperView) -> tuple[str, bool, str]:
    """State, whether work went on since the release, what the foot of the pages says."""
    minutes = paper.state.minutes
    assert minutes is not None
    assert minutes.document is not None
    return minutes.state, minutes.moved_on, minutes.document.standing


def focus_name() -> str:
    """Where the keyboard is: a step that goes away hands it to the next one."""
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else ""


def test_minutes_go_from_draft_to_agreement_to_a_release_that_stays_whatever_is_noted_later(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], tmp_path: Path
) -> None:
    paper = open_paper(qtbot, page, workshop)
    assert state_shown(paper) == ("draft", False, "Entwurf")
    press_step(paper, "minutes_coordinate")
    qtbot.waitUntil(lambda: state_shown(paper) == ("in_coordination", False, "In Abstimmung"))
    qtbot.waitUntil(lambda: focus_name() == "minutes_release")
    press_step(paper, "minutes_release")
    qtbot.waitUntil(lambda: state_shown(paper)[0] == "released")
    qtbot.waitUntil(lambda: focus_name() == "give_pdf")
    released = state_shown(paper)[2]
    assert released.startswith("Freigabe 1 vom ")
    paper.give_out("pdf", tmp_path / "1.pdf")
    qtbot.waitUntil((tmp_path / "1.pdf").exists)

    workshops.add_card(desk.store, workshop, Card("idea", "Zu spät gekommen"))
    qtbot.waitUntil(lambda: state_shown(paper) == ("released", True, released))
    assert "Zu spät gekommen" not in heard(paper)
    paper.give_out("pdf", tmp_path / "2.pdf")
    qtbot.waitUntil((tmp_path / "2.pdf").exists)
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()

    press_step(paper, "minutes_next")
    qtbot.waitUntil(lambda: state_shown(paper)[0] == "draft")
    assert "Zu spät gekommen" in heard(paper)
    press_step(paper, "minutes_release")
    qtbot.waitUntil(lambda: state_shown(paper)[2].startswith("Freigabe 2 vom "))
    (_, first) = releases(desk.workspace.reader, workshop)
    row = paper.side.papers.findChild(QPushButton, f"release_{first.id}")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state_shown(paper)[2] == released)
    assert "Zu spät gekommen" not in heard(paper)


def test_a_release_of_a_later_version_is_told_and_not_given_out(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId
) -> None:
    releasing.release(desk.store, workshop, 1, '{"format":99}')
    page.show_record(workshop)
    assert page.view is not None
    page.view.show_view("paper")
    paper = page.view.paper
    banner = paper.findChild(Banner, "paper_refused")
    assert banner is not None
    qtbot.waitUntil(banner.isVisible)
    assert not paper.side.give_out.isEnabled()
    assert paper.pages.page_count() == 0


def test_the_letter_says_what_became_of_the_cards_in_their_own_words_and_names_nobody(
    qtbot: QtBot, desk: Desk, page: WorkshopsPage, workshop: EntityId, cards: list[EntityId], tmp_path: Path
) -> None:
    (outcome,) = promotions_of(desk, workshop)
    said = {"short_description": "Der Gehweg wird 300 Meter lang.", "status": "planned", "internal_note": "geheim"}
    measures.edit(desk.store, outcome, {**said, "responsible_contact": "N. Dickel", "start": "2027-Q2"})
    paper = open_paper(qtbot, page, workshop)
    row = paper.side.papers.findChild(QPushButton, "release_letter")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Im Wortlaut der Karten" in heard(paper))
    told = heard(paper)
    for words in (
        "Gehweg Ederbrücke", "Der Gehweg wird 300 Meter lang.", "Stand: Geplant", "Zeitraum: Q2/2027",
        "„Gehweg an der Ederbrücke fehlt“ (5 Punkte)", "Haltestelle wird barrierefrei angemeldet", "34 Personen",
        "erledigt: 0 von 1",
    ):  # fmt: skip
        assert words in told
    for hidden in ("geheim", "Dickel", "Jonas Sauer"):
        assert hidden not in told
    paper.give_out("html", tmp_path / "Brief.html")
    qtbot.waitUntil((tmp_path / "Brief.html").exists)
    assert "was daraus wurde" in (tmp_path / "Brief.html").read_text(encoding="utf-8")


def promotions_of(desk: Desk, workshop: EntityId) -> list[EntityId]:
    found = evening(desk.workspace.reader, workshop)
    assert found is not None
    return [one.measure for one in found.outcomes]
