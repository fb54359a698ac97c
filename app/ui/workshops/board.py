"""The stations side by side: heads with counts, columns of cards, and what is done with a card."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.domain.capture import MARKS
from app.errors import MasswerkError
from app.models.queries.sessions import CardLine
from app.ui import icons, labels, theme
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.words import Label
from app.ui.workshops import marks
from app.ui.workshops.column import CardColumn
from app.ui.workshops.deck import Column
from app.ui.workshops.session import Session

_LEAST = 176
_GAP = 4
_MARGIN = 20


class StationHead(Themed, QWidget):
    """Title and count of a station over a line; the active one's line is in accent."""

    clicked = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._count, self._active = title, 0, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_state(self, count: int, active: bool) -> None:
        """Show how many cards there are and whether lines go here."""
        if (count, active) != (self._count, self._active):
            self._count, self._active = count, active
            self.update()
        self.setAccessibleName(f"{self._title}, {labels.count(count, 'Karte', 'Karten')}")
        self.setToolTip(self._title)

    def sizeHint(self) -> QSize:
        """One line and the line below it."""
        return QSize(theme.px(160), theme.line() + 14)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make this the station lines go to."""
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, count and line."""
        painter = base.crisp(QPainter(self))
        rect = QRect(_GAP, 0, self.width() - 2 * _GAP, theme.line())
        count = str(self._count) if self._count else "–"
        used = base.text(painter, rect, count, theme.color("muted"), "small", right=True, tabular=True)
        area = rect.adjusted(0, 0, -round(used) - 8, 0)
        base.text(painter, area, self._title, theme.color("text"), "body", theme.STRONG)
        role = "accent" if self._active else "border"
        painter.fillRect(rect.left(), self.height() - 8, rect.width(), 2, theme.color(role))


