"""The section "Anhänge": files come by button or by drop, tell where they are, open with care, go and come back."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QImage, QImageReader
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.pictures import without_origin
from app.models.settings import encode_grant
from app.models.store import Store
from app.services import attachments
from app.services.workspace import Workspace
from app.ui.attachments.box import AttachmentBox
from app.ui.attachments.line import AttachmentLine
from app.ui.attachments.taking import finish_all
from app.ui.measures.page import MeasuresPage
from app.ui.widgets.notices import Toast
from app.ui.widgets.question import Question
from tests.ui.measures.acting import make
from tests.ui.typing import type_text

PDF = b"%PDF-1.7 " + bytes(5000)


@pytest.fixture
def measure(store: Store) -> str:
    store.put_settings(epoch="e1", agency="a", token="t", agency_url="http://127.0.0.1:1")
    return make(store, "Radweg")


@pytest.fixture
def box(page: MeasuresPage, measure: str) -> Iterator[AttachmentBox]:
    page.show_record(measure)
    page.pane.form.folds["files"].set_open(True)
    made = page.pane.form.files
    assert made is not None
    yield made
    finish_all()


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[list[Path]]:
    """What was handed to other programs."""
    listening = _Programs()
    QDesktopServices.setUrlHandler("file", listening, "show")  # type: ignore[arg-type]
    yield listening.shown
    QDesktopServices.unsetUrlHandler("file")


class _Programs(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Path] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.shown.append(Path(url.toLocalFile()))


def photo(folder: Path, name: str = "Brücke.jpg", orientation: int = 6) -> Path:
    """A JPEG of 2400 x 1000 that says where it was taken, and that it has to be turned."""
    image = QImage(2400, 1000, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload]
    data = bytes(buffer.data().data())
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + b"GPS 51.05 8.39"
    body = b"Exif\0\0" + tiff
    file = folder / name
    file.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:])
    return file


def written(folder: Path, name: str, content: bytes = PDF) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def take(qtbot: QtBot, box: AttachmentBox, *paths: Path) -> None:
    """Attach and wait until nothing is on its way in."""
    box.add(paths)
    qtbot.waitUntil(lambda: not box.taking.is_busy(), timeout=10_000)
    QApplication.processEvents()  # what it had to say is told by now
    assert box._under_way.isHidden()


def line_of(box: AttachmentBox, name: str) -> AttachmentLine:
    return next(line for line in box.lines.values() if line.attached.record.text("name") == name)


def test_dropped_files_are_attached_and_say_that_they_wait(
    qtbot: QtBot, box: AttachmentBox, page: MeasuresPage, tmp_path: Path
) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(written(tmp_path, name))) for name in ("Plan.pdf",)])
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(box.rect().center(), action, files, left, none)
    box.dragEnterEvent(entering)
    assert entering.isAccepted()
    box.dropEvent(QDropEvent(QPointF(5, 5), action, files, left, none))
    qtbot.waitUntil(lambda: len(box.lines) == 1)
    assert line_of(box, "Plan.pdf").state.text() == "Noch nicht übertragen · 5 KB"
    assert page.pane.form.folds["files"].head.note() == "1 Datei"
    words = QMimeData()
    words.setText("kein Pfad")
    refused = QDragEnterEvent(box.rect().center(), action, words, left, none)
    refused.ignore()
    box.dragEnterEvent(refused)
    assert not refused.isAccepted()


def test_a_photo_loses_its_origin_and_gets_an_upright_preview(
    qtbot: QtBot, box: AttachmentBox, store: Store, tmp_path: Path
) -> None:
    taken = photo(tmp_path)
    take(qtbot, box, taken)
    attached = line_of(box, "Brücke.jpg").attached
    original = attachments.bytes_of(store).read(attached.original.sha)
    assert b"GPS" in taken.read_bytes()
    assert original == without_origin(taken.read_bytes())
    small = attachments.small_picture(store, attached)
    assert without_origin(small) == small
    buffer = QBuffer()
    buffer.setData(small)
    size = QImageReader(buffer).size()
    assert size.height() == 1600
    assert size.width() < 700
    box.clean.click()
    take(qtbot, box, photo(tmp_path, "mit Ort.jpg", 1))
    kept = line_of(box, "mit Ort.jpg").attached
    assert b"GPS" in attachments.bytes_of(store).read(kept.original.sha)


def test_what_cannot_be_attached_is_said_in_clear_words(qtbot: QtBot, box: AttachmentBox, tmp_path: Path) -> None:
    huge = tmp_path / "Film.mp4"
    with huge.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    for path, words in (
        (written(tmp_path, "leer.pdf", b""), "Die Datei „leer.pdf“ ist leer (0 Bytes)."),
        (huge, "Die Datei „Film.mp4“ ist zu groß: 300 MB, erlaubt sind 250 MB."),
        (tmp_path / "weg.pdf", "Die Datei „weg.pdf“ ist nicht da oder darf nicht gelesen werden."),
        (tmp_path, f"Die Datei „{tmp_path.name}“ ist nicht da oder darf nicht gelesen werden."),
    ):
        take(qtbot, box, path)
        assert box.troubles() == [words]
    assert box.lines == {}
    first, copy = written(tmp_path, "Plan.pdf"), written(tmp_path, "Kopie.pdf")
    take(qtbot, box, first, copy)
    assert box.troubles() == ["„Kopie.pdf“ hängt schon hier, unter dem Namen „Plan.pdf“."]
    assert len(box.lines) == 1


def test_a_photo_that_cannot_be_cleaned_is_asked_about(qtbot: QtBot, box: AttachmentBox, tmp_path: Path) -> None:
    take(qtbot, box, written(tmp_path, "IMG_0815.HEIC", b"\0\0\0\x18ftypheic GPS 51.05"))
    assert box.lines == {}
    answer(qtbot, box, "confirm_no")
    assert box.lines == {}
    take(qtbot, box, tmp_path / "IMG_0815.HEIC")
    answer(qtbot, box, "confirm_yes")
    qtbot.waitUntil(lambda: len(box.lines) == 1)


def answer(qtbot: QtBot, box: AttachmentBox, name: str) -> None:
    def asked() -> Question | None:
        return next((b for b in box.window().findChildren(Question) if b.isVisible()), None)

    qtbot.waitUntil(lambda: asked() is not None)
    question = asked()
    assert question is not None
    button = question.findChild(QPushButton, name)
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: asked() is None)


def test_a_document_opens_at_once_and_a_program_only_after_a_question(
    qtbot: QtBot, box: AttachmentBox, opened: list[Path], store: Store, tmp_path: Path
) -> None:
    take(qtbot, box, written(tmp_path, "Plan.pdf"), written(tmp_path, "Rechnung.pdf.exe", b"MZ"))
    line_of(box, "Plan.pdf").thumb.click()
    assert [path.name for path in opened] == ["Plan.pdf"]
    assert opened[0].read_bytes() == PDF
    line_of(box, "Rechnung.pdf.exe").thumb.click()
    answer(qtbot, box, "confirm_no")
    assert len(opened) == 1
    line_of(box, "Rechnung.pdf.exe").thumb.click()
    answer(qtbot, box, "confirm_yes")
    assert [path.name for path in opened] == ["Plan.pdf", "Rechnung.pdf.exe"]


def test_saving_writes_the_whole_file(qtbot: QtBot, box: AttachmentBox, tmp_path: Path) -> None:
    take(qtbot, box, written(tmp_path, "Plan.pdf"))
    line = line_of(box, "Plan.pdf")
    assert [a.text() for a in line.menu().actions()] == ["Öffnen", "Speichern unter …", "Anhang entfernen"]
    line.save_asked.emit(line.attached.record.id)
    dialog = box.window().findChild(QFileDialog, "save_attachment")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "gespeichert.pdf"))
    dialog.reject()
    assert (tmp_path / "gespeichert.pdf").read_bytes() == PDF
    box._save_to(line.attached.record.id, str(tmp_path / "no" / "where.pdf"))
    assert box.troubles() == ["„where.pdf“ konnte an diesem Ort nicht geschrieben werden."]


def test_removing_can_be_taken_back(
    qtbot: QtBot, box: AttachmentBox, page: MeasuresPage, store: Store, tmp_path: Path
) -> None:
    take(qtbot, box, written(tmp_path, "Plan.pdf"))
    line = line_of(box, "Plan.pdf")
    line.remove_asked.emit(line.attached.record.id)
    assert box.lines == {}
    toast = page.window().findChild(Toast)
    assert toast is not None
    assert toast.accessibleName() == "Anhang gelöscht"
    with qtbot.waitSignal(page.undo_requested):
        toast.button.click()
    store.undo()
    qtbot.waitUntil(lambda: len(box.lines) == 1)


def test_a_caption_is_saved_when_one_leaves_it(
    qtbot: QtBot, box: AttachmentBox, workspace: Workspace, measure: str, tmp_path: Path
) -> None:
    take(qtbot, box, written(tmp_path, "Plan.pdf"))
    line = line_of(box, "Plan.pdf")
    line.caption.setFocus()
    type_text(line.caption, "Bauabschnitt 2")
    line.caption.clearFocus()
    record = attachments.of(workspace.store, measure)[0]
    assert record.text("caption") == "Bauabschnitt 2"


def test_every_line_says_where_its_bytes_are(qtbot: QtBot, box: AttachmentBox, store: Store, tmp_path: Path) -> None:
    take(qtbot, box, photo(tmp_path))
    line, blobs = line_of(box, "Brücke.jpg"), attachments.bytes_of(store)
    sha, small = line.attached.original.sha, line.attached.record.text("preview_sha256")

    def said() -> tuple[str, str]:
        box.reload()
        return line.state.text().partition(" · ")[0], line.way.text() if line.way.isVisibleTo(line) else ""

    assert said() == ("Noch nicht übertragen", "")
    blobs.remember(sha, "blob_quota", store.clock())
    assert said() == ("Noch nicht übertragen", "Erneut versuchen")
    line.way.click()
    assert blobs.get(sha).retry_at == 0
    blobs.confirm(sha, "e1")
    assert said() == ("Noch nicht übertragen", "")
    blobs.confirm(small, "e1")
    assert said() == ("Hier und bei der Agentur", "")
    blobs.discard(sha)
    assert said() == ("Nur Vorschau hier", "Original holen")
    line.way.click()
    assert said() == ("Wird beim nächsten Abgleich geholt", "")
    blobs.append(sha, 0, bytes(line.attached.size // 2))
    assert said() == ("Wird geholt, 49 %", "") or said() == ("Wird geholt, 50 %", "")
    blobs.remember(sha, "blob_unknown", store.clock())
    assert said() == ("Die Agentur hat diese Datei noch nicht", "Erneut versuchen")


def test_who_may_only_read_sees_the_files_and_changes_nothing(
    qtbot: QtBot, box: AttachmentBox, page: MeasuresPage, store: Store, measure: str, tmp_path: Path
) -> None:
    take(qtbot, box, written(tmp_path, "Plan.pdf"))
    key = line_of(box, "Plan.pdf").attached.record.id
    attachments.edit(store, key, {"caption": "Bauabschnitt 2"})
    store.put_settings(grant=encode_grant("coordinator", "05958004", []))
    page.show_record(measure)
    line = box.lines[key]
    assert not box.add_button.isVisibleTo(box)
    assert not line.caption.isVisibleTo(line)
    assert "Anhang entfernen" not in [a.text() for a in line.menu().actions()]
    assert "Öffnen" in [a.text() for a in line.menu().actions()]


def test_a_large_file_can_be_given_up(qtbot: QtBot, box: AttachmentBox, tmp_path: Path) -> None:
    large = tmp_path / "Film.mp4"
    with large.open("wb") as file:
        file.truncate(120 * 1024 * 1024)
    box.taking.begun.connect(box.taking.stop, Qt.ConnectionType.DirectConnection)
    take(qtbot, box, large)
    assert (box.lines, box.troubles()) == ({}, [])
