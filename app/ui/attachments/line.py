"""One attachment in a list: its small picture, its name, where its bytes are, its caption, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.services.attachments import Attached
from app.ui import icons, theme
from app.ui.attachments import words
from app.ui.attachments.previews import thumbnail
from app.ui.attachments.words import Way
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import IconButton, LinkButton, Pressable
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import IconMark
from app.ui.widgets.words import ElidedLabel, Label

_SIDE = 64


class Thumb(Pressable):
    """The small picture, or an icon on a quiet ground; pressing opens the file."""

    ring_radius = 6

    def __init__(self, name: str) -> None:
        super().__init__("", name, self.tr("Öffnen"), None)
        self._content, self._icon = b"", "file"
        self._picture: QPixmap | None = None

    def show_content(self, content: bytes, icon: str, spoken: str) -> None:
        """Another picture, or without one an icon."""
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        if (content, icon) != (self._content, self._icon):
            self._content, self._icon, self._picture = content, icon, None
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(theme.px(_SIDE), theme.px(_SIDE))

    def restyle(self) -> None:
        """Another size of text: the picture is made anew."""
        self._picture = None
        super().restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture with a hair line around it."""
        painter = base.crisp(QPainter(self))
        side = self.width()
        if self._picture is None and self._content:
            self._picture = thumbnail(self._content, side, self.devicePixelRatioF())
        if self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)
            base.box(painter, self.rect(), 6, None, theme.color("outline"))
            return
        base.box(painter, self.rect(), 6, theme.color(self.wash("sunken")), theme.color("border"))
        glyph = theme.px(28)
        icons.paint(painter, self._icon, base.middle(self.rect(), glyph, (side - glyph) / 2), theme.color("muted"))


class AttachmentLine(Themed, QWidget):
    """Shows one attachment. Every deed is a signal with its id; the caption comes with it."""

    open_asked = Signal(str)
    save_asked = Signal(str)
    fetch_asked = Signal(str)
    retry_asked = Signal(str)
    remove_asked = Signal(str)
    captioned = Signal(str, str)

    def __init__(self, attached: Attached, *, locked: bool) -> None:
        super().__init__()
        self.attached, self._locked = attached, locked
        key = attached.record.id
        base.identify(self, f"attachment_{key}", attached.record.text("name"))
        self.thumb = Thumb(f"attachment_{key}_open")
        self.name = ElidedLabel("", weight=theme.MEDIUM)
        self._mark = IconMark("cloud", side=14)
        self.state = ElidedLabel("", "small", role="muted", tabular=True)
        self.way = LinkButton("", name=f"attachment_{key}_way", accessible=self.tr("Original holen"))
        self._detail = Label("", "small", role="muted", wrap=True)
        self.more = IconButton("dots-three", name=f"attachment_{key}_more", accessible=self.tr("Mehr"))
        self.caption = LineEdit(
            name=f"attachment_{key}_caption",
            accessible=self.tr("Beschreibung des Anhangs"),
            placeholder=self.tr("Was ist zu sehen?")
            if attached.record.text("mime").startswith("image/")
            else self.tr("Beschreibung"),
        )
        self._told = Label("", "small", wrap=True)
        self._build()
        self.thumb.clicked.connect(self._on_open)
        self.more.clicked.connect(self._on_more)
        self.way.clicked.connect(self._on_way)
        self.caption.committed.connect(self._on_caption)
        self.show_attached(attached, b"")

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(12)
        row.addWidget(self.thumb, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.name, 1)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._mark)
        line.addWidget(self.state, 1)
        column.addLayout(line)
        column.addWidget(self._detail)
        column.addWidget(self.way, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._told)
        column.addSpacing(2)
        column.addWidget(self.caption)
        row.addLayout(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_attached(self, attached: Attached, content: bytes) -> None:
        """Show how it stands now."""
        self.attached = attached
        record, now = attached.record, words.state_of(attached)
        name = record.text("name")
        self.name.setText(name)
        icon = words.icon_of(name, record.text("mime"))
        self.thumb.show_content(content, icon, self.tr("„{0}“ öffnen").format(name))
        self._mark.set_icon(now.icon, now.role)
        self.state.setText(f"{now.words} · {words.size_words(attached.size)}")
        self._detail.setText(now.detail)
        self._detail.setVisible(bool(now.detail))
        way = {Way.FETCH: self.tr("Original holen"), Way.RETRY: self.tr("Erneut versuchen")}.get(now.way, "")
        self.way.setText(way)
        self.way.setAccessibleName(f"{way}: {name}")
        self.way.setVisible(bool(way))
        self.way.updateGeometry()
        self.more.setAccessibleName(self.tr("Mehr zu „{0}“").format(name))
        caption = record.text("caption")
        if not self.caption.hasFocus():
            self.caption.set_words(caption)
        self.caption.setVisible(not self._locked)
        self._told.setText(caption)
        self._told.setVisible(self._locked and bool(caption))
        self.setAccessibleName(f"{name}, {words.about(attached)}, {now.words}")

    def lock(self, on: bool) -> None:
        """Only to be looked at, or to be changed again."""
        self._locked = on
        self.show_attached(self.attached, self.thumb._content)

    def moves(self) -> bool:
        """Whether its bytes are under way."""
        return words.state_of(self.attached).moves

    def menu(self) -> QMenu:
        """What can be done with it."""
        menu = QMenu(self)
        menu.setObjectName("attachment_menu")
        whole, key = self.attached.original.whole, self.attached.record.id
        small = self.attached.preview is not None and self.attached.preview.whole
        entries = [
            (self.tr("Öffnen") if whole else self.tr("Vorschau öffnen"), self.open_asked, whole or small),
            (self.tr("Speichern unter …"), self.save_asked, whole),
            (self.tr("Original holen"), self.fetch_asked, not whole and self.attached.is_joined),
            (self.tr("Anhang entfernen"), self.remove_asked, not self._locked),
        ]
        for told, signal, possible in entries:
            if possible:
                action = QAction(told, menu)
                action.triggered.connect(lambda _=False, signal=signal: signal.emit(key))
                menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _on_more(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_open(self) -> None:
        self.open_asked.emit(self.attached.record.id)

    def _on_way(self) -> None:
        fetch = words.state_of(self.attached).way is Way.FETCH
        (self.fetch_asked if fetch else self.retry_asked).emit(self.attached.record.id)

    def _on_caption(self, told: str) -> None:
        self.captioned.emit(self.attached.record.id, told.strip())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens, as in every list of files."""
        self._on_open()


class DropZone(Themed, QWidget):
    """A dashed field that says what may be dropped here."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence, self._hot = sentence, False
        self.setAccessibleName(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_hot(self, on: bool) -> None:
        """Files hover over it."""
        self._hot = on
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines high."""
        return QSize(theme.px(160), theme.grow(56, "small"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashes and, in their middle, the sentence."""
        painter = base.crisp(QPainter(self))
        if self._hot:
            base.box(painter, self.rect(), 6, theme.color("accent_soft"))
        pen = painter.pen()
        pen.setColor(theme.color("accent" if self._hot else "control_border"))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        ink = theme.color("accent" if self._hot else "muted")
        base.text(painter, QRectF(self.rect()).adjusted(8, 0, -8, 0), self._sentence, ink, "small", center=True)
