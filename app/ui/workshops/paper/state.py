"""The minutes being looked at: put together and set beside the window, anew whenever something changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible

from app import resources
from app.domain.catalogue import MinutesState
from app.domain.ids import EntityId
from app.errors import MasswerkError
from app.models.queries import evenings
from app.models.queries.evenings import Evening
from app.models.queries.reader import Reader
from app.models.queries.records import Record, get_record
from app.models.queries.releases import Release, releases
from app.reports.document import Document, Paragraph, Piece, beginning, decode, encode, pieces
from app.reports.pdf import Place, Press
from app.services import minutes
from app.ui import labels, theme
from app.ui.beside import Beside
from app.ui.bus import Bus
from app.ui.wording import papers as words
from app.ui.workshops import moments
from app.ui.workshops.paper.assembly import assemble
from app.ui.workshops.paper.letter import write_letter
from app.ui.workshops.session import Session

_LATER_MS = 400
_KINDS = frozenset(
    {
        "workshop", "station", "agenda_item", "group_count", "contribution", "task", "cluster", "vote_round",
        "vote_result", "minutes", "measure", "released_minutes",
    }
)  # fmt: skip
"""What the minutes are put together from."""

_MOST_LINES = 1500
"""So many are shown before they are printed, some forty pages: all of ten thousand cards would take long."""

WORKING, LETTER = "working", "letter"
"""What is being worked on, or the letter to those who came, in the place of the id of a release."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a workshop at one moment.

    Attributes:
        state: `MinutesState` code.
        working: as they read now.
        releases: the newest first.
        moved_on: they read otherwise than the newest release.
        shown: the id of the release that is shown, `WORKING` or `LETTER`.
        document: what is shown; None for a release this version cannot read.
        elsewhere: there are releases whose paper stays with the owners (docs/adr/0028).
    """

    evening: Evening
    state: str
    working: Document
    releases: tuple[Release, ...]
    moved_on: bool
    shown: str
    document: Document | None
    elsewhere: bool = False

    @property
    def next_number(self) -> int:
        """The number of the next release."""
        return 1 + max((one.number for one in self.releases), default=0)


@dataclass(frozen=True, slots=True)
class Pages:
    """Minutes with their pages as PNG, and what stands on them piece by piece.

    Attributes:
        places: where each piece begins, none while nobody hears them.
    """

    minutes: Minutes
    pages: tuple[bytes, ...] = ()
    pieces: tuple[Piece, ...] = ()
    places: tuple[Place, ...] = ()


def read_minutes(reader: Reader, workshop: EntityId, wanted: str = "") -> Minutes | None:
    """Put together what stands on the paper.

    Args:
        wanted: the id of a release, `WORKING`, `LETTER`, or "" for whichever counts: what was released, while nothing
            else is being prepared.
    """
    evening = evenings.evening(reader, workshop)
    if evening is None:
        return None
    every = releases(reader, workshop)
    given = tuple(one for one in every if one.content)
    state = evening.head.text("minutes_state") or MinutesState.DRAFT.value
    working = assemble(evening, labels.label_of(MinutesState, state))
    newest = _decoded(given[0]) if given else None
    moved_on = newest is not None and replace(newest, standing="") != replace(working, standing="")
    if state == MinutesState.RELEASED.value and every:
        after = words.AFTER if given else words.ELSEWHERE
        working = replace(working, standing=after.format(every[0].number))
    if wanted == LETTER:
        return Minutes(
            evening, state, working, given, moved_on, LETTER, write_letter(evening, _measures(reader, evening))
        )
    chosen = next((one for one in given if one.id == wanted), None)
    if chosen is None and not wanted and given and state == MinutesState.RELEASED.value:
        chosen = given[0]
    document = working if chosen is None else _decoded(chosen)
    shown, elsewhere = chosen.id if chosen else WORKING, len(given) < len(every)
    return Minutes(evening, state, working, given, moved_on, shown, document, elsewhere)


def _measures(reader: Reader, evening: Evening) -> dict[EntityId, Record]:
    found = (get_record(reader, "measure", one.measure) for one in evening.outcomes if one.here)
    return {record.id: record for record in found if record is not None}


def _decoded(release: Release) -> Document | None:
    try:
        return decode(release.content)
    except ValueError:
        return None


def standing_of_release(number: int, released_at: str) -> str:
    """ "Freigabe 2 vom 26.11.2026", for the foot of its pages."""
    at = moments.read_instant(released_at)
    return words.RELEASE.format(number) + (f" vom {at.astimezone():%d.%m.%Y}" if at else "")


def press() -> Press:
    """Template and fonts of this program."""
    font = theme.inter_file()
    return Press(resources.path("reports", "paper.typ"), (font.parent,) if font else ())


class PaperState(QObject):
    """Holds the minutes while somebody looks at them; `changed` when there are others."""

    changed = Signal()
    failed = Signal(str)
    """A deed was refused: one German sentence with its remedy."""
    told = Signal(str)
    """What was done, to be said."""

    def __init__(self, session: Session, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.press = press()
        self.minutes: Minutes | None = None
        self.pages: tuple[bytes, ...] = ()
        self.pieces: tuple[Piece, ...] = ()
        self.places: tuple[Place, ...] = ()
        self._wanted = ""
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

    # -- reading ---------------------------------------------------------------------------------

    def watch(self, on: bool, per_inch: float = 0.0) -> None:
        """Somebody looks, at pages of this sharpness; nothing is set for nobody."""
        self._watched = on
        if on:
            self._per_inch = per_inch
            self.refresh()
        else:
            self._later.stop()

    def choose(self, shown: str) -> None:
        """Look at a release, at what is being worked on (`WORKING`), or at the letter (`LETTER`)."""
        self._wanted = shown
        self.refresh()

    @Slot(object)
    def _on_applied(self, keys: object) -> None:
        assert isinstance(keys, frozenset)
        if self._watched and any(kind in _KINDS for kind, _ in keys):
            self._later.start()

    @Slot()
    def refresh(self) -> None:
        """Put together and set anew."""
        reader, workshop, wanted = self.session.workspace.reader, self.session.workshop, self._wanted
        setter, per_inch, is_heard = self.press, self._per_inch, QAccessible.isActive()

        def work() -> Pages | None:
            found = read_minutes(reader, workshop, wanted)
            if found is None:
                return None
            document = found.document
            if document is None:
                return Pages(found)
            part = beginning(document, _MOST_LINES)
            if part is not document:
                part = replace(part, blocks=(*part.blocks, Paragraph(words.PREVIEW_ENDS, quiet=True)))
            places = setter.find_places(part) if is_heard else ()
            return Pages(found, tuple(setter.draw_pages(part, per_inch)), tuple(pieces(part)), tuple(places))

        self._beside.ask(work)

    @Slot(object)
    def _on_answered(self, answer: object) -> None:
        if isinstance(answer, Pages):
            self.minutes, self.pages = answer.minutes, answer.pages
            self.pieces, self.places = answer.pieces, answer.places
            self.changed.emit()

    def wait(self) -> None:
        """Until what was asked for is worked out; it is shown when events are next processed."""
        self._beside.wait()

    def finish(self) -> None:
        """Nothing reads from the profile any more."""
        self._later.stop()
        self._beside.finish()

    # -- deeds -----------------------------------------------------------------------------------

    def set_state(self, state: MinutesState) -> bool:
        """Takes the minutes on, or back."""
        self._wanted = ""
        return self._attempt(lambda: minutes.set_state(self.session.workspace.store, self.session.workshop, state))

    def release(self) -> bool:
        """Keeps the minutes for ever as they read on this disk now, not as they were last drawn."""
        store, workshop = self.session.workspace.store, self.session.workshop

        def deed() -> None:
            found = read_minutes(self.session.workspace.reader, workshop)
            if found is None:
                return
            number = found.next_number
            standing = standing_of_release(number, moments.now().isoformat())
            minutes.release(store, workshop, number, encode(replace(found.working, standing=standing)))
            self.told.emit(words.RELEASED.format(number))

        self._wanted = ""
        return self._attempt(deed)

    def _attempt(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except MasswerkError as error:
            self.failed.emit(" ".join(labels.error_words(error)))
            return False
        return True
