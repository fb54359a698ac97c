"""The one link of this profile to the hall: as hub or as guest, kept while people walk through the program."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from app.domain.ids import EntityId
from app.errors import HallRefused, MasswerkError
from app.services.workspace import Workspace
from app.sync.hall.files import Left
from app.sync.hall.guest import Address, GuestLink, Linked, enter
from app.sync.hall.hub import Hub
from app.sync.hall.pairing import told_code
from app.sync.hall.serving import PORT, HubServer
from app.sync.hall.wire import Person
from app.ui.sync_worker import Failure

_FIRST_ROUNDS = 500


class Part(Enum):
    """What this laptop is in the hall."""

    ALONE = "alone"
    BUSY = "busy"
    HUB = "hub"
    GUEST = "guest"


class HallLink(QObject):
    """`changed` tells that something is to be shown anew, `refused` why it did not work, `joined` which workshop."""

    changed = Signal()
    refused = Signal(object)
    joined = Signal(str)
    _done = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.listen_at: tuple[str, int] = ("", PORT)
        """Address ("" for all of this computer's) and port at which a hub listens."""
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._server: HubServer | None = None
        self._guest: GuestLink | None = None
        self._is_busy = False
        self._done.connect(self._on_done)

    # -- what to show ----------------------------------------------------------------------------

    @property
    def part(self) -> Part:
        """What this laptop is at the moment."""
        if self._is_busy:
            return Part.BUSY
        return Part.HUB if self._server else Part.GUEST if self._guest else Part.ALONE

    @property
    def workshop(self) -> EntityId:
        """The workshop that is open, "" for none."""
        link = self._server.hub if self._server else self._guest
        return link.workshop if link else ""

    @property
    def code(self) -> str:
        """What the others have to type, in two groups."""
        return told_code(self._server.hub.code) if self._server else ""

    @property
    def addresses(self) -> list[str]:
        """Where the others find this laptop."""
        if self._server is None:
            return []
        behind = "" if self._server.port == PORT else f":{self._server.port}"
        host, _ = self.listen_at
        return [f"{address}{behind}" for address in ([host] if host else local_addresses())]

    @property
    def present(self) -> list[Person]:
        """The others."""
        if self._server is not None:
            return self._server.hub.present()
        if self._guest is not None:
            me = self._guest.desk.own.shown.signing
            return [person for person in self._guest.present if person.signing != me]
        return []

    @property
    def is_away(self) -> bool:
        """Whether a guest has lost its hub for the moment."""
        return self._guest is not None and self._guest.state is Linked.AWAY

    def files(self) -> tuple[Left, Left]:
        """(what of the workshop's files is missing here, what a guest still hands to its hub)."""
        link = self._server.hub if self._server else self._guest
        sending = self._guest.sending if self._guest is not None else Left()
        return (link.desk.files.missing() if link else Left()), sending

    # -- what to do ------------------------------------------------------------------------------

    def open(self, workshop: EntityId) -> None:
        """Opens a workshop of this laptop to the hall."""
        self._begin(lambda: self._open(workshop))

    def join(self, address: str, code: str) -> None:
        """Connects to a laptop that has opened one."""
        self._begin(lambda: self._join(address, code))

    def end(self) -> None:
        """Closes, or leaves; what the others lack is handed over before."""
        server, guest = self._server, self._guest
        if server is None and guest is None:
            return
        self._server = self._guest = None

        def ending() -> None:
            if server is not None:
                server.close()
            if guest is not None:
                guest.leave()
            self._done.emit(None)

        self._is_busy = True
        self.changed.emit()
        self._pool.start(ending)

    def close(self) -> None:
        """The program ends: waits until the others have what they lack, a few seconds at most."""
        self.end()
        self._pool.waitForDone()
        for link in (self._server, self._guest):
            if isinstance(link, HubServer):
                link.close()
            elif link is not None:
                link.leave()
        self._server = self._guest = None

    # -- inside ----------------------------------------------------------------------------------

    def _begin(self, what: Callable[[], HubServer | GuestLink]) -> None:
        if self.part is not Part.ALONE:
            return
        self._is_busy = True
        self.changed.emit()

        def run() -> None:
            try:
                self._done.emit(what())
            except MasswerkError as error:
                self._done.emit(Failure(error.code, dict(error.params)))

        self._pool.start(run)

    def _open(self, workshop: EntityId) -> HubServer:
        server = HubServer(Hub(self._workspace.store, workshop, self.changed.emit))
        try:
            server.open(*self.listen_at)
        except MasswerkError:
            server.hub.close()
            raise
        return server

    def _join(self, address: str, code: str) -> GuestLink:
        store = self._workspace.store
        link = GuestLink(store, enter(store, Address.of(address, PORT), code), self.changed.emit)
        try:
            for _ in range(_FIRST_ROUNDS):
                if not link.exchange():
                    break
        except OSError as error:
            link.leave()
            raise HallRefused("hall_away") from error
        except MasswerkError:
            link.leave()
            raise
        link.start()
        return link

    def _on_done(self, came: object) -> None:
        self._is_busy = False
        if isinstance(came, HubServer):
            self._server = came
        elif isinstance(came, GuestLink):
            self._guest = came
            self.joined.emit(came.workshop)
        elif isinstance(came, Failure):
            self.refused.emit(came)
        self.changed.emit()

    def look(self) -> None:
        """A guest that was sent away is alone again, and says why."""
        if self._guest is not None and self._guest.state is Linked.ENDED and not self._is_busy:
            reason = self._guest.reason or "hall_again"
            self.end()
            self.refused.emit(Failure(reason, {}))


def local_addresses() -> list[str]:
    """This computer's addresses in local networks, the likeliest first."""
    found: list[str] = []
    flags = QNetworkInterface.InterfaceFlag
    for interface in QNetworkInterface.allInterfaces():
        state = interface.flags()
        if not (state & flags.IsUp and state & flags.IsRunning) or state & flags.IsLoopBack:
            continue
        found += [
            entry.ip().toString()
            for entry in interface.addressEntries()
            if entry.ip().protocol() == QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
        ]
    return sorted(found, key=lambda address: (not address.startswith("192.168."), address))[:3]
