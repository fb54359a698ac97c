"""How the desk feels with very many records: filtering, scrolling, opening, switching, searching, starting.

    python benchmarks/desk.py [--records 100000] [--cards 10000] [--start-records 10000] [--json]

A real profile on disk, the whole real window offscreen, real key events. Every time runs from the key press
(or the click) until what it asked for is painted. All times in milliseconds, memory in MiB.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app import pauses
from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.domain.ids import EntityId
from app.models import keys
from app.models.opening import create_profile
from app.models.store import Store
from app.services import measures, workshops
from app.services.workshops import Card
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop
from app.ui.measures import views
from app.ui.measures.groups import GROUPINGS
from app.ui.measures.pane import DetailPane
from benchmarks.common import folder, percentile, tell
from benchmarks.first_sync import filled as fill_agency
from benchmarks.start import PASSPHRASE, start_once

AGS = "05970004"
_AT_ONCE = 1000
_WORDS = ("Busse am Abend", "Digitale Schule", "LoRaWAN", "Hallenbad", "Ehrenamt", "Radweg Eder", "Wärme", "Glasfaser")
_PATIENCE_S = 30.0


def filled(where: Path, records: int) -> tuple[Profile, Store]:
    """A profile that has joined an agency with so many measures and holds them all; the agency is gone again."""
    where.mkdir()
    fill_agency(where / "agency", records)
    made = DemoAgency(where / "agency")
    made.start()
    try:
        profile = Profile.at(where / "profile").ensure()
        store = create_profile(profile, keys.create_key(profile, PASSPHRASE), "Katrin Brandt", "Laptop", AGS)
        client = Client(profile, store, "Katrin Brandt")
        client.join(made.url, made.invite("coordinator", AGS))
        client.sync()
        client.line.close()
    finally:
        made.kill()
    return profile, store


def with_cards(store: Store, cards: int) -> EntityId:
    """A workshop with three stations and so many cards."""
    workshop = workshops.create(store, {"title": "Große Werkstatt", "ags": AGS}, ["Mobilität", "Wohnen", "Klima"])
    for start in range(0, cards, _AT_ONCE):
        count = min(_AT_ONCE, cards - start)
        made = [Card("idea", f"Karte {start + n}: mehr Busse am Abend") for n in range(count)]
        workshops.add_cards(store, workshop, made)
    return workshop


class Watch:
    """The window under measurement and the times taken of it, by name."""

    def __init__(self, app: QApplication, desktop: Desktop) -> None:
        self._app, self.desktop = app, desktop
        self.times: dict[str, list[float]] = {}
        # Now and then the loop turns anyway, so that whoever waits in vain is told.
        self._turning = QTimer(interval=50)
        self._turning.start()

    def _wait(self) -> None:
        """As a window waits: asleep, so that whoever works out the answer has the interpreter."""
        flags = QEventLoop.ProcessEventsFlag
        self._app.processEvents(flags.AllEvents | flags.WaitForMoreEvents)

    def settle(self) -> None:
        """Let everything that is waiting happen, outside of any time."""
        while self.desktop.measures.is_asking:
            self._wait()
        for _ in range(5):
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def counted(self) -> None:
        """Wait until the tabs tell how many measures each view has, as they do a moment after every change."""
        self.settle()
        while self.desktop.measures.counts.is_counting:
            self._wait()

    def take(self, name: str, act: Callable[[], object], until: Callable[[], bool] | None = None) -> None:
        """Time an act until `until` is true and everything that it changed is painted."""
        began = time.perf_counter()
        act()
        self._app.processEvents()
        while until is not None and not until():
            if time.perf_counter() - began > _PATIENCE_S:
                raise SystemExit(f"{name}: not seen in {_PATIENCE_S:.0f} s")
            self._wait()
        self._app.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        self.settle()

    def p(self, name: str, share: float) -> float:
        """A percentile of the times under a name."""
        return percentile(self.times[name], share)


def filter_unprepared(watch: Watch) -> None:
    """The same at once after the start, and at once after something was written: the database answers."""
    page = watch.desktop.measures
    chip = views.Chip("status", frozenset({"idea", "planned"}))
    watch.take("filter_at_start", partial(page.filters.set_chip, chip), partial(_is_answered, watch))
    for n in range(6):
        page.filters.clear()
        watch.counted()
        measures.edit(watch.desktop.workspace.store, page.model.id_at(n), {"traffic_light": "yellow"})
        watch.take("filter_after_write", partial(page.filters.set_chip, chip), partial(_is_answered, watch))
    page.filters.clear()
    watch.settle()


def filter_by_keys(watch: Watch) -> None:
    """Ticks in the list of a filter, one key press each: the rows follow every one."""
    page = watch.desktop.measures
    watch.counted()
    for kind in ("status", "field", "light", "status", "field", "light"):
        page.filters.begin(kind)
        watch.settle()
        entries = page.window().findChild(QWidget, f"filter_{kind}_list_entries")
        assert entries is not None
        entries.setFocus(Qt.FocusReason.TabFocusReason)
        for _ in range(4):
            watch.take("filter", partial(QTest.keyClick, entries, Qt.Key.Key_Space), partial(_is_answered, watch))
            QTest.keyClick(entries, Qt.Key.Key_Down)
        QTest.keyClick(entries, Qt.Key.Key_Escape)
        watch.settle()
        page.filters.clear()
        watch.settle()


def _is_answered(watch: Watch) -> bool:
    return not watch.desktop.measures.is_asking


def filter_by_words(watch: Watch) -> None:
    """Words of the search line as a filter of the table, and away again."""
    page = watch.desktop.measures
    for words in _WORDS:
        watch.take("filter_words", partial(page.search, words), partial(_is_answered, watch))
    page.search("")
    watch.settle()


def scroll(watch: Watch) -> None:
    """To the end with one key, back, and page by page."""
    table = watch.desktop.measures.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    whole = Qt.KeyboardModifier.ControlModifier
    for _ in range(3):
        watch.take("scroll_end", lambda: QTest.keyClick(table, Qt.Key.Key_End, whole))
        watch.take("scroll_home", lambda: QTest.keyClick(table, Qt.Key.Key_Home, whole))
    for _ in range(40):
        watch.take("scroll_page", lambda: QTest.keyClick(table, Qt.Key.Key_PageDown))


def _is_shown(pane: DetailPane, measure: EntityId) -> bool:
    return pane.measure == measure


def open_forms(watch: Watch) -> None:
    """Return on a row: the Steckbrief with all its fields stands there and can be typed into."""
    page = watch.desktop.measures
    for row in range(0, 20 * 37, 37):
        page.table.select_row(row)
        watch.settle()
        measure = page.model.id_at(row)
        shown = partial(_is_shown, page.pane, measure)
        watch.take("open_form", lambda: QTest.keyClick(page.table, Qt.Key.Key_Return), shown)
        page.table.setFocus(Qt.FocusReason.OtherFocusReason)
    page.pane.close_pane()
    watch.settle()


def switch(watch: Watch) -> None:
    """Table, board, time line; groups; the quick views."""
    page, answered = watch.desktop.measures, partial(_is_answered, watch)
    for _ in range(3):
        for mode in ("board", "timeline", "table"):
            watch.take(f"switch_{mode}", partial(page.show_mode, mode), answered)
    for by in (*GROUPINGS, None):
        watch.take("group", partial(page.group_by, by), answered)
    for key in ("mine", "stale", "all"):
        watch.take("view", partial(page.tabs.choose, key), answered)
    window = watch.desktop.window
    for room in ("today", "workshops", "measures") * 2:
        watch.take("room", partial(window.show_page, room))


def search_everywhere(watch: Watch) -> None:
    """Each key in the search line until its finds are shown."""
    window = watch.desktop.window
    told = [""]
    watch.desktop.finder.found.connect(lambda found: told.append(found.words.strip()))
    window.focus_search()
    line = window.top_bar.search
    for words in _WORDS:
        for typed in (words[:end] for end in range(2, len(words) + 1) if words[end - 1] != " "):
            line.setText(typed[:-1])
            watch.take("search", partial(line.insert, typed[-1]), partial(_is_told, told, typed))
        line.clear()
        watch.settle()


def _is_told(told: Sequence[str], words: str) -> bool:
    return told[-1] == words


def many_cards(watch: Watch, workshop: EntityId) -> None:
    """Opening a workshop with all its cards, and one more card in it."""
    desktop = watch.desktop
    watch.take("open_workshop", lambda: desktop.show_record("workshop", workshop))
    view = desktop.workshops.view
    assert view is not None
    entry = view.notes.entry.line
    entry.setFocus(Qt.FocusReason.TabFocusReason)
    for n in range(20):
        QTest.keyClicks(entry, f"Noch eine Karte {n}")
        watch.settle()
        watch.take("card", lambda: QTest.keyClick(entry, Qt.Key.Key_Return))


def memory_mib() -> float:
    """What the process holds now; where the system does not tell, the most it ever held."""
    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def at_the_desk(where: Path, records: int, cards: int) -> dict[str, float]:
    """Everything a person does at an opened desk."""
    began = time.perf_counter()
    profile, store = filled(where / "desk", records)
    workshop = with_cards(store, cards)
    wrote = time.perf_counter() - began
    app = make_application()
    theme.active().choose(scheme="light")
    before = memory_mib()
    began = time.perf_counter()
    desktop = Desktop(Workspace.of(store), shipped_region(), profile, lambda: None)
    desktop.window.resize(1440, 900)
    desktop.window.show()
    desktop.window.show_page("measures")
    app.processEvents()
    desktop.window.repaint()
    window_ms = (time.perf_counter() - began) * 1000
    watch = Watch(app, desktop)
    watch.settle()
    for part in (filter_unprepared, filter_by_keys, filter_by_words, scroll, open_forms, switch, search_everywhere):
        part(watch)
    many_cards(watch, workshop)
    memory = memory_mib()
    desktop.close()
    store.close()
    shares = (("p50", 0.5), ("p95", 0.95))
    told = {f"{name}_{key}_ms": watch.p(name, share) for name in watch.times for key, share in shares}
    return {
        "filter_p95_ms": max(watch.p("filter", 0.95), watch.p("filter_words", 0.95)),
        "scroll_end_ms": max(watch.times["scroll_end"]),
        "open_form_ms": watch.p("open_form", 0.95),
        "search_p95_ms": watch.p("search", 0.95),
        "rss_mb": memory,
        "rss_before_window_mb": before,
        "window_ms": window_ms,
        "wrote_s": wrote,
        **{name: value for name, value in told.items() if name not in ("filter_p95_ms", "search_p95_ms")},
        "filter_ticks_p95_ms": watch.p("filter", 0.95),
    }


def start_ms(where: Path, records: int, times: int = 3) -> float:
    """From the start of the process to the painted window with so many measures; the median of several."""
    profile, store = filled(where / "start", records)
    store.close()
    secret = where / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    command = [sys.executable, "-m", "app"]
    start_once(command, profile, secret)
    return percentile([start_once(command, profile, secret) for _ in range(times)], 0.5) * 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=100_000)
    asked.add_argument("--cards", type=int, default=10_000)
    asked.add_argument("--start-records", type=int, default=10_000)
    asked.add_argument("--json", action="store_true", help="one JSON object on one line (the only form there is)")
    chosen = asked.parse_args(arguments)
    pauses.calm()  # as the program does at its start
    with folder() as where:
        figures = at_the_desk(where, chosen.records, chosen.cards)
        figures["start_ms"] = start_ms(where, chosen.start_records)
    tell(records=chosen.records, cards=chosen.cards, start_records=chosen.start_records, **figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
