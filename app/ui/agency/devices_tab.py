"""Geräte: everything that may come in, codes that nobody has used yet, and signing off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.catalogue import Role
from app.domain.region import Region
from app.models.queries.lists import WorkshopLine
from app.sync.office_wire import DeviceLine, InvitationLine, OfficeReply, RevokeRequest
from app.ui import labels, theme
from app.ui.agency import words
from app.ui.agency.leading import LEADERS, LeadForm
from app.ui.agency.standing import Contact, contact_of
from app.ui.sync import deeds
from app.ui.widgets.asking_here import ask_here
from app.ui.widgets.buttons import Button
from app.ui.widgets.glyphs import Glyph
from app.ui.widgets.popover import Popover
from app.ui.widgets.table import Cell, Column, Look, TableView
from app.ui.widgets.table_rows import Index, TableRows
from app.ui.widgets.words import Label

Line = DeviceLine | InvitationLine
_COLUMNS = (
    Column(look=Look.TITLE, stretch=True, least=150),
    Column(look=Look.TEXT, stretch=True, least=130),
    Column(look=Look.TEXT, stretch=True, least=170),
    Column(look=Look.LIGHT, width=196),
    Column(look=Look.NUMBER, width=80),
    Column(look=Look.STAMP, width=100),
)


class DevicesModel(TableRows[Line]):
    """Devices that may come in, then open codes, then those signed off."""

    def __init__(self, region: Region, parent: QObject | None = None) -> None:
        super().__init__(
            (
                self.tr("Person"), self.tr("Gerät"), self.tr("Rolle"), self.tr("Zuletzt"), self.tr("Wartet"),
                self.tr("Version"),
            ),
            parent,
        )  # fmt: skip
        self._region = region
        self._now, self._days = datetime.now().astimezone(), 0

    def show_office(self, office: OfficeReply | None, now: datetime, days: int) -> None:
        """Show what the agency has told; after so many days a device is told of as silent."""
        self._now, self._days = now, days
        rows: list[Line] = []
        if office is not None:
            alive = [d for d in office.devices if not d.revoked_at]
            rows = [
                *sorted(alive, key=lambda d: (self._region.name(d.ags) if d.ags else "", d.person)),
                *office.invitations,
                *(d for d in office.devices if d.revoked_at),
            ]
        self.show_rows(rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and marks of a cell."""
        line, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._invitation(line, column) if isinstance(line, InvitationLine) else self._device(line, column)
        if role == Cell.MUTED:
            return isinstance(line, InvitationLine) or bool(line.revoked_at)
        if role == Cell.GLYPH and column == 3:
            if isinstance(line, InvitationLine):
                return Glyph.RING_DOTTED
            return Glyph.RING_CROSSED if line.revoked_at else words.GLYPHS[self._contact(line)]
        if role == Cell.TONE and column == 3 and isinstance(line, DeviceLine) and not line.revoked_at:
            return words.TONES.get(self._contact(line))
        return None

    def _contact(self, line: DeviceLine) -> Contact:
        return contact_of(datetime.fromisoformat(line.last_seen) if line.last_seen else None, self._now, self._days)

    def _device(self, line: DeviceLine, column: int) -> str:
        if column == 3 and line.revoked_at:
            return self.tr("abgemeldet {0}").format(deeds.ago(datetime.fromisoformat(line.revoked_at), self._now))
        seen = deeds.ago(datetime.fromisoformat(line.last_seen), self._now) if line.last_seen else self.tr("noch nie")
        waiting = labels.number(line.waiting) if line.last_seen else labels.NONE
        told = words.role(line, self._region.short_name)
        return (line.person, line.name, told, seen, waiting, line.app_version or labels.NONE)[column]

    def _invitation(self, line: InvitationLine, column: int) -> str:
        until = datetime.fromisoformat(line.expires_at).astimezone()
        told = labels.label_of(Role, line.role)
        place = f", {self._region.short_name(line.ags)}" if line.ags else ""
        valid = self.tr("gilt bis {0}").format(f"{until:%d.%m.%Y}")
        return (self.tr("Offene Einladung"), labels.NONE, told + place, valid, labels.NONE, labels.NONE)[column]


