"""The Leitstand as the agency meets it: who is silent, what is to be decided, who may come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.catalogue import Role
from app.domain.region import Region
from app.errors import AgencyUnreachable, TokenRevoked
from app.models.queries import membership, records, syncing
from app.services import history, measures, merging, workshops
from app.services.workspace import Workspace
from app.sync.office import Office
from app.ui import theme
from app.ui.agency.page import DEVICES, PLACES, TWINS, AgencyPage
from app.ui.agency.places_table import Shown
from app.ui.bus import Bus
from app.ui.desktop import Desktop
from app.ui.widgets.checklist import CheckList
from app.ui.widgets.reading_order import reading_order
from app.ui.widgets.table import Cell
from tests.ui.accessibility.reading import expected_stops, missing_words, tree
from tests.ui.agency.conftest import ARNSBERG, BERLEBURG, NACHRODT, OLPE, Desk, Land
from tests.ui.typing import type_text

Open = Callable[[Land], AgencyPage]


@pytest.fixture
def open_page(region: Region, qtbot: QtBot) -> Iterator[Open]:
    pages: list[AgencyPage] = []

    def begin(land: Land, reach: Callable[[Workspace], Office | None] | None = None) -> AgencyPage:
        page = AgencyPage(land.kim.workspace, Bus(), region, reach or (lambda _: land.kim.office))
        pages.append(page)
        qtbot.addWidget(page)
        page.resize(1278, 780)
        with qtbot.waitSignal(page.asking.told):
            page.show()
        return page

    yield begin
    for page in pages:
        page.close_asking()


def press(page: QWidget, name: str) -> None:
    found = page.window().findChild(QAbstractButton, name)
    assert found is not None, name
    found.click()


def told(page: AgencyPage) -> list[tuple[str, str]]:
    """(municipality, contact) of the rows shown."""
    model = page.overview.table.model()
    return [(model.index(r, 0).data(), model.index(r, 1).data()) for r in range(model.rowCount())]


def test_who_has_been_silent_for_too_long_comes_first_and_the_rest_is_a_number(land: Land, open_page: Open) -> None:
    land.silent("Nina Nacht", NACHRODT, 33)
    land.silent("Olaf Ohm", OLPE, 15)
    land.silent("Anna Berg", BERLEBURG, 3)
    page = open_page(land)
    assert told(page) == [("Nachrodt-Wiblingwerde", "vor 33 Tagen"), ("Olpe", "vor 15 Tagen")]
    model = page.overview.table.model()
    assert [model.index(r, 1).data(Cell.TONE) for r in range(2)] == ["danger", "warning"]
    page.overview.choose(Shown.ALL)
    assert len(told(page)) == 59
    assert ("Bad Berleburg", "vor 3 Tagen") in told(page)
    assert ("Siegen", "kein Gerät") in told(page)


def test_after_how_many_days_one_is_told_is_up_to_the_desk(land: Land, open_page: Open) -> None:
    land.silent("Olaf Ohm", OLPE, 15)
    page = open_page(land)
    page.overview.alert.chosen.emit(21)
    assert told(page) == []
    page.overview.alert.chosen.emit(7)
    assert [name for name, _ in told(page)] == ["Olpe"]
    assert open_page(land).overview.alert.value() == 7, "kept"


def test_what_lies_still_and_what_lacks_something_is_counted_from_what_this_desk_has(
    land: Land, open_page: Open
) -> None:
    anna = land.desk("Anna Berg")
    for title in ("Radweg", "Ortsmitte"):
        measures.create(anna.workspace.store, {"title": title, "lead_ags": BERLEBURG})
    anna.sync()
    land.kim.sync()
    page = open_page(land)
    page.overview.choose(Shown.ALL)
    model = page.overview.table.model()
    row = next(r for r in range(model.rowCount()) if model.index(r, 0).data() == "Bad Berleburg")
    assert [model.index(row, column).data() for column in (3, 4, 5, 6)] == ["2", "–", "2", "↗ 2"]


def test_how_much_a_town_brings_week_by_week_stands_in_its_row(land: Land, open_page: Open) -> None:
    today = land.now
    anna = land.desk("Anna Berg")
    for days, titles in ((30, ("Radweg",)), (2, ("Ortsmitte", "Bus"))):
        land.now = today - timedelta(days=days)
        for title in titles:
            measures.create(anna.workspace.store, {"title": title, "lead_ags": BERLEBURG})
        anna.sync()
    land.now = today
    page = open_page(land)
    page.overview.choose(Shown.ALL)
    model = page.overview.table.model()
    rows = {model.index(r, 0).data(): r for r in range(model.rowCount())}
    assert model.index(rows["Bad Berleburg"], 6).data(Cell.BARS) == (0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2)
    assert model.index(rows["Siegen"], 6).data(Cell.BARS) == (0,) * 12
    measures.create(land.kim.workspace.store, {"title": "Steg", "lead_ags": BERLEBURG})
    land.kim.sync()
    page.show_situation()
    assert model.index(rows["Bad Berleburg"], 6).data(Cell.BARS)[-1] == 2, "only what came from there"


def test_a_handover_is_read_in_german_and_taken(land: Land, open_page: Open, qtbot: QtBot) -> None:
    made = land.handed_over()
    page = open_page(land)
    index = page.inbox.model().index(0, 0)
    assert index.data() == "Radweg an der Eder"
    assert index.data(Cell.DETAIL) == "1 Änderung · Bert Feld · Bad Berleburg"
    page.inbox.setCurrentIndex(index)
    words = " ".join(w.text() for w in page.card.findChildren(QWidget) if hasattr(w, "text"))
    assert "Am Fluss entlang" in words
    assert "Geplant" in words
    with qtbot.waitSignal(page.asking.told):
        press(page, "handover_accept")
    assert page.inbox.model().rowCount() == 0
    land.kim.sync()
    found = records.get_record(land.kim.workspace.reader, "measure", made)
    assert found is not None
    assert found.get("description") == "Am Fluss entlang"


def test_a_new_part_that_is_handed_over_stands_with_its_measure(land: Land, open_page: Open, qtbot: QtBot) -> None:
    anna, bert = land.desk("Anna Berg"), land.desk("Bert Feld")
    values = {"title": "Radweg an der Eder", "lead_ags": BERLEBURG, "visibility": "consortium"}
    made = measures.create(anna.workspace.store, values)
    for desk in (anna, bert):
        desk.sync()
    measures.edit(anna.workspace.store, made, {"lead_ags": ARNSBERG})
    anna.sync()
    part = measures.add_part(bert.workspace.store, made, "milestone", {"title": "Vergabe"})
    measures.edit_part(bert.workspace.store, "milestone", part, {"due": "2027"})
    for desk in (bert, land.kim):
        desk.sync()
    page = open_page(land)
    assert [(item.title, item.root_id) for item in page._inbox.rows] == [("Radweg an der Eder", made)]
    page.inbox.setCurrentIndex(page.inbox.model().index(0, 0))
    with qtbot.waitSignal(page.record_requested) as opened:
        press(page, "handover_open")
    assert opened.args == ["measure", made]
    with qtbot.waitSignal(page.asking.told):
        press(page, "handover_accept")
    land.kim.sync()
    (told,) = records.children(land.kim.workspace.reader, made, "milestone")
    assert (told.get("title"), told.get("due")) == ("Vergabe", "2027")


def test_with_large_text_in_a_low_window_the_rows_go_before_the_sums(
    land: Land, open_page: Open, look: theme.Theme, qtbot: QtBot
) -> None:
    page = open_page(land)
    figure = page.overview.figures[-1]
    assert figure.isVisible()
    look.choose("light", 200)
    page.resize(1200, 560)
    qtbot.waitUntil(lambda: not figure.isVisible())
    assert page.overview.alert.width() == theme.px(150)
    look.choose("light", 100)
    page.resize(1278, 780)
    qtbot.waitUntil(figure.isVisible)


def test_an_open_tab_follows_what_is_changed_meanwhile(land: Land, open_page: Open, qtbot: QtBot) -> None:
    store = land.kim.workspace.store
    one, other = (
        measures.create(store, {"title": title, "lead_ags": OLPE}) for title in ("Mitfahrbank", "Mitfahrbänke")
    )
    page = open_page(land)
    store.listen(page._bus.tell_applied)
    page._renewing.setInterval(0)
    with qtbot.waitSignal(page.twins.counted):
        page.tabs.setCurrentIndex(1)
    assert page.tabs.key() == TWINS
    assert page.twins.model.rowCount() == 1
    with qtbot.waitSignal(page.twins.counted, check_params_cb=lambda count: count == 0):
        merging.merge(store, other, one)
    with qtbot.waitSignal(page.twins.counted, check_params_cb=lambda count: count == 1):
        history.undo(store)
    assert page.twins.model.rowCount() == 1, "undone, so it is asked again"


def test_what_goes_back_needs_a_reason_and_its_author_reads_it(land: Land, open_page: Open, qtbot: QtBot) -> None:
    land.handed_over()
    page = open_page(land)
    page.inbox.setCurrentIndex(page.inbox.model().index(0, 0))
    press(page, "handover_return")
    assert page.inbox.model().rowCount() == 1, "not without a reason"
    page.card.note.setFocus()
    type_text(page.card.note, "Arnsberg plant anders")
    with qtbot.waitSignal(page.asking.told):
        press(page, "handover_return")
    assert page.inbox.model().rowCount() == 0
    bert = land.desks[-1]
    bert.sync()
    (waiting,) = syncing.waiting(bert.workspace.reader)
    assert waiting.note == "Arnsberg plant anders"


def test_a_device_is_invited_and_signed_off_from_the_screen(land: Land, open_page: Open, qtbot: QtBot) -> None:
    page = open_page(land)
    page.tabs.choose(DEVICES)
    press(page, "invite")
    form = page._form
    assert form is not None
    press(page, "invite_make")
    assert form.code.text() == "", "a coordinator belongs to a municipality"
    form.place.set_value(ARNSBERG)
    with qtbot.waitSignal(page.asking.told):
        press(page, "invite_make")
    code = form.code.text()
    assert code.startswith("ARNSB-")
    assert page.devices.table.model().rowCount() == 2, "Kim, and an open invitation"
    anna = _enter(land, code)
    with qtbot.waitSignal(page.asking.told):
        page.asking.refresh()
    rows = [page.devices.table.model().index(r, 0).data() for r in range(2)]
    page.devices.table.select_row(rows.index("Anna Berg"))
    press(page, "device_revoke")
    with qtbot.waitSignal(page.asking.told):
        press(page, "revoke_yes")
    with pytest.raises(TokenRevoked):
        land.service.as_device(anna).history("measure", "x")


def test_a_workshop_is_given_to_a_device_of_another_town_and_taken_back(
    land: Land, open_page: Open, qtbot: QtBot
) -> None:
    anna, olaf = land.desk("Anna Berg"), land.desk("Olaf Kern", ags=ARNSBERG)
    workshop = workshops.create(anna.workspace.store, {"title": "Dorfabend", "ags": BERLEBURG})
    anna.sync()
    land.kim.sync()
    olaf.sync()
    assert records.get_record(olaf.workspace.reader, "workshop", workshop) is None
    page = open_page(land)
    page.tabs.choose(DEVICES)
    for expected in (True, False):
        rows = [page.devices.table.model().index(r, 0).data() for r in range(3)]
        page.devices.table.select_row(rows.index("Olaf Kern"))
        press(page, "device_lead")
        ticks = page.window().findChildren(CheckList, "lead_list")[-1]
        ticks._toggle(ticks._model.index(0, 0))
        with qtbot.waitSignal(page.asking.told):
            press(page, "lead_save")
        olaf.sync()
        found = records.get_record(olaf.workspace.reader, "workshop", workshop)
        assert (found is not None and found.may_edit) is expected
        told = [page.devices.table.model().index(r, 2).data() for r in range(3)]
        assert any(words.endswith("1 Workshop") for words in told) is expected


def _enter(land: Land, code: str) -> str:
    from app.domain.ids import new_replica_id
    from app.sync.wire import EnrolRequest

    asked = EnrolRequest(code=code, replica=new_replica_id(), person="Anna Berg", device="Laptop")
    return land.service.enrol(asked).token


def test_without_a_network_what_was_told_before_stays_and_the_screen_says_so(
    land: Land, open_page: Open, qtbot: QtBot
) -> None:
    land.silent("Olaf Ohm", OLPE, 15)
    away = [False]

    def reach(_: Workspace) -> Office | None:
        if away[0]:
            raise AgencyUnreachable()
        return land.kim.office

    page = open_page(land, reach)  # type: ignore[call-arg]
    assert not page.banner.isVisible()
    away[0] = True
    with qtbot.waitSignal(page.asking.told):
        press(page, "agency_refresh")
    assert page.banner.isVisible()
    assert [name for name, _ in told(page)] == ["Olpe"]
    away[0] = False
    with qtbot.waitSignal(page.asking.told):
        press(page, "agency_away_remedy")
    assert not page.banner.isVisible()


@pytest.mark.parametrize("role", list(Role))
def test_only_the_agencys_desk_has_the_room(land: Land, region: Region, role: Role, qtbot: QtBot) -> None:
    desk: Desk = land.kim if role is Role.AGENCY else land.desk("Eve", role, "" if role is Role.FACILITATOR else OLPE)
    assert membership.is_agency(desk.workspace.reader) is (role is Role.AGENCY)
    desktop = Desktop(desk.workspace, region, desk.profile, lambda: None)
    qtbot.addWidget(desktop.window)
    try:
        assert (desktop.agency is not None) is (role is Role.AGENCY)
    finally:
        desktop.close()


def test_everything_can_be_reached_by_keyboard(land: Land, open_page: Open) -> None:
    land.handed_over()
    page = open_page(land)
    for widget in (page.overview.table, page.inbox, page.invite, page.again, page.overview.alert, page.card.note):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName()
        assert widget.objectName()


@pytest.mark.parametrize("tab", [PLACES, TWINS, DEVICES])
def test_every_view_of_the_leitstand_has_names_and_roles_and_tab_reaches_all_of_it(
    land: Land, open_page: Open, tab: str
) -> None:
    page = open_page(land)
    page.tabs.choose(tab)
    nodes = tree(page)
    assert missing_words(nodes) == []
    assert [node.kind for node in nodes if node.focusable and node.role in ("Client", "NoRole")] == []
    assert expected_stops(page) <= {one.objectName() for one in reading_order(page)}
