"""The Abgleich as a person meets it: states, what waits, receipts, log, joining."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.catalogue import Role
from app.domain.region import Region
from app.models.queries import syncing
from app.server.serving import serving
from app.services import measures
from app.sync.membership import join
from app.sync.report import Progress, Stage
from app.ui import theme
from app.ui.bus import Bus
from app.ui.sync.join_form import address_of
from app.ui.sync.page import SyncPage
from app.ui.sync.stand import Way, stand_of
from app.ui.sync_worker import Failure, SyncState, SyncThread
from app.ui.widgets.notices import Toast
from tests.ui.sync.conftest import BERLEBURG, MENDEN, Desk, Town

Open = Callable[[Desk], SyncPage]


@pytest.fixture
def open_page(region: Region, qtbot: QtBot) -> Iterator[Open]:
    threads: list[SyncThread] = []

    def begin(desk: Desk) -> SyncPage:
        bus = Bus()
        desk.workspace.store.listen(bus.tell_applied)
        thread = SyncThread(desk.http_engine)
        threads.append(thread)
        page = SyncPage(desk.workspace, bus, thread, region)
        page.bus, page.thread_ = bus, thread  # type: ignore[attr-defined]
        qtbot.addWidget(page)
        page.resize(1278, 780)
        page.show()
        return page

    yield begin
    for thread in threads:
        thread.close()


def _standing(desk: Desk) -> syncing.Standing:
    return syncing.standing(desk.workspace.reader)


def test_a_code_that_is_none_or_was_used_is_told_in_full_beside_its_field(
    town: Town, open_page: Open, qtbot: QtBot
) -> None:
    late = town.desk("Yvonne Roth", "PC", joined=False)
    page = open_page(late)
    page.resize(1440, 900)
    form = page.overview.state.form
    assert form is not None
    problem = form.fields._problems[form.fields.code]
    form.fields.address.setText("http://127.0.0.1:1")
    form.fields.code.setText("Liebe Kollegin, hier ist der Code. " * 4)
    form.submit()
    assert problem.text() == "Das ist kein Einladungscode; er sieht aus wie K7QF-2M9X."
    form.complain(Failure("invitation_invalid", {}))
    qtbot.waitUntil(lambda: problem.height() >= problem.heightForWidth(problem.width()))
    layout = form.fields.layout()
    assert layout is not None
    assert form.fields.height() >= layout.totalHeightForWidth(form.fields.width())


def test_what_waits_stands_by_record_with_its_fields_in_german(town: Town, open_page: Open, qtbot: QtBot) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    made = measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    desk.sync()
    measures.edit(desk.workspace.store, made, {"traffic_light": "yellow", "goals": "Ein Ziel"})
    measures.add_part(desk.workspace.store, made, "milestone", {"title": "Vergabe"})
    page = open_page(desk)
    table = page.overview.waiting.table
    model = table.model()
    told = [model.index(0, column).data() for column in range(4)]
    assert told[0] == "Radweg"
    assert set(str(told[1]).split(", ")) == {"Ampel", "Begründung", "Ziele", "1 Meilenstein"}
    assert told[2] == "Wartet"
    with qtbot.waitSignal(page.record_requested) as opened:
        table.select_row(0)
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["measure", made]


def test_after_a_sync_the_receipt_and_the_log_name_the_record(town: Town, open_page: Open, qtbot: QtBot) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    made = measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    desk.sync()
    page = open_page(desk)
    assert page.overview.waiting.empty.isVisible()
    assert [row.line.changes for row in page.overview.receipts.rows] == [1]
    page.show_log()
    row = next(row for row in page.log.rows() if "Radweg" in row.sentence)
    assert "Quittung" in row.sentence
    with qtbot.waitSignal(page.record_requested) as opened:
        row.click()
    assert opened.args == ["measure", made]


def test_a_profile_joins_and_syncs_at_once(town: Town, open_page: Open, qtbot: QtBot) -> None:
    desk = town.desk("Katrin Brandt", "Laptop", joined=False)
    measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    page = open_page(desk)
    page._sync.start()
    form = page.overview.state.form
    assert form is not None
    assert not page.now.isVisible()
    with serving(town.service) as url:
        form.fields.address.setText(url.removeprefix("http://"))
        form.fields.code.setText("FALSCH-CODE")
        form.button.click()
        qtbot.waitUntil(lambda: form.button.isEnabled())
        assert "Einladungscode gilt nicht" in form.fields.code.error()
        form.fields.code.setText(town.service.invite(Role.COORDINATOR, ags=BERLEBURG))
        with qtbot.waitSignal(page.joined) as joined:
            form.button.click()
        assert joined.args == ["Testagentur"]
        qtbot.waitUntil(lambda: _standing(desk).joined and _standing(desk).pending == 0, timeout=8000)
        qtbot.waitUntil(lambda: page.overview.state.form is None)


def test_a_form_with_mistakes_asks_nobody(town: Town, open_page: Open) -> None:
    page = open_page(town.desk("Katrin Brandt", "Laptop", joined=False))
    form = page.overview.state.form
    assert form is not None
    form.submit()
    assert form.fields.code.error()
    assert form.fields.address.error()
    assert form.button.isEnabled()


@pytest.mark.parametrize("typed", ["", "   ", "http://agentur.de", "ftp://agentur.de", "zwei worte", "https://"])
def test_what_is_no_safe_address_is_not_taken(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        address_of(typed)


def test_an_address_may_be_typed_without_its_beginning() -> None:
    assert address_of(" abgleich.agentur.de/ ") == "https://abgleich.agentur.de"
    assert address_of("127.0.0.1:8000") == "http://127.0.0.1:8000"


def test_every_state_is_said_calmly_with_one_way_out(town: Town) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    told = _standing(desk)
    gone = Failure("agency_unreachable", {})
    assert stand_of(told, SyncState.OFFLINE, gone, None).title == "Kein Netz, alles geht weiter"
    assert stand_of(told, SyncState.PAUSED, None, None).way is Way.RESUME
    revoked = stand_of(told, SyncState.REFUSED, Failure("token_revoked", {}), None)
    assert revoked.way is Way.REJOIN
    assert "abgemeldet" in revoked.title
    running = stand_of(told, SyncState.SYNCING, None, Progress(Stage.PULL, 8, 8, 3))
    assert running.detail == "7 von 8 quittiert · 3 Einträge geholt"
    assert stand_of(told, SyncState.CONNECTED, None, None).title == "1 Änderung wartet"


def test_who_has_not_asked_the_agency_yet_does_not_claim_to_be_connected(town: Town) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    desk.sync()
    told = _standing(desk)
    assert stand_of(told, SyncState.CONNECTED, None, None).detail.startswith("Verbunden mit ")
    asked = stand_of(told, SyncState.UNKNOWN, None, None)
    assert asked.title == "Alles übertragen"
    assert asked.detail.startswith("Ob die Agentur gerade zu erreichen ist")


def test_a_revoked_device_finds_the_way_back_in(town: Town, open_page: Open, qtbot: QtBot) -> None:
    with serving(town.service) as url:
        desk = town.desk("Katrin Brandt", "Laptop", url=url)
        measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
        town.service.revoke(1)
        page = open_page(desk)
        page._sync.start()
        qtbot.waitUntil(lambda: page._sync.state is SyncState.REFUSED)
        page.refresh()
        button = page.findChild(QAbstractButton, "sync_rejoin")
        assert isinstance(button, QAbstractButton)
        assert button.isVisible()
        button.click()
        form = page.overview.state.form
        assert form is not None
        assert form.fields.address.text() == url
        form.fields.code.setText(town.service.invite(Role.COORDINATOR, ags=BERLEBURG, replaces=1))
        with qtbot.waitSignal(page.joined):
            form.button.click()
        qtbot.waitUntil(lambda: _standing(desk).pending == 0, timeout=8000)


def test_who_comes_in_for_another_town_is_told_to_start_anew(town: Town, open_page: Open) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    page = open_page(desk)
    join(
        desk.workspace.store,
        town.service.as_device(""),
        "http://127.0.0.1:1",
        town.service.invite(Role.COORDINATOR, ags=MENDEN),
    )
    page._on_joined("Testagentur")
    (toast,) = page.window().findChildren(Toast)
    assert toast.accessibleName() == (
        "Beigetreten: Testagentur. Sie arbeiten jetzt für Menden; bitte starten Sie Maßwerk neu."
    )


def test_everything_that_can_be_pressed_has_a_name(town: Town, open_page: Open) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    page = open_page(desk)
    nameless = [
        piece
        for piece in page.findChildren(QWidget)
        if piece.focusPolicy() & Qt.FocusPolicy.TabFocus and piece.isVisible() and not piece.accessibleName()
    ]
    assert not nameless


@pytest.mark.parametrize("size", [100, 200])
def test_nothing_is_wider_than_the_page(town: Town, open_page: Open, size: int) -> None:
    theme.active().choose(text_size=size)
    desk = town.desk("Katrin Brandt", "Laptop")
    measures.create(desk.workspace.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    page = open_page(desk)
    page.resize(1200, 560)
    content = page.overview.widget()
    assert content is not None
    assert content.width() <= page.overview.viewport().width()


def test_a_look_ahead_tells_what_would_be_sent_and_fetched_and_leads_there(
    town: Town, open_page: Open, qtbot: QtBot
) -> None:
    with serving(town.service) as url:
        katrin = town.desk("Katrin Brandt", "Laptop Rathaus 2", url=url)
        martin = town.desk("Martin Hoffmann", "PC 114", url=url)
        made = measures.create(martin.workspace.store, {"title": "Rufbus", "lead_ags": BERLEBURG})
        measures.add_part(martin.workspace.store, made, "milestone", {"title": "Vergabe"})
        martin.sync()
        measures.create(katrin.workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
        page = open_page(katrin)
        card = page.overview.preview
        with qtbot.waitSignal(page._looking.seen):
            QTest.mouseClick(card.ask, Qt.MouseButton.LeftButton)
        assert [label.text() for label in (card._sent, card._fetched)] == [
            "Von hier: 1 Änderung an 1 Eintrag, wie unter „Was wartet“.",
            "Von der Agentur: 2 neue Einträge.",
        ]
        assert [(line.title, line.told) for line in card.lines()] == [("Rufbus", "neu, 1 Teil neu")]
        assert _standing(katrin).pending == 1
        asked: list[tuple[str, str]] = []
        page.record_requested.connect(lambda kind, record: asked.append((kind, record)))
        card.list.opened.emit(card.list.model().index(0, 0))
        assert asked == [("measure", made)]


def test_without_a_network_a_look_ahead_says_what_would_be_sent(town: Town, open_page: Open, qtbot: QtBot) -> None:
    desk = town.desk("Katrin Brandt", "Laptop Rathaus 2", url="http://127.0.0.1:9")
    measures.create(desk.workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    page = open_page(desk)
    with qtbot.waitSignal(page._looking.failed):
        QTest.mouseClick(page.overview.preview.ask, Qt.MouseButton.LeftButton)
    assert page.overview.preview._sent.text().startswith("Von hier: 1 Änderung")
    assert page.overview.preview._fetched.text() == "Die Agentur ist nicht zu erreichen."
    assert page.overview.preview.ask.isEnabled()


def test_with_large_type_the_tabs_keep_their_words_and_the_button_its_name(
    town: Town, open_page: Open, qtbot: QtBot
) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    page = open_page(desk)
    words = page.now.sizeHint().width()
    page.resize(page.tabs.sizeHint().width() + 240, 600)
    assert page.now.sizeHint().width() < words
    assert page.now.accessibleName() == "Jetzt abgleichen"
    qtbot.waitUntil(lambda: page.tabs.width() >= page.tabs.sizeHint().width())


@pytest.mark.parametrize("size", [100, 200])
def test_up_to_four_records_that_wait_are_in_sight_without_scrolling(
    town: Town, open_page: Open, qtbot: QtBot, size: int
) -> None:
    desk = town.desk("Katrin Brandt", "Laptop")
    for number in range(4):
        measures.create(desk.workspace.store, {"title": f"Radweg {number}", "lead_ags": BERLEBURG})
    theme.active().choose(text_size=size)
    try:
        page = open_page(desk)
        table = page.overview.waiting.table
        qtbot.waitUntil(lambda: table.viewport().height() == 4 * table.row_height())
        assert table.verticalScrollBar().maximum() == 0
    finally:
        theme.active().choose(text_size=100)
