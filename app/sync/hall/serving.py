"""The hub on the local network: the standard library's server, TLS only, bounded in every direction."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from app.errors import AgencyGarbled, HallRefused, MasswerkError
from app.sync.hall.hub import Hub
from app.sync.hall.wire import (
    FILES,
    PARTS,
    PIECES,
    PROGRAM,
    RECEIPTS,
    Enter,
    FilesRequest,
    HallRequest,
    Knock,
    LetterReply,
    LetterRequest,
    PartRequest,
    PieceRequest,
    Program,
    Prove,
    ReceiptsRequest,
    Refusal,
)
from app.sync.wire import ENCODING, MEDIA_TYPE, decode_body, encode_body

PORT = 8475
"""Tried first, so that people type the same number every evening."""
IDLE_SECONDS, STRANGER_SECONDS = 60.0, 10.0
"""How long a connection may say nothing, of a guest and of anybody else."""
MAX_CONNECTIONS = 48
MAX_BODY = 12 * 1024 * 1024
MAX_STRANGER = 64 * 1024
"""Bytes from somebody who was not let in."""
_M = TypeVar("_M", bound=BaseModel)


class Read(Protocol):
    """Reads the question, of at most `limit` bytes."""

    def __call__(self, model: type[_M], limit: int) -> _M:
        """Raises AgencyGarbled: it is none of these."""
        ...


def answer(hub: Hub, path: str, session: str, read: Read) -> BaseModel:
    """The hub's answer to one question, whatever line it came over.

    Raises:
        HallRefused: what the hub says. AgencyGarbled: there is no such question.
    """
    if path == "/hall/knock":
        return hub.knock(read(Knock, MAX_STRANGER))
    if path == "/hall/prove":
        return hub.prove(read(Prove, MAX_STRANGER))
    if path == "/hall/enter":
        return hub.enter(read(Enter, MAX_STRANGER))
    guest = hub.guest(session)
    if path == "/hall/exchange":
        return hub.exchange(guest, read(HallRequest, MAX_BODY))
    if path == "/hall/letter":
        return hub.letter(read(LetterRequest, MAX_BODY))
    if path == RECEIPTS:
        return hub.receipts(read(ReceiptsRequest, MAX_BODY))
    if path == PROGRAM:
        return hub.program(guest, read(Program, MAX_STRANGER))
    if path == PARTS:
        return hub.part(read(PartRequest, MAX_BODY))
    if path == FILES:
        return hub.desk.files.standing(read(FilesRequest, MAX_BODY))
    if path == PIECES:
        return hub.desk.files.piece(read(PieceRequest, MAX_BODY))
    if path == "/hall/leave":
        read(Knock, MAX_STRANGER)
        hub.leave(session)
        return LetterReply()
    raise AgencyGarbled(reason="route")


class HubServer:
    """Lets the hall reach a hub, from `open` to `close`."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.port = 0
        self._server: _Server | None = None

    def open(self, host: str = "", port: int = PORT) -> None:
        """Listens, on all of this computer's addresses if none is named; at another port if this one is taken.

        Raises:
            HallRefused: code "hall_no_port".
        """
        try:
            self._server = _listening(self.hub, host, port)
        except OSError as error:
            raise HallRefused("hall_no_port") from error
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="hall", daemon=True).start()

    def close(self) -> None:
        """Hangs up, and closes the hub."""
        if self._server is not None:
            self._server.shutdown()
            self._server.hang_up()
            self._server.server_close()
            self._server = None
        self.hub.close()


def _listening(hub: Hub, host: str, port: int) -> _Server:
    try:
        return _Server(hub, (host, port))
    except OSError:
        if port == 0:
            raise
        return _Server(hub, (host, 0))


class _Server(ThreadingHTTPServer):
    """Listens for one hub; each connection is a thread, and shakes hands there."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name != "nt"
    request_queue_size = 16

    def __init__(self, hub: Hub, address: tuple[str, int]) -> None:
        self.hub = hub
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Conversation)

    def get_request(self) -> tuple[socket.socket, Any]:
        plain, address = self.socket.accept()
        plain.settimeout(STRANGER_SECONDS)
        line = self.hub.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        return line, address

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            is_full = len(self._open) >= MAX_CONNECTIONS
            if not is_full:
                self._open.add(request)
        if is_full:
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.do_handshake()
        super().finish_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        with contextlib.suppress(OSError):
            socket.socket.shutdown(request, socket.SHUT_RDWR)
        self.close_request(request)

    def hang_up(self) -> None:
        """Breaks all connections."""
        with self._lock:
            lines = list(self._open)
        for line in lines:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke, or whoever spoke no TLS: nothing to be told."""


class _Conversation(BaseHTTPRequestHandler):
    """One connection: messages in, messages out."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Paths and addresses are nobody's business."""

    def do_POST(self) -> None:
        hub = self.server.hub
        try:
            message = self._answer(hub)
        except AgencyGarbled:
            self._reply(400, Refusal(code="hall_refused"))
        except MasswerkError as error:
            code = error.code if isinstance(error, HallRefused) else "hall_refused"
            self._reply(403, Refusal(code=code))
        else:
            self._reply(200, message)

    def _answer(self, hub: Hub) -> BaseModel:
        session = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return answer(hub, self.path, session, self._read)

    def _read(self, model: type[_M], limit: int) -> _M:
        told = self.headers.get("Content-Length", "")
        if not told.isdigit() or int(told) > limit:
            raise AgencyGarbled(reason="length")
        if limit > MAX_STRANGER:
            self.connection.settimeout(IDLE_SECONDS)  # one of ours
        body = self.rfile.read(int(told))
        if len(body) < int(told):
            raise AgencyGarbled(reason="cut")
        return decode_body(model, body, self.headers.get("Content-Encoding", ""))

    def _reply(self, status: int, message: BaseModel) -> None:
        body, encoding = encode_body(message)
        self.send_response(status)
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", ENCODING)
        if status != 200:
            self.send_header("Connection", "close")  # what was not read of the question is not the next one
        self.end_headers()
        self.wfile.write(body)
