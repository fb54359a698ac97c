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
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an exchange is.

    Attributes:
        sent: changes whose outcome the agency has told.
        waiting: own changes that were waiting at the beginning.
        received: records taken so far.
    """

    stage: Stage
    sent: int = 0
    waiting: int = 0
    received: int = 0


@dataclass(slots=True)
class Report:
    """What one exchange did, counted from what is on disk.

    Attributes:
        confirmed: own changes now covered by a stored receipt.
        quarantined: own changes that wait at the agency.
        new, changed, gone: records that came, changed, left.
        questions: questions opened by what came.
        forked: replicas whose numbers the agency knows with other content.
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
    cancelled: bool = False
    rounds: int = 0
    garbled: list[Key] = field(default_factory=list)


ProgressListener = Callable[[Progress], None]
