"""Geräte: those of the person who works here, as the agency knows them, and signing off another one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from app.services.workspace import Workspace
from app.sync.own_devices_wire import OwnDevice, OwnDevicesReply
from app.ui import labels
from app.ui.sync.asking_devices import AskingDevices
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.widgets.asking_here import ask_here
from app.ui.widgets.buttons import Button
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.notices import EmptyState
from app.ui.widgets.table import Cell, Column, Look, TableView
from app.ui.widgets.table_rows import Index, TableRows
from app.ui.widgets.words import Ground, Label

_COLUMNS = (
    Column(look=Look.TITLE, stretch=True, least=180),
    Column(look=Look.LIGHT, width=180),
    Column(look=Look.TEXT, width=150),
    Column(look=Look.NUMBER, width=80),
    Column(look=Look.STAMP, width=100),
)
_STATE = 1


class OwnDevicesModel(TableRows[OwnDevice]):
    """This device first, then the others, those signed off last."""

    def __init__(self, parent: QObject | None = None) -> None:
        heads = ("Gerät", "Stand", "Zuletzt abgeglichen", "Wartet", "Version")
        super().__init__([self.tr(head) for head in heads], parent)
        self.this = 0

    def show_reply(self, reply: OwnDevicesReply) -> None:
        """Show what the agency told."""
        self.this = reply.this
        rank = {one.id: (one.id != reply.this, bool(one.revoked_at)) for one in reply.devices}
        self.show_rows(sorted(reply.devices, key=lambda one: (rank[one.id], one.name, one.id)))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a cell."""
        one, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            waiting = labels.number(one.waiting) if one.last_seen else labels.NONE
            return (one.name, self._state(one), when(one.last_seen), waiting, one.app_version or labels.NONE)[column]
        if role == Cell.MUTED:
            return bool(one.revoked_at)
        if role == Cell.GLYPH and column == _STATE:
            return Glyph.RING_CROSSED if one.revoked_at else Glyph.LIGHT_OK
        return None

    def _state(self, one: OwnDevice) -> str:
        if one.revoked_at:
            return self.tr("abgemeldet {0}").format(when(one.revoked_at))
        return self.tr("dieses Gerät") if one.id == self.this else self.tr("angemeldet")


def when(at: str) -> str:
    """An instant of the agency's as one says it; "noch nie" for none."""
    if not at:
        return "noch nie"
    return labels.when(datetime.fromisoformat(at), datetime.now().astimezone())


def unsent_words(one: OwnDevice) -> str:
    """What becomes of work on a device that is signed off and has not arrived."""
    if not one.last_seen:
        return "Es hat sich noch nie gemeldet; was dort geschrieben wurde, bleibt auf dem Gerät."
    if not one.waiting:
        return (
            f"Beim letzten Abgleich ({when(one.last_seen)}) war dort alles übertragen. Was danach dort geschrieben"
            " wurde, bleibt auf dem Gerät gespeichert und kommt erst an, wenn es neu eingeladen wird."
        )
    changes = labels.count(one.waiting, "Änderung war", "Änderungen waren")
    return (
        f"{changes} dort nach dem letzten Abgleich ({when(one.last_seen)}) noch nicht übertragen. Nichts davon geht"
        " verloren: Es bleibt auf dem Gerät gespeichert, kommt aber erst an, wenn es neu eingeladen wird."
    )


class DevicesTab(Ground):
    """The table, and below it what one can do; `told` is a sentence for the person."""

    told = Signal(str)

    def __init__(self, workspace: Workspace, asking: AskingDevices | None = None) -> None:
        super().__init__("surface")
        self.setObjectName("own_devices_tab")
        self.asking = asking or AskingDevices(workspace, parent=self)
        self._model = OwnDevicesModel(self)
        self.table = TableView(_COLUMNS, name="own_devices", accessible=self.tr("Meine Geräte"))
        self.table.setModel(self._model)
        self.empty = EmptyState(
            "laptop", self.tr("Hier stehen Ihre Geräte, sobald die Agentur erreichbar ist."), name="own_devices_empty",
            detail=self.tr("Vor dem Beitritt zu einer Agentur gibt es nur dieses."),
        )  # fmt: skip
        self.note = Label("", "small", role="muted", wrap=True)
        self.off = Button(self.tr("Abmelden …"), name="own_device_off", icon="prohibit")
        self._stack = QStackedWidget()
        for part in (self.empty, self.table):
            self._stack.addWidget(part)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 10, 24, 10)
        foot.setSpacing(12)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.off)
        column = self.column()
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self._model.modelReset.connect(self._on_row)
        self.off.clicked.connect(self._ask)
        self.asking.told.connect(self._on_told)
        self.asking.failed.connect(self._on_failed)
        self.asking.signed_off.connect(self._on_signed_off)
        self._on_row()

    def showEvent(self, event: QShowEvent) -> None:
        """Asked anew whenever somebody looks."""
        super().showEvent(event)
        self.asking.look()

    def _on_told(self, reply: OwnDevicesReply | None) -> None:
        if reply is not None:
            self._model.show_reply(reply)
        self._stack.setCurrentWidget(self.table if self._model.rows else self.empty)
        self._on_row()

    def _on_failed(self, failure: Failure) -> None:
        told = " ".join(labels.error_text(failure.code, plain(failure)))
        if self._model.rows:
            self.told.emit(told)
        self.note.setText(told)

    def _on_signed_off(self, name: str) -> None:
        self.told.emit(self.tr("„{0}“ ist abgemeldet.").format(name))

    def chosen(self) -> OwnDevice | None:
        """The device in hand."""
        row = self.table.current_row()
        return self._model.rows[row] if 0 <= row < len(self._model.rows) else None

    def _on_row(self) -> None:
        one = self.chosen()
        other = one is not None and one.id != self._model.this
        self.off.setVisible(bool(self._model.rows))
        self.off.setEnabled(one is not None and other and not one.revoked_at)
        if one is None:
            words = self.tr("Verloren oder nicht mehr gebraucht? Wählen Sie ein Gerät, um es abzumelden.")
            self.note.setText(words if self._model.rows else "")
        elif one.revoked_at:
            self.note.setText(self.tr("Abgemeldet; es kommt mit einer neuen Einladung der Agentur wieder herein."))
        elif not other:
            self.note.setText(self.tr("An diesem Gerät arbeiten Sie gerade. Abmelden lässt es sich von einem anderen."))
        else:
            self.note.setText(unsent_words(one))

    def _ask(self) -> None:
        one = self.chosen()
        if one is None:
            return
        told = self.tr(
            "„{0}“ kommt ab seiner nächsten Anfrage nicht mehr herein und erfährt nichts Neues mehr. Was dort schon"
            " gespeichert ist, wird nicht gelöscht; es ist verschlüsselt. {1}"
        ).format(one.name, unsent_words(one))
        deed = self.tr("Abmelden")
        ask_here(
            self.off, name="own_device_sign_off", deed=deed, told=told,
            act=lambda: self.asking.sign_off(one.id, one.name),
        )  # fmt: skip