class Board(Themed, QScrollArea):
    """All columns; where they do not fit, they scroll sideways and the active one stays in sight."""

    edit_wanted = Signal(object)
    """A `CardLine` to be edited in the entry line."""
    entry_wanted = Signal()
    """The person wants to go on typing."""
    deleted = Signal(object)
    """Parts (kind, id) that were deleted just now."""
    failed = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._active = 0
        self._chosen = False
        self._columns: list[tuple[Column, StationHead, CardColumn]] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        base.identify(self, "stations", self.tr("Stationen"))
        self.viewport().setAutoFillBackground(False)
        self.setViewportMargins(_MARGIN, 0, _MARGIN, 0)
        self._hint = Label(role="muted", wrap=True, parent=self.viewport())
        self._hint.setText(self.tr("Noch keine Karten. Tippen, Eingabe, gespeichert."))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        session.stations_changed.connect(self._rebuild)
        session.cards_changed.connect(self._on_cards)
        session.saved.connect(self._on_saved)
        self._rebuild()

    # -- building --------------------------------------------------------------------------------

    @Slot()
    def _rebuild(self) -> None:
        active = self.station() if self._columns else None
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 16, 0, 8)
        row.setSpacing(_GAP)
        self._columns = []
        for number, (column, title) in enumerate(self._session.columns):
            head, cards = StationHead(title), CardColumn(f"station_{number}", title)
            head.clicked.connect(self._on_head_clicked)
            self._wire(cards)
            stack = QVBoxLayout()
            stack.setSpacing(0)
            stack.addWidget(head)
            stack.addWidget(cards, 1)
            row.addLayout(stack, 1)
            cards.set_lines(self._session.deck.column(column))
            self._columns.append((column, head, cards))
        self.setWidget(body)
        self.restyle()
        keys = [column for column, _, _ in self._columns]
        if not self._chosen:
            self._active = 0  # nobody has chosen yet: the first station, also when it comes in after the cards
        else:
            self._active = keys.index(active) if active in keys else min(self._active, len(keys) - 1)
        self._show_heads()
        self._on_saved()

    def _wire(self, cards: CardColumn) -> None:
        cards.opened.connect(self._on_opened)
        cards.menu_wanted.connect(self._on_menu)
        cards.delete_wanted.connect(self._on_delete)
        cards.marked.connect(self._on_marked)
        cards.sideways.connect(self._on_sideways)
        cards.shifted.connect(self._on_shifted)
        cards.left.connect(self.entry_wanted)
        cards.pressed.connect(self.entry_wanted)

    def restyle(self) -> None:
        """Keep every column wide enough for a sentence."""
        for _, head, _ in self._columns:
            head.updateGeometry()
        self._share_width()
        super().restyle()

    def sizeHint(self) -> QSize:
        """As wide as three columns."""
        return QSize(theme.px(640), theme.px(480))

    # -- the active station ----------------------------------------------------------------------

    def station(self) -> Column:
        """Where lines go."""
        return self._columns[self._active][0]

    def station_title(self) -> str:
        """The name of where lines go."""
        return self._session.columns[self._active][1]

    def step(self, by: int) -> None:
        """Go to the next station, round and round."""
        self._activate((self._active + by) % len(self._columns))

    def _activate(self, number: int) -> None:
        self._active = number
        self._chosen = True
        self._show_heads()
        self._show_active(self._columns[number][2].width())
        self.entry_wanted.emit()

    def _show_heads(self) -> None:
        self._hint.setVisible(not self._session.deck.count() and self._session.may_edit)
        self._hint.raise_()
        for number, (column, head, _) in enumerate(self._columns):
            head.show_state(len(self._session.deck.column(column)), number == self._active)

    def _on_head_clicked(self) -> None:
        sender = self.sender()
        self._activate(next(n for n, (_, head, _) in enumerate(self._columns) if head is sender))

    # -- news ------------------------------------------------------------------------------------

    @Slot(object)
    def _on_cards(self, columns: object) -> None:
        assert isinstance(columns, set)
        for column, _, cards in self._columns:
            if column in columns:
                cards.set_lines(self._session.deck.column(column))
        self._show_heads()

    @Slot()
    def _on_saved(self) -> None:
        ids = frozenset(self._session.saved_ids)
        at = self._session.saved_at
        for _, _, cards in self._columns:
            own = frozenset(i for i in ids if any(line.id == i for line in reversed(cards.lines())))
            cards.set_saved(own, labels.saved_at(at) if own and at else "")

    # -- what is done with a card ----------------------------------------------------------------

    def enter(self) -> None:
        """Put the keyboard on the newest card of the active station."""
        cards = self._columns[self._active][2]
        if cards.lines():
            cards.make_current(cards.lines()[-1].id)
            cards.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _on_opened(self, line: object) -> None:
        if self._session.may_edit:
            self.edit_wanted.emit(line)

    @Slot(int)
    def _on_sideways(self, by: int) -> None:
        at = next((n for n, (_, _, cards) in enumerate(self._columns) if cards is self.sender()), self._active)
        for step in range(1, len(self._columns)):
            cards = self._columns[(at + by * step) % len(self._columns)][2]
            if cards.lines():
                cards.setFocus(Qt.FocusReason.TabFocusReason)
                self.ensureWidgetVisible(cards, 0, 0)
                return

    @Slot(object, int)
    def _on_shifted(self, line: object, by: int) -> None:
        assert isinstance(line, CardLine)
        keys = [column for column, _, _ in self._columns]
        at = next((n for n, c in enumerate(keys) if line in self._session.deck.column(c)), self._active)
        target = keys[(at + by) % len(keys)]
        if self._try(lambda: self._session.move(line, target)):
            cards = next(cards for column, _, cards in self._columns if column == target)
            cards.make_current(line.id)
            cards.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(object)
    def _on_delete(self, line: object) -> None:
        assert isinstance(line, CardLine)
        parts = [(line.record, line.id)]
        if self._try(lambda: self._session.delete(parts)):
            self.deleted.emit(parts)

    @Slot(object, str)
    def _on_marked(self, line: object, mark: str) -> None:
        assert isinstance(line, CardLine)
        self._try(lambda: self._session.change_kind(line, MARKS[mark]))

    def _try(self, act: object) -> bool:
        """Do something to a card; a refusal is told below the entry line."""
        if not self._session.may_edit:
            return False
        try:
            act()  # type: ignore[operator]
        except MasswerkError as error:
            self.failed.emit(" ".join(labels.error_words(error)))
            return False
        return True

    @Slot(object, object)
    def _on_menu(self, line: object, point: object) -> None:
        assert isinstance(line, CardLine)
        assert isinstance(point, QPoint)
        if self._session.may_edit:
            menu = self.menu_of(line)
            menu.popup(point)

    def menu_of(self, line: CardLine) -> QMenu:
        """What can be done with a card."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._action(menu, "pencil-simple", self.tr("Ändern"), self.tr("Eingabe"), ("edit", line, ""))
        kinds = menu.addMenu(icons.icon("flag"), self.tr("Art ändern"))
        for kind in marks.KINDS:
            action = self._action(kinds, marks.icon_of(kind), labels.card_label(kind), "", ("kind", line, kind))
            action.setCheckable(True)
            action.setChecked(kind == line.kind)
        stations = menu.addMenu(icons.icon("arrow-right"), self.tr("Zu Station"))
        for column, title in self._session.columns:
            action = self._action(stations, "", title.replace("&", "&&"), "", ("move", line, column))
            action.setEnabled(line not in self._session.deck.column(column))
        stations.setEnabled(len(self._session.columns) > 1)
        menu.addSeparator()
        self._action(menu, "trash", self.tr("Löschen"), self.tr("Entf"), ("delete", line, ""))
        return menu

    def _action(self, menu: QMenu, icon: str, words: str, keys: str, told: tuple[object, ...]) -> QAction:
        action = QAction(icons.icon(icon), words, menu) if icon else QAction(words, menu)
        if keys:
            action.setText(f"{words}\t{keys}")
        action.setData(told)
        action.triggered.connect(self._on_action)
        menu.addAction(action)
        return action

    @Slot()
    def _on_action(self) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        verb, line, value = sender.data()
        if verb == "edit":
            self.edit_wanted.emit(line)
        elif verb == "kind":
            self._try(lambda: self._session.change_kind(line, value))
        elif verb == "move":
            self._try(lambda: self._session.move(line, value))
        else:
            self._on_delete(line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """As many whole columns as fit; further ones are beside, reached by Tab or the scroll bar."""
        if not self._columns:
            return
        room, least = self.viewport().width(), theme.px(_LEAST)
        fitting = max(1, (room + _GAP) // (least + _GAP))
        shown = min(len(self._columns), fitting)
        width = max(80, (room - (shown - 1) * _GAP) // shown)
        for _, head, cards in self._columns:
            head.setFixedWidth(width)
            cards.setFixedWidth(width)
        body = self.widget()
        assert body is not None
        body.setMinimumWidth(len(self._columns) * (width + _GAP) - _GAP)
        self._show_active(width)

    def _show_active(self, width: int) -> None:
        """Scroll by whole columns until the active one is in sight."""
        bar, pitch = self.horizontalScrollBar(), width + _GAP
        shown = max(1, (self.viewport().width() + _GAP) // pitch)
        first = -(-bar.value() // pitch)
        first = min(max(first, self._active - shown + 1), self._active)
        bar.setMaximum(max(bar.maximum(), first * pitch))
        bar.setValue(first * pitch)
        self._hint.setGeometry(self.viewport().rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the ground."""
        QPainter(self.viewport()).fillRect(self.viewport().rect(), theme.color("background"))
