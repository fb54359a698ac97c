"""What a person sees of a sync: where it is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.draft import Key


class Stage(StrEnum):
    """Steps of one exchange, in order."""

    CONNECT = "connect"
    PUSH = "push"
    PULL = "pull"
    RECEIPT = "receipt"
    FILES = "files"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an exchange is.

    Attributes:
        sent: changes whose outcome the agency has told.
        waiting: own changes that were waiting at the beginning.
        received: records taken so far.
        expected: records that a first reading brings in all; 0 where nobody can say.
        bytes_done, bytes_total: of attachments, while those are under way.
    """

    stage: Stage
    sent: int = 0
    waiting: int = 0
    received: int = 0
    expected: int = 0
    bytes_done: int = 0
    bytes_total: int = 0


@dataclass(slots=True)
class FileReport:
    """What became of attachments' bytes after the records.

    Attributes:
        sent: originals the agency has confirmed as a whole.
        fetched: files that came as a whole.
        failed: files to be tried again later; why stands with each of them.
        trouble: code of what ended the turn early, "" if nothing did.
        more: the turn ended for the records' sake; go on soon.
    """

    sent: int = 0
    fetched: int = 0
    failed: int = 0
    trouble: str = ""
    more: bool = False


@dataclass(slots=True)
class Report:
    """What one exchange did, counted from what is on disk.

    Attributes:
        confirmed: own changes now covered by a stored receipt.
        quarantined: own changes that wait at the agency.
        new, changed, gone: records that came, changed, left.
        questions: questions opened by what came.
        forked: replicas whose numbers the agency knows with other content.
        differed: records found to differ from the agency's in a comparison; all were looked at.
        healed: records a restored agency took back from here.
        aside: records it did not take; they lie there for a person to look at.
        swept: records that left because the agency does not show them to this device.
        differing: scopes still differing after all that.
        cancelled: stopped by the person; what was done stays done.
    """

    confirmed: int = 0
    quarantined: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    questions: int = 0
    receipts: list[int] = field(default_factory=list)
    forked: list[int] = field(default_factory=list)
    resent: int = 0
    differed: int = 0
    healed: int = 0
    aside: int = 0
    swept: int = 0
    differing: list[str] = field(default_factory=list)
    cancelled: bool = False
    rounds: int = 0
    garbled: list[Key] = field(default_factory=list)
    files: FileReport = field(default_factory=FileReport)


ProgressListener = Callable[[Progress], None]
