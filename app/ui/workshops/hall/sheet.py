"""The card "Im Saal": open this laptop, or connect to one; then who is there, and where the words are."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import EntityId
from app.models.queries.hall import hall_standing
from app.services.workspace import Workspace
from app.sync.hall.pairing import DIGITS, typed_code
from app.ui import labels, theme
from app.ui.hall_words import file_words, people_words, program_words, truth_words
from app.ui.sync.stand import plain
from app.ui.sync_worker import Failure
from app.ui.theme import Themed
from app.ui.widgets.buttons import Button
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.notices import IconMark
from app.ui.widgets.popover import Popover
from app.ui.widgets.words import Label, Rule
from app.ui.workshops.hall.link import HallLink, Part

_WIDTH, _WIDEST = 400, 640
_LOOK_MS = 1000


class HallSheet(Themed, QWidget):
    """What the card holds; it follows the link while it is open."""

    def __init__(self, workspace: Workspace, link: HallLink, workshop: EntityId = "") -> None:
        """`workshop` is the one that could be opened, "" where none is shown."""
        super().__init__()
        self.setObjectName("hall_sheet")
        self._workspace, self._link, self._workshop = workspace, link, workshop
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._make_alone()
        self._make_linked()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        link.changed.connect(self.refresh)
        link.refused.connect(self._complain)
        self.refresh()

    # -- layout ----------------------------------------------------------------------------------

    def _make_alone(self) -> None:
        self._alone = QWidget()
        column = _column(self._alone)
        column.addWidget(
            Label(
                self.tr(
                    "Ohne Internet gemeinsam schreiben: Ein Laptop öffnet den Workshop, die anderen verbinden sich"
                    " im selben WLAN mit ihm."
                ),
                role="muted",
                wrap=True,
            )
        )
        self.open_button = Button(self.tr("Diesen Laptop öffnen"), name="hall_open", kind="primary", icon="broadcast")
        self.open_button.clicked.connect(lambda: self._link.open(self._workshop))
        column.addWidget(self.open_button)
        self.open_button.setVisible(bool(self._workshop))
        if self._workshop:
            column.addWidget(Rule())
        column.addWidget(Label(self.tr("Mit einem geöffneten Laptop verbinden"), weight=theme.MEDIUM, wrap=True))
        self.address = LineEdit(
            name="hall_address", accessible=self.tr("Adresse des anderen Laptops"), placeholder="192.168.1.20",
            tabular=True,
        )  # fmt: skip
        self.code = LineEdit(
            name="hall_code", accessible=self.tr("Code, der dort steht"), placeholder="1234 5678", tabular=True
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (words, line) in enumerate(((self.tr("Adresse"), self.address), (self.tr("Code"), self.code))):
            label = Label(words, "small", role="muted")
            label.setBuddy(line)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
            line.returnPressed.connect(self._submit)
        column.addLayout(grid)
        self.problem = Label("", "small", role="danger", wrap=True)
        self.problem.setObjectName("hall_problem")
        self.problem.hide()
        column.addWidget(self.problem)
        self.join_button = Button(self.tr("Verbinden"), name="hall_join", icon="share-network")
        self.join_button.clicked.connect(self._submit)
        column.addWidget(self.join_button)
        self._column.addWidget(self._alone)

    def _make_linked(self) -> None:
        self._linked = QWidget()
        column = _column(self._linked)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._icon = IconMark("broadcast")
        self.state = Label("", weight=theme.MEDIUM, wrap=True)
        self.state.setObjectName("hall_state")
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.state, 1)
        column.addLayout(head)
        self._door = QWidget()
        grid = QGridLayout(self._door)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self.where = Label("", "title", theme.STRONG, tabular=True)
        self.where.setObjectName("hall_where")
        self.shown_code = Label("", "title", theme.STRONG, tabular=True)
        self.shown_code.setObjectName("hall_shown_code")
        for row, (words, label) in enumerate(((self.tr("Adresse"), self.where), (self.tr("Code"), self.shown_code))):
            grid.addWidget(Label(words, "small", role="muted"), row, 0)
            grid.addWidget(label, row, 1)
        column.addWidget(self._door)
        column.addWidget(Rule())
        self.people = Label("", wrap=True)
        self.people.setObjectName("hall_people")
        self.truth = Label("", "small", role="muted", wrap=True)
        self.truth.setObjectName("hall_truth")
        self.files = Label("", "small", role="muted", wrap=True, tabular=True)
        self.files.setObjectName("hall_files")
        column.addWidget(self.people)
        column.addWidget(self.files)
        column.addWidget(self.truth)
        self.end_button = Button(self.tr("Schließen"), name="hall_end", icon="x")
        self.end_button.clicked.connect(self._link.end)
        column.addWidget(self.end_button)
        self._column.addWidget(self._linked)

    # -- showing ---------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """How it stands now."""
        self._link.look()
        part = self._link.part
        is_linked = part in (Part.HUB, Part.GUEST)
        if is_linked:
            self._show_linked(part is Part.HUB)
        # Whoever loses the keyboard closes the card: it goes on within before anything is hidden or locked.
        shown, hidden = (self._linked, self._alone) if is_linked else (self._alone, self._linked)
        shown.show()
        inside = self.focusWidget()
        if inside is not None and hidden.isAncestorOf(inside):  # type: ignore[redundant-expr]
            (self.end_button if is_linked else self.address).setFocus(Qt.FocusReason.OtherFocusReason)
        hidden.hide()
        for line in (self.address, self.code):
            line.setReadOnly(part is Part.BUSY)
        self.join_button.setText(self.tr("Einen Augenblick …") if part is Part.BUSY else self.tr("Verbinden"))
        self._fit()

    def _fit(self) -> None:
        """The card is as high as what it says."""
        self.updateGeometry()
        card = self.parentWidget()
        layout = card.layout() if card is not None else None
        if card is not None and layout is not None and card.isVisible():
            layout.activate()
            card.resize(card.width(), layout.totalHeightForWidth(card.width()))

    def showEvent(self, event: QShowEvent) -> None:
        """Once it is as wide as it will be, it knows how high it has to be."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _show_linked(self, is_hub: bool) -> None:
        self._door.setVisible(is_hub)
        self.where.setText("\n".join(self._link.addresses) or self.tr("kein Netz gefunden"))
        self.shown_code.setText(self._link.code)
        if is_hub:
            self.state.setText(self.tr("Geöffnet. Am anderen Laptop „Im Saal verbinden“ wählen und eintippen:"))
        elif self._link.is_away:
            self.state.setText(
                self.tr("Die Verbindung ist unterbrochen; es wird weiter versucht. Alles ist hier gespeichert.")
            )
        else:
            self.state.setText(self.tr("Verbunden. Was hier und dort geschrieben wird, steht gleich auf beiden."))
        self._icon.set_icon(
            "wifi-slash" if self._link.is_away else "broadcast", "warning" if self._link.is_away else "ok"
        )
        present = self._link.present
        self.people.setText("\n".join([people_words(present), *program_words(present)]))
        told = file_words(*self._link.files())
        self.files.setText("\n".join(told))
        self.files.setVisible(bool(told))
        self.truth.setText("\n".join(truth_words(hall_standing(self._workspace.reader))))
        self.end_button.setText(self.tr("Schließen") if is_hub else self.tr("Trennen"))
        self.end_button.setAccessibleName(self.end_button.text())

    # -- joining ---------------------------------------------------------------------------------

    @Slot()
    def _submit(self) -> None:
        if self._link.part is not Part.ALONE:
            return
        digits = typed_code(self.code.text())
        if not self.address.text().strip():
            self._say(self.tr("Bitte tippen Sie die Adresse ein, die der andere Laptop anzeigt."), self.address)
        elif len(digits) != DIGITS:
            self._say(self.tr("Der Code hat acht Ziffern; er steht am anderen Laptop."), self.code)
        else:
            self._say("")
            self._link.join(self.address.text(), digits)

    def _say(self, sentence: str, line: LineEdit | None = None) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        for each in (self.address, self.code):
            each.set_error(sentence if each is line else "")
        if line is not None:
            line.setFocus()

    @Slot(object)
    def _complain(self, failure: object) -> None:
        assert isinstance(failure, Failure)
        sentence = " ".join(labels.error_text(failure.code, plain(failure)))
        line = self.code if failure.code.startswith("hall_code") else None
        self._say(sentence, self.address if failure.code in ("hall_away", "hall_address") else line)


def open_card(workspace: Workspace, link: HallLink, workshop: EntityId, anchor: QWidget) -> None:
    """Opens a card with the sheet beside what was pressed."""
    told = QCoreApplication.translate("HallSheet", "Im Saal verbinden")
    card = Popover(anchor.window(), name="hall_card", accessible=told, title=told, padding=16)
    card.set_body(HallSheet(workspace, link, workshop))
    card.open_at(anchor, width=min(theme.px(_WIDTH), _WIDEST))


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    return column
