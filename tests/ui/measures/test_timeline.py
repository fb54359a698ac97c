"""The time line: periods as exact as they are known, milestones, what depends on what, by mouse and by keyboard."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import new_id
from app.models.queries import lists
from app.models.store import Store
from app.services import measures
from app.ui import theme
from app.ui.measures.page import MeasuresPage
from app.ui.measures.timeline.bars import bar_of, days_of
from app.ui.measures.timeline.model import BAR, PERIOD
from app.ui.measures.timeline.scale import Scale, Zoom
from app.ui.measures.timeline.view import TimelineView
from app.ui.widgets.cells import Cell
from tests.ui.measures.acting import make
from tests.ui.measures.conftest import AGS
from tests.ui.typing import press


def day(year: int, month: int, of_month: int = 1) -> int:
    return date(year, month, of_month).toordinal()


@pytest.fixture
def timeline(page: MeasuresPage, store: Store, qtbot: QtBot) -> TimelineView:
    first = make(store, "Radweg", status="in_progress", start="2024-Q1", end="2026~3")
    measures.add_part(store, first, "milestone", {"title": "Vergabe", "due": "2025-Q2", "status": "reached"})
    measures.add_part(store, first, "milestone", {"title": "Abnahme", "due": "2025-11", "status": "open"})
    second = make(store, "LoRaWAN", status="in_operation", start="2023")
    measures.edit(store, second, {"dependencies": frozenset({f"requires:{first}", "builds_on:M01"})})
    make(store, "Ohne Zeit", status="idea")
    button = page.modes.findChild(QWidget, "measure_modes_timeline")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.timeline.view.isVisible)
    return page.timeline.view


def wheel(view: TimelineView, x: int, turns: int, modifiers: Qt.KeyboardModifier) -> None:
    at = QPointF(x, 20)
    event = QWheelEvent(
        at, view.viewport().mapToGlobal(at), QPoint(), QPoint(0, 120 * turns), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_a_date_covers_the_days_it_can_mean() -> None:
    assert days_of("2024-Q1") == (day(2024, 1), day(2024, 4))
    assert days_of("2024-03-12") == (day(2024, 3, 12), day(2024, 3, 13))
    assert days_of("") is None
    assert days_of("irgendwann") is None, "what is not understood is unknown, not an error"


def test_a_bar_tells_what_is_certain_from_what_is_not(timeline: TimelineView) -> None:
    bars = {timeline.plans.index(row, 0).data(): timeline.plans.index(row, PERIOD).data(BAR) for row in range(3)}
    radweg, lorawan = bars["Radweg"], bars["LoRaWAN"]
    assert radweg.span(day(2030, 1)) == (day(2024, 1), day(2027, 1))
    assert radweg.vague() == ((day(2024, 1), day(2024, 4)), (day(2026, 10), day(2027, 1)))
    assert lorawan.ongoing
    assert lorawan.span(day(2030, 1)) == (day(2023, 1), day(2030, 1)), "without an end it goes on"
    assert bars["Ohne Zeit"].span(day(2030, 1)) is None


def test_an_open_milestone_is_overdue_only_after_the_last_day_it_can_mean(timeline: TimelineView) -> None:
    model = timeline.plans
    row = next(row for row in range(3) if model.index(row, 0).data() == "Radweg")
    line = model.lines_of([model.id_at(row)])[0]
    course = model._courses[line.id]
    on_last_day = bar_of(line, course, day(2025, 11, 30))
    day_after = bar_of(line, course, day(2025, 12))
    assert [(mark.milestone.title, mark.late) for mark in on_last_day.marks] == [("Vergabe", False), ("Abnahme", False)]
    assert [mark.late for mark in day_after.marks] == [False, True]


def test_the_screen_reader_hears_period_milestones_and_what_is_required(timeline: TimelineView) -> None:
    told = {timeline.plans.index(row, 0).data(): timeline.plans.index(row, PERIOD).data(Cell.FULL) for row in range(3)}
    radweg = str(told["Radweg"])
    assert radweg.startswith("von 1. Quartal 2024 bis Ende 2026. 2 Meilensteine: Vergabe: 2. Quartal 2025, erreicht")
    assert "Setzt voraus: Radweg" in str(told["LoRaWAN"])
    assert "M01" in str(told["LoRaWAN"])
    assert told["Ohne Zeit"] == "Zeitraum unbekannt"


def test_ctrl_and_the_wheel_zoom_around_the_mouse(page: MeasuresPage, timeline: TimelineView) -> None:
    left = timeline.columnViewportPosition(PERIOD)
    held = timeline.scale.day(200)
    wheel(timeline, left + 200, 1, Qt.KeyboardModifier.ControlModifier)
    assert timeline.scale.zoom == "month"
    assert page.timeline.zooms.value() == "month", "the control beside the filters follows"
    assert abs(timeline.scale.day(200) - held) < 1
    wheel(timeline, left + 200, -2, Qt.KeyboardModifier.ControlModifier)
    wheel(timeline, left + 200, -2, Qt.KeyboardModifier.ControlModifier)
    assert timeline.scale.zoom == "year"


def test_keys_walk_zoom_and_come_back_to_today(timeline: TimelineView) -> None:
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    timeline.select_row(0)
    press(timeline, Qt.Key.Key_Plus, "+")
    assert timeline.scale.zoom is Zoom.MONTH
    before = timeline.scale.day(0)
    press(timeline, Qt.Key.Key_Left)
    assert 28 < before - timeline.scale.day(0) < 33, "a step is a month now"
    press(timeline, Qt.Key.Key_Down)
    assert timeline.current_row() == 1
    press(timeline, Qt.Key.Key_H, "h")
    assert 0 < timeline.scale.x(timeline.today) < timeline.room()
    radweg = next(row for row in range(3) if timeline.plans.index(row, 0).data() == "Radweg")
    timeline.select_row(radweg)
    press(timeline, Qt.Key.Key_Space, " ")
    assert 0 <= timeline.scale.x(day(2024, 1)) < 60


def test_a_sheet_beside_the_time_line_does_not_push_today_out_of_sight(
    page: MeasuresPage, timeline: TimelineView, qtbot: QtBot
) -> None:
    timeline.move_by(timeline.scale.x(timeline.today) - timeline.room() + 60)
    wide = timeline.room()
    page.show_record(timeline.plans.id_at(0))
    qtbot.waitUntil(lambda: timeline.room() < wide - 100)
    assert 0 < timeline.scale.x(timeline.today) < timeline.room() - 40


def test_return_opens_the_form_and_esc_comes_back_to_the_row(page: MeasuresPage, timeline: TimelineView) -> None:
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    timeline.select_row(1)
    measure = timeline.plans.id_at(1)
    press(timeline, Qt.Key.Key_Return)
    assert page.pane.measure == measure
    press(page.pane.form.title.area, Qt.Key.Key_Escape)
    assert timeline.hasFocus()
    assert timeline.current_row() == 1


def test_a_changed_period_and_a_new_milestone_are_seen_at_once(
    page: MeasuresPage, timeline: TimelineView, store: Store
) -> None:
    row = next(row for row in range(3) if timeline.plans.index(row, 0).data() == "Radweg")
    measure = timeline.plans.id_at(row)
    measures.edit(store, measure, {"start": "2024-Q1", "end": "2028"})
    measures.add_part(store, measure, "milestone", {"title": "Eröffnung", "due": "2028-05"})
    page.timeline.refresh(frozenset({measure}))
    bar = timeline.plans.bar(measure)
    assert bar is not None
    assert bar.end == (day(2028, 1), day(2029, 1))
    assert [mark.milestone.title for mark in bar.marks][-1] == "Eröffnung"


def test_lines_between_measures_lead_from_the_one_that_is_required(timeline: TimelineView) -> None:
    """The picture differs exactly where the line runs."""
    lorawan = next(row for row in range(3) if timeline.plans.index(row, 0).data() == "LoRaWAN")
    bar = timeline.plans.bar(timeline.plans.id_at(lorawan))
    assert bar is not None
    assert {kind for kind, _ in bar.links} == {"requires", "builds_on"}
    timeline.select_row(lorawan)
    timeline.show_bar(timeline.plans.id_at(lorawan))
    x = timeline.columnViewportPosition(PERIOD) + round(timeline.scale.x(bar.span(timeline.scale.last)[0])) - 4  # type: ignore[index]
    middle = timeline.visualRect(timeline.plans.index(lorawan, PERIOD)).center().y()
    picture = timeline.viewport().grab().toImage()
    accent = theme.color("accent")
    assert any(picture.pixelColor(x, middle + dy) == accent for dy in range(-3, 4)), "the arrow ends at the bar"


def test_words_of_the_axis_never_run_into_each_other() -> None:
    scale = Scale(day(2020, 1), day(2031, 1))
    for zoom in Zoom:
        scale.zoom = zoom
        ticks = scale.ticks(1200)
        assert ticks[0].day <= scale.day(0) < ticks[1].day
        gaps = [scale.x(b.day) - scale.x(a.day) for a, b in pairwise(ticks)]
        assert min(gaps) > 45


def test_thousands_of_rows_are_painted_by_what_is_in_sight(
    page: MeasuresPage, timeline: TimelineView, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.change("measure.create") as draft:
        for n in range(2000):
            values = {"title": f"M {n:04}", "lead_ags": AGS, "status": "planned", "start": "2025", "end": "2026"}
            draft.create("measure", new_id(), None, values)
    asked: list[int] = []
    true_lines = lists.measure_lines

    def counted(reader: object, ids: object) -> object:
        asked.append(len(ids))  # type: ignore[arg-type]
        return true_lines(reader, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(lists, "measure_lines", counted)
    page.timeline.show_all(lists.MeasureFilter(), (("title", False),))
    assert page.timeline.model.count() == 2003
    timeline.scrollToBottom()
    timeline.viewport().grab()
    assert sum(asked) < 600
