"""The screen Leitstand: every municipality at a glance, what is to be decided, devices and invitations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.region import Region
from app.models.queries import lists
from app.models.queries.oversight import alert_days
from app.services import office as desk
from app.services.workspace import Workspace
from app.sync.office import Office
from app.sync.office_wire import InviteRequest, LeadRequest, RevokeRequest
from app.ui import labels, theme
from app.ui.agency.asking import Asking, Situation
from app.ui.agency.bundles_tab import BundlesTab
from app.ui.agency.catalogue_tab import CatalogueTab
from app.ui.agency.devices_tab import DevicesTab
from app.ui.agency.invite_form import InviteForm
from app.ui.agency.overview import Overview
from app.ui.agency.standing import Contact, places
from app.ui.agency.twins_tab import TwinsTab
from app.ui.bus import Bus
from app.ui.measures.places import Places
from app.ui.sync.handover_card import HandoverCard
from app.ui.sync.inbox import InboxModel, asked, handed, is_same
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.widgets.buttons import Button
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.notices import Banner, EmptyState, Toast
from app.ui.widgets.popover import Popover
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.tabs import TabBar
from app.ui.widgets.words import CountBadge, Ground, Label, Rule

PLACES, TWINS, BUNDLES, CATALOGUE, DEVICES = "places", "twins", "bundles", "catalogue", "devices"
_LATER_MS = 400
_RENEW_MS = 1_000
"""Changes that come within this time are shown together in the tab that is open."""
_EVERY_MS = 180_000


class AgencyPage(Ground):
    """What only the agency sees.

    `record_requested` and `question_requested` ask for a record and its question, `place_requested` for the
    measures of a municipality, `counted` tells how much is to be decided.
    """

    record_requested = Signal(str, str)
    question_requested = Signal(str, str)
    place_requested = Signal(str)
    counted = Signal(int)

    def __init__(
        self,
        workspace: Workspace,
        bus: Bus,
        region: Region,
        reach: Callable[[Workspace], Office | None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("background", parent)
        self.setObjectName("agency_page")
        self._workspace, self._bus, self._region = workspace, bus, region
        self.asking = Asking(workspace, reach, self) if reach is not None else Asking(workspace, parent=self)
        self._situation: Situation | None = None
        self.tabs = TabBar(name="agency_tabs", accessible=self.tr("Ansichten des Leitstands"), height=64)
        self.overview = Overview()
        self.twins = TwinsTab(workspace, Places(region))
        self.bundles = BundlesTab(workspace, Places(region))
        self.catalogue = CatalogueTab(workspace)
        self.devices = DevicesTab(region, lambda: lists.workshop_lines(workspace.reader))
        self.inbox = ListView(RowKind.INBOX, name="inbox", accessible=self.tr("Zu entscheiden"), edge=20)
        self._inbox = InboxModel(region, self)
        self.card = HandoverCard(region)
        self.invite = Button(self.tr("Einladen"), name="invite", kind="primary", icon="user-plus")
        self.again = Button(self.tr("Aktualisieren"), name="agency_refresh", icon="arrows-clockwise", shortcut="F5")
        self.banner = Banner("warning", " ", name="agency_away", remedy=self.tr("Erneut versuchen"))
        self._form: InviteForm | None = None
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._renewing = QTimer(self, singleShot=True, interval=_RENEW_MS)
        self._every = QTimer(self, interval=_EVERY_MS)
        self._build()
        self._connect()

    # Layout

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(24)
        head.addWidget(Label(self.tr("Leitstand"), "title", theme.STRONG))
        self.tabs.add(PLACES, self.tr("Kommunen"))
        self.tabs.add(TWINS, self.tr("Doppel"))
        self.tabs.add(BUNDLES, self.tr("Bündel"))
        self.tabs.add(CATALOGUE, self.tr("Katalog"))
        self.tabs.add(DEVICES, self.tr("Geräte"))
        head.addWidget(self.tabs, 1)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.again)
        actions.addWidget(self.invite)
        head.addLayout(actions)
        column = self.column()
        column.addLayout(head)
        column.addWidget(Rule())
        column.addWidget(self.banner)
        self.banner.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._places())
        self._stack.addWidget(self.twins)
        self._stack.addWidget(self.bundles)
        self._stack.addWidget(self.catalogue)
        self._stack.addWidget(self.devices)
        column.addWidget(self._stack, 1)

    def _places(self) -> QWidget:
        split = Splitter(name="agency_split")
        split.addWidget(self.overview)
        side = Ground("surface")
        column = side.column()
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.addWidget(Label(self.tr("Zu entscheiden"), weight=theme.STRONG))
        head.addStretch(1)
        self._count = CountBadge(0)
        head.addWidget(self._count)
        column.addLayout(head)
        column.addWidget(Rule())
        self._calm = EmptyState("check-circle", self.tr("Hier ist nichts zu entscheiden."), name="inbox_empty")
        self.inbox.setModel(self._inbox)
        self._choices = QStackedWidget()
        self._choices.addWidget(self.inbox)
        self._choices.addWidget(self._calm)
        inner = Splitter(name="agency_side", vertical=True)
        inner.addWidget(self._choices)
        inner.addWidget(self.card)
        inner.setStretchFactor(0, 2)
        inner.setStretchFactor(1, 3)
        inner.setSizes([240, 400])
        column.addWidget(inner, 1)
        split.addWidget(side)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([860, theme.px(400)])
        self.overview.setMinimumWidth(320)
        side.setMinimumWidth(320)
        split.setChildrenCollapsible(False)
        return split

    def _connect(self) -> None:
        self.asking.told.connect(self._on_told)
        self.asking.invited.connect(self._on_invited)
        self.asking.done.connect(self._tell)
        self.asking.refused.connect(self._on_refused)
        self._bus.applied.connect(self._on_applied)
        self._later.timeout.connect(self.asking.refresh)
        self._renewing.timeout.connect(self._renew_tab)
        self._every.timeout.connect(self._on_due)
        self.tabs.currentChanged.connect(self._on_tab)
        self.again.clicked.connect(self._on_again)
        self.banner.remedied.connect(self.asking.refresh)
        self.invite.clicked.connect(self._on_invite)
        self.devices.revoke_asked.connect(self._on_revoke)
        self.devices.lead_asked.connect(self._on_lead)
        self.twins.counted.connect(lambda count: self.tabs.set_count(TWINS, count))
        for tab in (self.twins, self.bundles, self.catalogue):
            tab.told.connect(self._tell)
            tab.refused.connect(lambda error: self._tell(" ".join(labels.error_words(error))))
        self.twins.open_asked.connect(self.record_requested)
        self.bundles.open_asked.connect(self.record_requested)
        self.overview.place_opened.connect(self.place_requested)
        self.overview.alert_chosen.connect(self._on_alert)
        self.inbox.selectionModel().currentChanged.connect(self._on_row)
        self.inbox.opened.connect(self._on_opened)
        self.card.decided.connect(self.asking.decide)
        self.card.open_asked.connect(self.record_requested)
        self.card.question_asked.connect(self.question_requested)
        self._every.start()

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        """Asked anew whenever somebody looks."""
        super().showEvent(event)
        self.asking.refresh()
        self._renewing.start()

    def close_asking(self) -> None:
        """Nothing is asked any more; the profile is about to be closed."""
        for timer in (self._later, self._renewing, self._every):
            timer.stop()
        self.asking.close()
        self.twins.finish()

    def _on_tab(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._ask_tab()

    def _on_again(self) -> None:
        self.asking.refresh()
        self._ask_tab()

    def _ask_tab(self) -> None:
        """What a tab shows of this desk is read when somebody looks."""
        asks = {TWINS: self.twins.ask, BUNDLES: self.bundles.ask, CATALOGUE: self.catalogue.ask}
        asks.get(self.tabs.key(), lambda: None)()

    def _renew_tab(self) -> None:
        """What is shown follows what is changed, here or elsewhere; what somebody writes there stays."""
        renews = {TWINS: self.twins.renew, BUNDLES: self.bundles.ask, CATALOGUE: self.catalogue.renew}
        if self.isVisible():
            renews.get(self.tabs.key(), lambda: None)()

    def _on_applied(self, keys: object) -> None:
        if self.isVisible():
            self._later.start()
            if not self._renewing.isActive():  # else a town that types on would put it off for ever
                self._renewing.start()

    def _on_due(self) -> None:
        self.asking.refresh()

    def _on_told(self, situation: Situation) -> None:
        if situation.office is None and self._situation is not None:
            # What was told before is better than nothing; the banner says how old it is.
            situation = Situation(situation.figures, self._situation.office, situation.failure)
        self._situation = situation
        self.show_situation()

    def show_situation(self) -> None:
        """Show what was told last."""
        told = self._situation
        if told is None:
            return
        now, reader = datetime.now().astimezone(), self._workspace.reader
        days = alert_days(reader)
        found = places(self._region, told.figures, told.office, now, days)
        self.overview.show_places(found, days, now)
        self.devices.show_office(told.office, now, days)
        self._show_away(told, now)
        rows = handed(reader, told.office.handovers if told.office else ()) + asked(reader)
        chosen = self.card.item
        self._inbox.show_items(rows, now)
        self._count.set_count(len(rows))
        self._choices.setCurrentWidget(self.inbox if rows else self._calm)
        same = [i for i, item in enumerate(rows) if chosen is not None and is_same(item, chosen)]
        if same:
            self.inbox.setCurrentIndex(self._inbox.index(same[0]))
        self.card.show_item(rows[same[0]] if same else None, now)
        self.tabs.set_count(DEVICES, sum(not d.revoked_at for d in told.office.devices) if told.office else None)
        silent = sum(place.contact in (Contact.LONG, Contact.SILENT) for place in found)
        self.counted.emit(sum(item.question is None for item in rows) + silent)

    def _show_away(self, told: Situation, now: datetime) -> None:
        self.banner.setVisible(told.failure is not None)
        if told.failure is None:
            return
        sentence, remedy = labels.error_text(told.failure.code, plain(told.failure))
        if told.office is not None:
            at = labels.when(datetime.fromisoformat(told.office.at), now)
            remedy = self.tr("Sie sehen den Stand von {0}; Maßnahmen und Fragen sind von diesem Gerät.").format(at)
        self.banner.set_sentence(sentence, remedy)

    def _on_row(self, index: QModelIndex) -> None:
        row = index.row()
        item = self._inbox.rows[row] if 0 <= row < len(self._inbox.rows) else None
        self.card.show_item(item, datetime.now().astimezone())

    def _on_opened(self, index: QModelIndex) -> None:
        item = self._inbox.rows[index.row()]
        if item.question is not None:
            self.question_requested.emit(item.root_kind, item.root_id)
        elif item.root_id:
            self.record_requested.emit(item.root_kind, item.root_id)

    # What is done

    def _on_alert(self, days: int) -> None:
        desk.set_alert_days(self._workspace.store, days)
        self.show_situation()

    def _on_invite(self) -> None:
        self._form = InviteForm(self._region)
        popover = Popover(
            self.window(), name="invite_card", accessible=self.tr("Gerät einladen"), title=self.tr("Gerät einladen"),
            padding=16,
        )  # fmt: skip
        popover.set_body(self._form)
        self._form.asked.connect(self._on_invite_asked)
        popover.closed.connect(self._on_form_closed)
        popover.open_at(self.invite, width=theme.px(360))

    def _on_invite_asked(self, request: InviteRequest) -> None:
        self.asking.invite(request)

    def _on_form_closed(self) -> None:
        self._form = None

    def _on_invited(self, code: str) -> None:
        if self._form is not None:
            self._form.show_code(code)
            card = self._form.parentWidget()
            if card is not None:
                card.adjustSize()

    def _on_revoke(self, request: RevokeRequest, sentence: str) -> None:
        self.asking.revoke(request, sentence)

    def _on_lead(self, requests: list[LeadRequest], sentence: str) -> None:
        if requests:
            self.asking.lead(requests, sentence)

    def _on_refused(self, failure: Failure) -> None:
        if self._form is not None:
            self._form.complain(failure)
            return
        self._tell(" ".join(labels.error_text(failure.code, plain(failure))))

    def _tell(self, sentence: str) -> None:
        for old in self.window().findChildren(Toast):
            old.close_now()
        Toast(self.window(), sentence, name="toast").show_above(40)
