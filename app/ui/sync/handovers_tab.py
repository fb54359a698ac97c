"""Übergaben: what others have written to records that belong to this municipality, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget

from app.domain.region import Region
from app.services.workspace import Workspace
from app.sync.office_wire import DecideRequest, HandoverLine
from app.ui import labels, theme
from app.ui.sync import words
from app.ui.sync.deciding import Deciding, Reach
from app.ui.sync.handover_card import HandoverCard
from app.ui.sync.inbox import InboxModel, handed, is_same
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.widgets.lists import ListView, RowKind
from app.ui.widgets.notices import Banner, EmptyState
from app.ui.widgets.surfaces import Splitter
from app.ui.widgets.words import Ground


class HandoversTab(Ground):
    """The list beside one handover in full.

    `record_requested` asks for a record, `decided` carries a sentence: what was decided on is to be fetched.
    """

    record_requested = Signal(str, str)
    decided = Signal(str)

    def __init__(self, workspace: Workspace, region: Region, reach: Reach | None = None) -> None:
        super().__init__("surface")
        self._workspace = workspace
        self.deciding = Deciding(workspace, reach, self)
        self.banner = Banner("warning", " ", name="handovers_away", remedy=self.tr("Erneut versuchen"))
        self.inbox = ListView(RowKind.INBOX, name="handovers", accessible=self.tr("Übergaben"), edge=24)
        self._model = InboxModel(region, self)
        self.card = HandoverCard(region, self.tr("Wählen Sie links eine Übergabe."))
        self._calm = EmptyState("check-circle", self.tr("Hier ist nichts zu entscheiden."), name="handovers_none")
        self._build()
        self.deciding.told.connect(self._on_told)
        self.deciding.done.connect(self.decided)
        self.deciding.failed.connect(self._on_failed)
        self.banner.remedied.connect(self.refresh)
        self.inbox.selectionModel().currentChanged.connect(self._on_row)
        self.card.decided.connect(self._on_decided)
        self.card.open_asked.connect(self.record_requested)

    def _build(self) -> None:
        self.inbox.setModel(self._model)
        column = self.column()
        column.addWidget(self.banner)
        self.banner.hide()
        split = Splitter(name="handovers_split")
        split.addWidget(self.inbox)
        split.addWidget(self.card)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.px(420), theme.px(640)])
        split.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        self._stack.addWidget(self._calm)
        column.addWidget(self._stack, 1)

    def refresh(self) -> None:
        """Ask anew."""
        self.deciding.refresh()

    def _on_told(self, lines: Sequence[HandoverLine]) -> None:
        self.banner.hide()
        now, chosen = words.now(), self.card.item
        rows = handed(self._workspace.reader, lines)
        self._model.show_items(rows, now)
        self._stack.setCurrentIndex(0 if rows else 1)
        same = [i for i, item in enumerate(rows) if chosen is not None and is_same(item, chosen)]
        if rows:
            self.inbox.setCurrentIndex(self._model.index((same or [0])[0]))
        self.card.show_item(rows[(same or [0])[0]] if rows else None, now)

    def _on_failed(self, failure: Failure) -> None:
        self.banner.set_sentence(*labels.error_text(failure.code, plain(failure)))
        self.banner.show()

    def _on_row(self, index: QModelIndex) -> None:
        row = index.row()
        self.card.show_item(self._model.rows[row] if 0 <= row < len(self._model.rows) else None, words.now())

    def _on_decided(self, asked: list[DecideRequest], sentence: str) -> None:
        self.deciding.decide(asked, sentence)
