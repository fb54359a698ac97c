"""Asking the agency for its office, beside the window's thread: the network may take its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

from app.errors import MasswerkError
from app.models.queries.oversight import PlaceFigures, place_figures
from app.services.workspace import Workspace
from app.sync.office import Office, reach_office
from app.sync.office_wire import DecideRequest, InviteRequest, LeadRequest, OfficeReply, RevokeRequest
from app.ui.sync_worker import Failure

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Situation:
    """What this desk knows by itself, and what the agency has told; None where it could not be asked."""

    figures: dict[str, PlaceFigures]
    office: OfficeReply | None
    failure: Failure | None = None


class Asking(QObject):
    """One request at a time, in the order asked. Every answer but `refused` is followed by a new `told`."""

    told = Signal(object)
    invited = Signal(str)
    done = Signal(str)
    refused = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        reach: Callable[[Workspace], Office | None] = lambda workspace: reach_office(workspace.store),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._reach = workspace, reach
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def refresh(self) -> None:
        """How things stand."""
        self._pool.start(self._look)

    def invite(self, request: InviteRequest) -> None:
        """A new code; `invited` carries it."""
        self._pool.start(lambda: self._do(lambda office: office.invite(request).code, self.invited.emit))

    def revoke(self, request: RevokeRequest, sentence: str) -> None:
        """Sign off or withdraw; `done` carries the sentence."""
        self._pool.start(lambda: self._do(lambda office: office.revoke(request), lambda _: self.done.emit(sentence)))

    def lead(self, requests: list[LeadRequest], sentence: str) -> None:
        """Give workshops to lead, or withdraw them; `done` carries the sentence."""
        self._pool.start(
            lambda: self._do(
                lambda office: [office.lead(request) for request in requests], lambda _: self.done.emit(sentence)
            )
        )

    def decide(self, requests: list[DecideRequest], sentence: str) -> None:
        """Decide on handovers; `done` carries the sentence."""
        self._pool.start(
            lambda: self._do(
                lambda office: [office.decide(request) for request in requests], lambda _: self.done.emit(sentence)
            )
        )

    def close(self) -> None:
        """Waits for what is under way, and begins nothing more."""
        self._pool.clear()
        self._pool.waitForDone()

    def _look(self) -> None:
        office: OfficeReply | None = None
        failure: Failure | None = None
        try:
            office = self._with_office(lambda found: found.overview())
        except MasswerkError as error:
            failure = Failure(error.code, dict(error.params))
        figures = place_figures(self._workspace.reader, time.time_ns() // 1_000_000)
        self.told.emit(Situation(figures, office, failure))

    def _do(self, what: Callable[[Office], _R], tell: Callable[[_R], object]) -> None:
        try:
            answer = self._with_office(what)
        except MasswerkError as error:
            self.refused.emit(Failure(error.code, dict(error.params)))
            return
        if answer is not None:
            tell(answer)
        self._look()

    def _with_office(self, what: Callable[[Office], _R]) -> _R | None:
        office = self._reach(self._workspace)
        if office is None:
            return None
        try:
            return what(office)
        finally:
            closing = getattr(office, "close", None)
            if closing is not None:
                closing()
