"""A room that nobody sees reads nothing, and misses nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from app.ui.bus import Bus
from app.ui.seen import Keys, WhenSeen


def test_a_room_behind_another_hears_when_it_is_shown_of_all_that_was_stored_meanwhile(qtbot: QtBot) -> None:
    bus, rooms, room = Bus(), QStackedWidget(), QWidget()
    qtbot.addWidget(rooms)
    rooms.addWidget(QWidget())
    rooms.addWidget(room)
    rooms.show()
    heard: list[tuple[Keys, bool]] = []
    WhenSeen(bus, room, lambda keys: heard.append((keys, room.isVisible())))

    bus.tell_applied(frozenset({("measure", "a")}))
    bus.tell_applied(frozenset({("measure", "b")}))
    assert heard == []

    rooms.setCurrentWidget(room)
    assert heard == [(frozenset({("measure", "a"), ("measure", "b")}), True)]

    bus.tell_applied(frozenset({("task", "c")}))
    assert heard[1:] == [(frozenset({("task", "c")}), True)]

    rooms.setCurrentIndex(0)
    rooms.setCurrentWidget(room)
    assert len(heard) == 2, "nothing is told twice"