class DevicesTab(QWidget):
    """The table and its deeds; `revoke_asked` and `lead_asked` carry what to ask and the sentence to be told."""

    revoke_asked = Signal(object, str)
    lead_asked = Signal(object, str)

    def __init__(self, region: Region, workshops: Callable[[], Sequence[WorkshopLine]]) -> None:
        """`workshops` are those that this desk knows."""
        super().__init__()
        self._region, self._workshops = region, workshops
        self._model = DevicesModel(region, self)
        self.table = TableView(_COLUMNS, name="devices", accessible=self.tr("Geräte und Einladungen"))
        self.table.setModel(self._model)
        self.off = Button(self.tr("Abmelden …"), name="device_revoke", icon="prohibit")
        self.off.setEnabled(False)
        self.lead = Button(self.tr("Workshops …"), name="device_lead", icon="users-three")
        self.lead.setEnabled(False)
        self.note = Label("", "small", role="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 10, 24, 10)
        foot.setSpacing(12)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.lead)
        foot.addWidget(self.off)
        column.addLayout(foot)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self._model.modelReset.connect(self._on_row)
        self.off.clicked.connect(self._ask)
        self.lead.clicked.connect(self._ask_lead)

    def show_office(self, office: OfficeReply | None, now: datetime, days: int) -> None:
        """Show what the agency has told, or that it could not be asked."""
        self._model.show_office(office, now, days)
        if office is None:
            self.note.setText(self.tr("Geräte und Einladungen stehen hier, sobald die Agentur erreichbar ist."))
            return
        alive = sum(not d.revoked_at for d in office.devices)
        open_ones = self.tr("keine offene Einladung")
        if office.invitations:
            open_ones = labels.count(len(office.invitations), "offene Einladung", "offene Einladungen")
        self.note.setText(self.tr("{0} · {1}").format(labels.count(alive, "Gerät", "Geräte"), open_ones))

    def _line(self) -> Line | None:
        row = self.table.current_row()
        return self._model.rows[row] if 0 <= row < len(self._model.rows) else None

    def _on_row(self) -> None:
        line = self._line()
        is_code = isinstance(line, InvitationLine)
        self.off.setText(self.tr("Zurückziehen …") if is_code else self.tr("Abmelden …"))
        self.off.updateGeometry()
        self.off.setEnabled(line is not None and (is_code or not getattr(line, "revoked_at", "")))
        self.lead.setEnabled(isinstance(line, DeviceLine) and not line.revoked_at and line.role in LEADERS)

    def _ask_lead(self) -> None:
        line = self._line()
        if not isinstance(line, DeviceLine):
            return
        title = self.tr("Workshops mitleiten")
        popover = Popover(self.window(), name="lead", accessible=title, title=title, padding=16)
        form = LeadForm(line, self._workshops(), self._region.short_name)
        form.fit(theme.px(388))
        popover.set_body(form)
        done = self.tr("Die Workshops von {0} sind übernommen; sie gelten ab dem nächsten Abgleich.")
        form.asked.connect(lambda requests: self.lead_asked.emit(requests, done.format(line.person)))
        form.asked.connect(lambda _: popover.close_now())
        popover.open_at(self.lead, "above", width=theme.px(388) + 32)

    def _ask(self) -> None:
        line = self._line()
        if line is None:
            return
        if isinstance(line, InvitationLine):
            told = self.tr("Dieser Code öffnet dann nichts mehr.")
            request, done = RevokeRequest(invitation=line.id), self.tr("Einladung zurückgezogen.")
        else:
            told = self.tr(
                "„{0}“ von {1} kommt ab der nächsten Anfrage nicht mehr herein. Was dort noch wartet, bleibt auf dem"
                " Gerät und kommt mit einer neuen Einladung."
            ).format(line.name, line.person)
            request, done = RevokeRequest(device=line.id), self.tr("{0} ist abgemeldet.").format(line.name)
        deed = self.off.text().rstrip(" …")
        ask_here(self.off, name="revoke", deed=deed, told=told, act=lambda: self.revoke_asked.emit(request, done))
