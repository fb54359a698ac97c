"""How things stand with the agency, as the card at the top says it. No Qt: every state is a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from app.models.queries.hall import HallStanding
from app.models.queries.syncing import Standing
from app.sync.report import Progress, Stage
from app.ui import labels
from app.ui.attachments.words import size_words
from app.ui.hall_words import beside_words
from app.ui.sync import words
from app.ui.sync_worker import Failure, SyncState


class Way(Enum):
    """The one thing a person can do here."""

    NONE = ""
    STOP = "stop"
    RESUME = "resume"
    JOIN = "join"
    REJOIN = "rejoin"


@dataclass(frozen=True, slots=True)
class Stand:
    """What the card shows.

    Attributes:
        note: beside the title, muted.
        running: the bar and the stages are shown.
        done, total: own changes with a stored receipt, of those that waited at the beginning.
        stage: number of the stage at work, 0 to 3.
    """

    title: str
    note: str
    icon: str
    role: str
    detail: str = ""
    way: Way = Way.NONE
    running: bool = False
    done: int = 0
    total: int = 0
    stage: int = 0


STAGES = (Stage.CONNECT, Stage.PUSH, Stage.PULL, Stage.RECEIPT)
_CALM = frozenset({"agency_unreachable", "agency_timeout", "agency_busy"})
_NEEDS_CODE = frozenset({"token_revoked"})


def stand_of(
    standing: Standing, state: SyncState, failure: Failure | None, progress: Progress | None, files: int = 0
) -> Stand:
    """The state in words; `files` is how many attachments wait to be sent."""
    if not standing.joined:
        return Stand(
            "Nur auf diesem Gerät", "Alles ist hier gespeichert", "laptop", "muted",
            "Mit einem Einladungscode Ihrer Agentur gleichen Sie mit den anderen ab. Was Sie bis dahin"
            " geschrieben haben, kommt beim ersten Abgleich mit.",
            Way.JOIN,
        )  # fmt: skip
    if state is SyncState.SYNCING:
        return _running(standing, progress)
    if state is SyncState.PAUSED:
        return Stand(
            "Abgleich angehalten", "Sie können weiterarbeiten", "pause-circle", "warning",
            _waits(standing, "bis Sie fortsetzen"), Way.RESUME,
        )  # fmt: skip
    if state is SyncState.REFUSED and failure is not None:
        sentence, remedy = labels.error_text(failure.code, plain(failure))
        way = Way.REJOIN if failure.code in _NEEDS_CODE else Way.NONE
        return Stand(sentence.rstrip("."), "", "warning", "warning", remedy, way)
    if state is SyncState.OFFLINE:
        return _offline(standing, failure)
    return _quiet(standing, files, reached=state is SyncState.CONNECTED)


def with_hall(stand: Stand, hall: HallStanding) -> Stand:
    """Who else has what waits, and what is carried for others: told beside, as none of it is with the agency yet."""
    said = [] if stand.running else beside_words(hall)
    return replace(stand, detail=" ".join([stand.detail, *said]).strip()) if said else stand


def plain(failure: Failure) -> dict[str, str | int | float | bool | None]:
    return {k: v if isinstance(v, str | int | float) else str(v) for k, v in failure.params.items()}


def _waits(standing: Standing, until: str) -> str:
    if not standing.pending:
        return "Von hier wartet nichts."
    verb = "wartet" if standing.pending == 1 else "warten"
    return f"{labels.count(standing.pending, 'Änderung', 'Änderungen')} {verb} auf diesem Gerät, {until}."


def _running(standing: Standing, progress: Progress | None) -> Stand:
    told = progress or Progress(Stage.CONNECT)
    stage = STAGES.index(told.stage) if told.stage in STAGES else len(STAGES) - 1
    # Only what the store has a receipt for counts; what was typed meanwhile waits for the next time.
    done = max(0, told.waiting - standing.pending)
    parts = [f"{labels.number(done)} von {labels.number(told.waiting)} quittiert"] if told.waiting else []
    if told.received:
        parts.append(f"{labels.count(told.received, 'Eintrag', 'Einträge')} geholt")
    if told.bytes_total:
        parts = [f"Anhänge: {size_words(told.bytes_done)} von {size_words(told.bytes_total)}"]
    detail = " · ".join(parts) or "Von hier wartet nichts; Neues wird geholt."
    return Stand(
        "Abgleich läuft", "Sie können weiterarbeiten", "arrows-clockwise", "accent", detail,
        Way.STOP, True, done, told.waiting, stage,
    )  # fmt: skip


def _offline(standing: Standing, failure: Failure | None) -> Stand:
    code = failure.code if failure is not None else "agency_unreachable"
    waits = _waits(standing, "bis ein Netz da ist")
    if failure is None or code == "agency_unreachable":
        detail = f"{waits} Sobald die Agentur zu erreichen ist, wird von selbst abgeglichen."
        return Stand("Kein Netz, alles geht weiter", "", "wifi-slash", "muted", detail)
    sentence, remedy = labels.error_text(code, plain(failure))
    role = "muted" if code in _CALM else "warning"
    icon = "wifi-slash" if code in _CALM else "warning"
    return Stand(sentence.rstrip("."), "", icon, role, f"{remedy} {waits if code in _CALM else ''}".strip())


def _quiet(standing: Standing, files: int, *, reached: bool) -> Stand:
    last = words.when(standing.synced_at) if standing.synced_at else ""
    told = f"letzter Abgleich {last}" if last else "noch nie abgeglichen"
    if standing.receipt is not None:
        told += f", Quittung\u00a0{standing.receipt}"
    if standing.pending:
        detail = "Der nächste Abgleich geschieht von selbst."
        title = labels.count(standing.pending, "Änderung", "Änderungen")
        verb = "wartet" if standing.pending == 1 else "warten"
        return Stand(f"{title} {verb}", told, "cloud-arrow-up", "info", detail)
    if files:
        detail = "Die Einträge sind übertragen; die Dateien folgen von selbst, auch nach einer Unterbrechung."
        verb = "wartet" if files == 1 else "warten"
        return Stand(f"{labels.count(files, 'Anhang', 'Anhänge')} {verb}", told, "cloud-arrow-up", "info", detail)
    detail = f"Verbunden mit {standing.agency_name}." if standing.agency_name else "Verbunden."
    if not reached:  # a program that has just begun has not asked yet
        detail = "Ob die Agentur gerade zu erreichen ist, zeigt der nächste Abgleich."
    icon, role = ("check-circle", "ok") if standing.synced_at else ("cloud-check", "muted")
    return Stand(
        "Alles übertragen",
        told,
        icon,
        role,
        f"{detail} Neues wird von selbst geholt.",
    )
