"""All attachments of one record: the list, adding by button or by dropping files, and the deeds of its lines."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.files import may_run
from app.domain.ids import EntityId
from app.errors import MasswerkError
from app.models.queries.records import Record
from app.services import attachments
from app.services.attachments import Attached
from app.services.workspace import Workspace
from app.ui import labels
from app.ui.attachments import words
from app.ui.attachments.asking import ask_open, ask_with_origin
from app.ui.attachments.line import AttachmentLine, DropZone
from app.ui.attachments.taking import Taking, Wish
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.forms import GUTTER
from app.ui.widgets.notices import Banner
from app.ui.widgets.surfaces import ProgressBar
from app.ui.widgets.toggles import CheckBox
from app.ui.widgets.words import ElidedLabel

_LOOK_MS = 1000
_MOST_TROUBLES = 3


class AttachmentBox(Themed, QWidget):
    """The attachments below a measure or a workshop. `removed` carries kind and id."""

    removed = Signal(str, str)
    saved = Signal()
    counted = Signal()

    def __init__(self, workspace: Workspace, root_kind: str) -> None:
        super().__init__()
        base.identify(self, f"attachments_{root_kind}", self.tr("Anhänge"))
        self._workspace, self._root_kind, self._root, self._locked = workspace, root_kind, "", True
        self.lines: dict[EntityId, AttachmentLine] = {}
        self.taking = Taking(workspace, self)
        self.zone = DropZone(self.tr("Dateien hierher ziehen"))
        self.add_button = Button(self.tr("Datei hinzufügen"), name=f"add_attachment_{root_kind}", icon="paperclip")
        self.clean = CheckBox(self.tr("Aufnahmeort entfernen"), name=f"clean_photos_{root_kind}")
        self.clean.setChecked(True)
        self.clean.setToolTip(self.tr("Aus Fotos werden Ort, Zeit und Kameradaten genommen; das Bild bleibt gleich."))
        self._under_way = QWidget()
        self._reading = ElidedLabel("", "small", role="muted", tabular=True)
        self._bar = ProgressBar(accessible=self.tr("Einlesen der Datei"))
        self._stop = LinkButton(self.tr("Abbrechen"), name=f"stop_taking_{root_kind}")
        self._look = QTimer(self, interval=_LOOK_MS)
        self._build()
        self._connect()
        self.restyle()
        self.setAcceptDrops(True)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER, 4, GUTTER, 0)
        column.setSpacing(8)
        self._troubles = QVBoxLayout()
        self._troubles.setSpacing(4)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        column.addLayout(self._troubles)
        column.addLayout(self._list)
        column.addWidget(self.zone)
        row = QHBoxLayout(self._under_way)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget, stretch in ((self._reading, 2), (self._bar, 1), (self._stop, 0)):
            row.addWidget(widget, stretch, Qt.AlignmentFlag.AlignVCenter)
        self._under_way.hide()
        column.addWidget(self._under_way)
        self._foot = QWidget()
        foot = FlowLayout(self._foot, gap=12)
        foot.addWidget(self.add_button)
        foot.addWidget(self.clean)
        column.addWidget(self._foot)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.start)
        self._stop.clicked.connect(self.taking.stop)
        self._look.timeout.connect(self.reload)
        queued = Qt.ConnectionType.QueuedConnection
        self.taking.begun.connect(self._on_begun, queued)
        self.taking.moved.connect(self._on_moved, queued)
        self.taking.taken.connect(self._on_taken, queued)
        self.taking.failed.connect(self._on_failed, queued)
        self.taking.done.connect(self._on_done, queued)

    def restyle(self) -> None:
        """The check stands on one line with the button, however large the text is."""
        self.clean.setFixedHeight(self.add_button.sizeHint().height())
        super().restyle()

    # -- what is shown ---------------------------------------------------------------------------

    @property
    def parts(self) -> list[Record]:
        """The attachments shown."""
        return [line.attached.record for line in self.lines.values()]

    def show_root(self, root: EntityId, *, locked: bool) -> None:
        """Another record."""
        self._root, self._locked = root, locked
        self._clear_troubles()
        for line in self.lines.values():
            self._drop(line)
        self.lines.clear()
        self.reload()

    def lock(self, on: bool) -> None:
        """Only to be looked at, or to be changed again."""
        self._locked = on
        for line in self.lines.values():
            line.lock(on)
        self._show_foot()

    def reload(self) -> None:
        """What hangs here now, and how far it is."""
        if not self._root:
            return
        try:
            found = attachments.standing(self._workspace.store, self._root)
        except MasswerkError as error:
            self._tell(error)
            return
        for gone in self.lines.keys() - {a.record.id for a in found}:
            self._drop(self.lines.pop(gone))
        for attached in found:
            self._show(attached)
        self._show_foot()
        moving = any(line.moves() for line in self.lines.values())
        (self._look.start if moving and self.isVisible() else self._look.stop)()
        self.counted.emit()

    def _show(self, attached: Attached) -> None:
        line = self.lines.get(attached.record.id)
        if line is None:
            line = AttachmentLine(attached, locked=self._locked)
            line.open_asked.connect(self.open)
            line.save_asked.connect(self._on_save)
            line.fetch_asked.connect(self.fetch)
            line.retry_asked.connect(self._on_retry)
            line.remove_asked.connect(self.remove)
            line.captioned.connect(self._on_captioned)
            self.lines[attached.record.id] = line
            self._list.addWidget(line)
        line.show_attached(attached, attachments.small_picture(self._workspace.store, attached))

    def _drop(self, line: AttachmentLine) -> None:
        self._list.removeWidget(line)
        line.hide()
        line.deleteLater()

    def _show_foot(self) -> None:
        self._foot.setVisible(not self._locked)
        self.zone.setVisible(not self._locked and not self.lines)

    def showEvent(self, event: object) -> None:
        """Look at once: much may have come since."""
        self.reload()

    def hideEvent(self, event: object) -> None:
        """Nobody looks."""
        self._look.stop()

    def save(self) -> bool:
        """Save a caption that is being typed."""
        for line in self.lines.values():
            line.caption.editingFinished.emit()
        return True

    # -- adding ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Choose files to add."""
        if self._locked:
            return
        chosen = QFileDialog(self.window(), self.tr("Dateien anhängen"))
        chosen.setObjectName("choose_attachments")
        chosen.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chosen.filesSelected.connect(self._on_chosen)
        chosen.finished.connect(chosen.deleteLater)
        chosen.open()

    def _on_chosen(self, paths: list[str]) -> None:
        self.add(Path(path) for path in paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Attach these files, one after the other."""
        self._clear_troubles()
        for path in paths:
            self._add(path, self.clean.isChecked())

    def _add(self, path: Path, clean: bool) -> None:
        self.taking.add(Wish((self._root_kind, self._root), path, clean))

    def _on_begun(self, name: str, size: int) -> None:
        self._reading.setText(self.tr("„{0}“ wird eingelesen, {1}").format(name, words.size_words(size)))
        self._bar.set_progress(0, size)
        self._size = size
        self._under_way.show()

    def _on_moved(self, count: int) -> None:
        self._bar.set_progress(count, self._size)

    def _on_taken(self, root: str, attachment: str) -> None:
        # It was stored beside the window: told here, too, it counts as an edit that wants to be sent soon.
        attachments.announce(self._workspace.store, attachment)
        if root == self._root:
            self.reload()

    def _on_done(self) -> None:
        if not self.taking.is_busy():
            self._under_way.hide()

    def _on_failed(self, wish: Wish, error: MasswerkError) -> None:
        if error.code == "picture_not_cleanable" and wish.root[1] == self._root:
            ask_with_origin(self.window(), wish.path.name, functools.partial(self._add, wish.path, False))
            return
        self._tell(error)

    # -- deeds -----------------------------------------------------------------------------------

    def open(self, attachment: EntityId) -> None:
        """Show a file in the program that belongs to it; what could run is asked about first."""
        attached = self.lines[attachment].attached
        name = attached.record.text("name")
        if attached.original.whole:
            if may_run(name):
                ask_open(self.window(), name, functools.partial(self._show_outside, attached.original.sha, name))
            else:
                self._show_outside(attached.original.sha, name)
        elif attached.preview is not None and attached.preview.whole:
            self._show_outside(attached.preview.sha, f"{Path(name).stem} (Vorschau).jpg")
        elif attached.is_joined:
            self.fetch(attachment)

    def _show_outside(self, sha: str, name: str) -> None:
        try:
            copy = attachments.open_copy(self._workspace.store, sha, name)
        except MasswerkError as error:
            self._tell(error)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))

    def _on_save(self, attachment: EntityId) -> None:
        name = self.lines[attachment].attached.record.text("name")
        dialog = QFileDialog(self.window(), self.tr("Anhang speichern"), name)
        dialog.setObjectName("save_attachment")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(functools.partial(self._save_to, attachment))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_to(self, attachment: EntityId, path: str) -> None:
        sha = self.lines[attachment].attached.original.sha
        self._do(functools.partial(attachments.save_as, self._workspace.store, sha, Path(path)))

    def fetch(self, attachment: EntityId) -> None:
        """Ask for the original; the next exchange brings it, and that begins now."""
        self._do(functools.partial(attachments.fetch, self._workspace.store, attachment))

    def _on_retry(self, attachment: EntityId) -> None:
        self._do(functools.partial(attachments.try_again, self._workspace.store, attachment))

    def remove(self, attachment: EntityId) -> None:
        """Take it off; the way back is offered."""
        if self._do(functools.partial(attachments.delete, self._workspace.store, attachment)):
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.removed.emit("attachment", attachment)

    def _on_captioned(self, attachment: EntityId, caption: str) -> None:
        line = self.lines.get(attachment)
        if line is not None and caption != line.attached.record.text("caption"):
            seen = line.attached.record.seen
            values = {"caption": caption or None}
            if self._do(functools.partial(attachments.edit, self._workspace.store, attachment, values, seen)):
                self.saved.emit()

    def _do(self, deed: functools.partial[None]) -> bool:
        try:
            deed()
        except MasswerkError as error:
            self._tell(error)
            return False
        self.reload()
        return True

    # -- troubles --------------------------------------------------------------------------------

    def _tell(self, error: MasswerkError) -> None:
        sentence, remedy = labels.error_words(error)
        banner = Banner("warning", sentence, name="attachment_trouble", detail=remedy, dismissible=True)
        banner.dismissed.connect(banner.deleteLater)
        self._troubles.addWidget(banner)
        if self._troubles.count() > _MOST_TROUBLES:
            self._forget_trouble()

    def troubles(self) -> list[str]:
        """What is said about files that could not be attached, oldest first."""
        shown = (self._troubles.itemAt(i) for i in range(self._troubles.count()))
        return [w.accessibleName() for item in shown if item is not None and (w := item.widget()) is not None]

    def _clear_troubles(self) -> None:
        while self._troubles.count():
            self._forget_trouble()

    def _forget_trouble(self) -> None:
        item = self._troubles.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()

    # -- dropping --------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped, other things not."""
        if not self._locked and _files_in(event):
            self.zone.show()
            self.zone.set_hot(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self.zone.set_hot(False)
        self._show_foot()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        self.zone.set_hot(False)
        self._show_foot()
        event.acceptProposedAction()
        self.add(_files_in(event))


def _files_in(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
