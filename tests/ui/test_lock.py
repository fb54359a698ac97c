"""The lock: a veil after a while, behind it nothing can be seen or done, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.config import Profile
from app.domain.region import Region
from app.errors import WrongKey
from app.models import keys
from app.models.opening import create_profile
from app.models.queries import records
from app.models.queries.safekeeping import lock_after
from app.services import measures
from app.services.workspace import Workspace
from app.ui.desktop import Desktop
from app.ui.idle_lock import IdleLock, Proof
from tests.ui.measures.acting import field, write
from tests.ui.sync.conftest import BERLEBURG
from tests.ui.sync.conftest import region as region
from tests.ui.typing import type_text

PASSPHRASE = "Sieben Brücken über die Eder"
CTRL = Qt.KeyboardModifier.ControlModifier


class Clock:
    """Goes on only when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path / "profil").ensure()


@pytest.fixture
def proof(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> Proof:
    """A real key under a real passphrase; what a guess costs is looked at elsewhere."""
    monkeypatch.setattr(keys, "_N", 2**10)
    key = keys.create_key(profile, PASSPHRASE)

    def check(typed: str | None) -> None:
        if keys.load_key(profile, typed) != key:
            raise WrongKey(path="key.json")

    return Proof(True, check)


@pytest.fixture
def workspace(profile: Profile, proof: Proof) -> Iterator[Workspace]:
    store = create_profile(profile, keys.load_key(profile, PASSPHRASE), "Katrin Brandt", "Laptop", BERLEBURG)
    yield Workspace.of(store)
    store.close()


@pytest.fixture
def desktop(qtbot: QtBot, workspace: Workspace, region: Region, profile: Profile, proof: Proof) -> Iterator[Desktop]:
    made = Desktop(workspace, region, profile, lambda: None, proof=proof)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.close()


def lock_of(desktop: Desktop) -> IdleLock:
    assert desktop.lock is not None
    return desktop.lock


def open_again(qtbot: QtBot, lock: IdleLock, typed: str = PASSPHRASE) -> None:
    assert lock.veil is not None
    with qtbot.waitSignal(lock.unlocked):
        type_text(lock.veil.line, typed + "\n")


def test_what_is_being_typed_is_saved_and_stands_where_it_was(
    qtbot: QtBot, desktop: Desktop, workspace: Workspace
) -> None:
    made = measures.create(workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    desktop.show_record("measure", made)
    write(desktop.measures, "responsible_unit", "Bauhof")
    unit = field(desktop.measures, "responsible_unit")
    unit.setFocus()
    QTest.keyClick(desktop.window, Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    lock = lock_of(desktop)
    assert lock.is_locked
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert record.text("responsible_unit") == "Bauhof"
    assert not unit.isVisible()
    open_again(qtbot, lock)
    assert unit.isVisible()
    assert desktop.window.focusWidget() is unit
    assert desktop.window.current_key() == "measures"


def test_half_a_date_stays_in_its_field_behind_the_veil(qtbot: QtBot, desktop: Desktop, workspace: Workspace) -> None:
    made = measures.create(workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    desktop.show_record("measure", made)
    write(desktop.measures, "start", "32.13.")
    lock = lock_of(desktop)
    lock.lock()
    open_again(qtbot, lock)
    assert field(desktop.measures, "start").text() == "32.13."  # type: ignore[attr-defined]


def test_behind_the_veil_no_key_does_anything_and_tab_stays_in_front_of_it(
    qtbot: QtBot, desktop: Desktop, workspace: Workspace
) -> None:
    made = measures.create(workspace.store, {"title": "Radstation", "lead_ags": BERLEBURG})
    desktop.show_status()
    lock = lock_of(desktop)
    lock.lock()
    assert lock.veil is not None
    room = desktop.window.current_key()
    for key in (Qt.Key.Key_Z, Qt.Key.Key_2, Qt.Key.Key_N, Qt.Key.Key_K):
        QTest.keyClick(lock.veil.line, key, CTRL)
    record = records.get_record(workspace.reader, "measure", made)
    assert record is not None
    assert not record.gone
    assert desktop.window.current_key() == room
    for _ in range(12):
        QTest.keyClick(desktop.window.focusWidget(), Qt.Key.Key_Tab)
        inside = desktop.window.focusWidget()
        assert inside is lock.veil or lock.veil.isAncestorOf(inside)
    assert [w for w in desktop.window.children() if isinstance(w, QWidget) and w.isVisible()] == [lock.veil]


def test_a_wrong_passphrase_opens_nothing(qtbot: QtBot, desktop: Desktop) -> None:
    lock = lock_of(desktop)
    lock.lock()
    assert lock.veil is not None
    veil = lock.veil
    type_text(veil.line, "falsch\n")
    qtbot.waitUntil(lambda: bool(veil.line.error()))
    assert lock.is_locked
    central = desktop.window.centralWidget()
    assert central is not None
    assert central.isHidden()


def test_a_question_in_front_is_given_up_and_a_sheet_beside_comes_back(qtbot: QtBot, desktop: Desktop) -> None:
    lock = lock_of(desktop)
    question = QDialog(desktop.window)
    question.setModal(True)
    question.show()
    desktop.window.show_shortcuts()
    sheet = desktop.window.findChild(QDialog, "shortcut_overview")
    assert sheet is not None
    lock.lock()
    assert not question.isVisible()
    assert not sheet.isVisible()
    open_again(qtbot, lock)
    assert sheet.isVisible()
    assert not question.isVisible()
    sheet.close()


def test_a_quarter_of_an_hour_without_a_sign_locks_and_any_key_puts_it_off(
    qtbot: QtBot, desktop: Desktop, proof: Proof
) -> None:
    clock = Clock()
    lock = IdleLock(desktop.window, proof, 15, clock)
    desktop.window.hide()
    desktop.window.show()
    clock.now += 14 * 60
    lock.look()
    assert not lock.is_locked
    QTest.keyClick(desktop.window.windowHandle(), Qt.Key.Key_Shift)
    clock.now += 14 * 60
    lock.look()
    assert not lock.is_locked
    clock.now -= 3 * 3600
    lock.look()
    clock.now += 16 * 60
    lock.look()
    open_again(qtbot, lock)
    lock.set_minutes(0)
    clock.now += 10 * 3600
    lock.look()
    assert lock.veil is None


def test_without_a_passphrase_the_keyring_answers_and_one_key_opens(qtbot: QtBot, desktop: Desktop) -> None:
    asked: list[str | None] = []
    lock = IdleLock(desktop.window, Proof(False, asked.append))
    lock.lock()
    assert lock.veil is not None
    assert lock.veil.line.isHidden()
    with qtbot.waitSignal(lock.unlocked):
        QTest.keyClick(desktop.window.focusWidget(), Qt.Key.Key_Return)
    assert asked == [None]


def test_the_minutes_are_kept_in_the_encrypted_file(desktop: Desktop, workspace: Workspace) -> None:
    assert lock_after(workspace.reader, guarded=True) == 15
    assert lock_after(workspace.reader, guarded=False) == 0
    desktop.choose_lock_minutes(5)
    assert lock_after(workspace.reader, guarded=True) == 5
    assert "lock" not in (desktop.window._settings.fileName() if desktop.window._settings else "")
