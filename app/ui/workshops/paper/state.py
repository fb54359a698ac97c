"""The minutes being looked at: put together and set beside the window, anew whenever something changes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app import resources
from app.models.queries import evenings
from app.models.queries.evenings import Evening
from app.reports.document import Document, plain
from app.reports.pdf import Press
from app.ui import labels, theme
from app.ui.beside import Beside
from app.ui.bus import Bus
from app.ui.workshops.paper.assembly import assemble
from app.ui.workshops.session import Session

_LATER_MS = 400
_KINDS = frozenset(
    {
        "workshop", "station", "agenda_item", "group_count", "contribution", "task", "cluster", "vote_round",
        "vote_result", "minutes", "measure",
    }
)  # fmt: skip
"""What the minutes are put together from."""


@dataclass(frozen=True, slots=True)
class Set:
    """Minutes as they stand: what they are made of, what they say, their pages as PNG, their words."""

    evening: Evening
    document: Document
    pages: tuple[bytes, ...]
    words: str


def press() -> Press:
    """Template and fonts of this program."""
    font = theme.inter_file()
    return Press(resources.path("reports", "paper.typ"), (font.parent,) if font else ())


class PaperState(QObject):
    """Holds the minutes while somebody looks at them; `changed` when there are others."""

    changed = Signal()

    def __init__(self, session: Session, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.press = press()
        self.shown: Set | None = None
        self._per_inch = 0.0
        self._watched = False
        self._beside = Beside(self)
        self._beside.answered.connect(self._on_answered)
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self.refresh)
        bus.applied.connect(self._on_applied)

    @property
    def may_edit(self) -> bool:
        """Whether this role may change the workshop."""
        return self.session.may_edit

    def watch(self, on: bool, per_inch: float = 0.0) -> None:
        """Somebody looks, at pages of this sharpness; nothing is set for nobody."""
        self._watched = on
        if on:
            self._per_inch = per_inch
            self.refresh()
        else:
            self._later.stop()

    @Slot(object)
    def _on_applied(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        if self._watched and any(kind in _KINDS for kind, _ in keys):
            self._later.start()

    @Slot()
    def refresh(self) -> None:
        """Put together and set anew."""
        reader, workshop = self.session.workspace.reader, self.session.workshop
        setter, per_inch = self.press, self._per_inch

        def work() -> Set | None:
            found = evenings.evening(reader, workshop)
            if found is None:
                return None
            document = assemble(found, labels.value_text("workshop", "minutes_state", state_of(found)))
            return Set(found, document, tuple(setter.draw_pages(document, per_inch)), plain(document))

        self._beside.ask(work)

    @Slot(object)
    def _on_answered(self, answer: object) -> None:
        if isinstance(answer, Set):
            self.shown = answer
            self.changed.emit()

    def finish(self) -> None:
        """Nothing reads from the profile any more."""
        self._later.stop()
        self._beside.finish()


def state_of(evening: Evening) -> str:
    """`MinutesState` code; minutes begin as a draft."""
    return evening.head.text("minutes_state") or "draft"
