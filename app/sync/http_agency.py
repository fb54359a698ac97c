"""The agency over HTTPS: one session, TLS always verified against the system's store, bodies in zstd."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote, urlsplit

import requests
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import ReadTimeoutError

from app.errors import (
    AgencyBusy,
    AgencyError,
    AgencyGarbled,
    AgencyRefused,
    AgencyUnreachable,
    InvitationInvalid,
    MasswerkError,
    ProtocolTooOld,
    ReplicaFork,
    RequestTooLarge,
    TokenRevoked,
    WrongAgency,
)
from app.models.way import Way
from app.sync.adapter import Adapter, go_by
from app.sync.audit_wire import DigestReply, DigestRequest, HealReply, HealRequest, RecordsReply, RecordsRequest
from app.sync.carry_wire import CarryReply, CarryRequest
from app.sync.signed import Signed
from app.sync.sockets import Lines
from app.sync.wire import (
    ENCODING,
    MAX_BODY,
    MEDIA_TYPE,
    PIECE_TYPE,
    PROTOCOL,
    About,
    EnrolReply,
    EnrolRequest,
    HistoryReply,
    Message,
    Problem,
    SnapshotReply,
    SyncReply,
    SyncRequest,
    TokenReply,
    WaitReply,
    WaitRequest,
    decode_body,
    encode_body,
)

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
"""Seconds. A time-out is not success: what was sent counts as not received."""

_PART = 262_144
_BLOCK = 64 * 1024
_M = TypeVar("_M", bound=Message)
_NO_SUCH_ROUTE = (404, 405, 501)
SYSTEMS_WAY = Way()
_REFUSED_BY_PROXY = re.compile(r"Tunnel connection failed: 4\d\d")
_WITHOUT_TOKEN: Mapping[str, str | None] = {"Authorization": None}
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class HttpAgency:
    """One agency at `url`, with one device's token ("" before enrolment), reached through the proxy that `way` names.

    With the id of the `agency` that the token belongs to, whoever answers has to name itself on a new line before
    it is shown the token, whatever is asked of it (ADR 0017).

    Raises:
        WrongAgency: from the constructor, if the address is neither https nor this computer; from every question
            that carries the token, if another agency answers.
    """

    def __init__(  # nosec B107: no token yet is no secret
        self,
        url: str,
        token: str = "",
        connect: float = CONNECT_TIMEOUT,
        read: float = READ_TIMEOUT,
        way: Way = SYSTEMS_WAY,
        agency: str = "",
    ) -> None:
        self._url = url.strip().rstrip("/")
        parts = urlsplit(self._url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise WrongAgency(expected="https", found=parts.scheme or "?")
        self._token, self._timeout, self._way, self._owner = token, (connect, read), way, agency
        self._session = requests.Session()
        self._session.headers.update({"Accept-Encoding": ENCODING, "X-Protocol": PROTOCOL})
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        if parts.hostname in _LOCAL:
            self._session.trust_env = False  # a proxy has no business between us and this computer
        else:
            go_by(way, self._session)
        self._lines = Lines()
        self._named = ("", 0)
        adapter = Adapter(self._lines)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter)

    def close(self) -> None:
        """Gives the connections back."""
        self._session.close()

    def abort(self) -> None:
        """Ends a request under way with `AgencyUnreachable`, from any thread; none follows."""
        self._lines.cut()

    @property
    def is_cut(self) -> bool:
        """Whether a request was broken off here, so that none can follow."""
        return self._lines.are_cut

    def acquaintance(self) -> str:
        """The agency that named itself on the one line still open; "" if it was closed or another was made."""
        name, line = self._named
        return name if name and line == self._lines.made and self._lines.is_open else ""

    def recognise(self) -> None:
        """Whoever answers names itself, unless it has on the line that is open.

        Raises:
            WrongAgency: it is another one; it has not seen the token.
        """
        if self.acquaintance() != self._owner:
            found = self.about().agency
            if found != self._owner:
                raise WrongAgency(expected=self._owner, found=found)

    def about(self) -> About:
        told = self._exchange("GET", "/v1/about", None, _WITHOUT_TOKEN, About)
        self._named = (told.agency, self._lines.made)
        return told

    def enrol(self, request: EnrolRequest) -> EnrolReply:
        return self._post("/v1/enrol", request, EnrolReply)

    def sync(self, request: SyncRequest) -> SyncReply:
        reply = self._post("/v1/sync", request, SyncReply)
        self._named = (reply.agency, self._lines.made)
        return reply

    def history(self, kind: str, entity: str) -> HistoryReply:
        return self._get(f"/v1/history/{quote(kind, safe='')}/{quote(entity, safe='')}", HistoryReply)

    def another(self) -> HttpAgency:
        return HttpAgency(self._url, self._token, *self._timeout, self._way, self._owner)

    def wait(self, request: WaitRequest) -> WaitReply | None:
        try:
            return self._post("/v1/wait", request, WaitReply)
        except (AgencyRefused, AgencyGarbled) as error:
            if error.params.get("status") in _NO_SUCH_ROUTE:
                return None
            raise

    def renew(self) -> str:
        return self._exchange("POST", "/v1/token", None, {}, TokenReply).token

    def passport(self) -> Signed:
        return self._get("/v1/pass", Signed)

    def carry(self, request: CarryRequest) -> CarryReply:
        return self._post("/v1/carry", request, CarryReply)

    def digest(self, request: DigestRequest) -> DigestReply:
        return self._post("/v1/digest", request, DigestReply)

    def records(self, request: RecordsRequest) -> RecordsReply:
        return self._post("/v1/records", request, RecordsReply)

    def heal(self, request: HealRequest) -> HealReply:
        return self._post("/v1/heal", request, HealReply)

    def snapshot(self, scope: str) -> SnapshotReply:
        return self._get(f"/v1/snapshot/{quote(scope, safe='')}", SnapshotReply)

    def snapshot_parts(self, scope: str, file: str, offset: int) -> Iterator[bytes]:
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers |= {"Range": f"bytes={offset}-", "If-Range": f'"{file}"'}
        with (
            _told_as_ours(),
            self._asked("GET", f"/v1/snapshot/{quote(scope, safe='')}/{file}", None, headers) as response,
        ):
            if response.status_code not in (200, 206):
                raise _refusal(
                    response.status_code,
                    response.headers,
                    _read(response),
                    response.headers.get("Content-Encoding", ""),
                )
            if (response.status_code == 206) != bool(offset):
                raise AgencyGarbled(reason="range", status=response.status_code)
            announced = int(response.headers.get("Content-Length", "-1"))
            while part := response.raw.read(_PART, decode_content=False):
                announced -= len(part)
                yield part
            if announced > 0:
                raise requests.exceptions.ChunkedEncodingError("body cut short")

    def _get(self, path: str, model: type[_M]) -> _M:
        return self._exchange("GET", path, None, {}, model)

    def _post(self, path: str, message: Message, model: type[_M]) -> _M:
        body, encoding = encode_body(message)
        headers = {"Content-Type": MEDIA_TYPE}
        if encoding:
            headers["Content-Encoding"] = encoding
        return self._exchange("POST", path, body, headers, model)

    def blob_offset(self, sha: str) -> int:
        with _told_as_ours(), self._asked("HEAD", _blob_path(sha), None, {}) as response:
            if response.status_code == 404:
                raise AgencyRefused("blob_unknown")
            if response.status_code != 200:
                raise _refusal(response.status_code, response.headers, b"", "")
            return _told(response.headers, "Upload-Offset")

    def send_blob(self, sha: str, at: int, length: int, piece: bytes) -> int:
        headers = {"Content-Type": PIECE_TYPE, "Upload-Offset": str(at), "Upload-Length": str(length)}
        with _told_as_ours(), self._asked("PATCH", _blob_path(sha), piece, headers) as response:
            if response.status_code != 204:
                encoding = response.headers.get("Content-Encoding", "")
                raise _refusal(response.status_code, response.headers, _read(response), encoding)
            return _told(response.headers, "Upload-Offset")

    def fetch_blob(self, sha: str, at: int, count: int) -> Iterator[bytes]:
        headers = {"Range": f"bytes={at}-{at + count - 1}", "If-Range": f'"{sha}"', "Accept-Encoding": "identity"}
        with _told_as_ours(), self._asked("GET", _blob_path(sha), None, headers) as response:
            if response.status_code not in (200, 206):
                encoding = response.headers.get("Content-Encoding", "")
                raise _refusal(response.status_code, response.headers, _read(response), encoding)
            if response.headers.get("ETag") != f'"{sha}"':
                raise AgencyGarbled(reason="etag")
            yield from _body(response, at, count)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str | None], model: type[_M]
    ) -> _M:
        with _told_as_ours(), self._asked(method, path, body, headers) as response:
            content = _read(response)
        encoding = response.headers.get("Content-Encoding", "")
        if response.status_code == 413 and body is None:
            # A question without a body is never too large: it is the way that is broken, and that passes.
            raise AgencyUnreachable(reason="413")
        if response.status_code != 200:
            raise _refusal(response.status_code, response.headers, content, encoding)
        return decode_body(model, content, encoding)

    def _asked(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str | None]
    ) -> requests.Response:
        if self._token and self._owner and headers is not _WITHOUT_TOKEN:
            self.recognise()
        return self._session.request(
            method,
            self._url + path,
            data=body,
            headers=dict(headers),
            timeout=self._timeout,
            stream=True,
            allow_redirects=False,
        )


@contextmanager
def _told_as_ours() -> Iterator[None]:
    """What goes wrong on the way, in our own words."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        # A handshake that breaks off is a bad line; only a certificate is a matter of trust.
        code = "tls_not_trusted" if _is_mistrust(error) else None
        raise AgencyUnreachable(code, reason=type(error).__name__) from error
    except requests.exceptions.ProxyError as error:
        refused = _REFUSED_BY_PROXY.search(str(error))
        raise AgencyUnreachable("proxy_refused" if refused else "proxy_unreachable", reason="ProxyError") from error
    except (requests.exceptions.ReadTimeout, ReadTimeoutError) as error:
        raise AgencyUnreachable("agency_timeout") from error
    except (requests.RequestException, Urllib3Error, OSError) as error:
        raise AgencyUnreachable(reason=type(error).__name__) from error


def _blob_path(sha: str) -> str:
    return f"/v1/blob/{quote(sha, safe='')}"


def _told(headers: Mapping[str, str], name: str) -> int:
    told = headers.get(name, "")
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise AgencyGarbled(reason="header", at=name)
    return int(told)


def _body(response: requests.Response, at: int, count: int) -> Iterator[bytes]:
    """The bytes asked for; where something on the way sends the whole file instead, what is before them goes by."""
    skip = at if response.status_code == 200 else 0
    if not skip and at and not response.headers.get("Content-Range", "").startswith(f"bytes {at}-"):
        raise AgencyGarbled(reason="range")
    while count > 0:
        part: bytes = response.raw.read(min(_BLOCK, skip or count), decode_content=False)
        if not part:
            return
        if skip:
            skip -= len(part)
            continue
        count -= len(part)
        yield part


def _is_mistrust(error: BaseException) -> bool:
    """Whether a certificate was refused, anywhere in what requests and urllib3 wrap around the reason."""
    import ssl

    inside = [*error.args, getattr(error, "reason", None), error.__cause__]
    return isinstance(error, ssl.SSLCertVerificationError) or any(
        _is_mistrust(each) for each in inside if isinstance(each, BaseException)
    )


def _read(response: requests.Response) -> bytes:
    """The raw body, undecoded (requests knows zstd only if urllib3 happens to), bounded and complete."""
    announced = response.headers.get("Content-Length", "")
    content: bytes = response.raw.read(MAX_BODY + 1, decode_content=False)
    if len(content) > MAX_BODY:
        raise AgencyGarbled("too_much", limit=MAX_BODY)
    if announced.isdigit() and len(content) != int(announced):
        raise requests.exceptions.ChunkedEncodingError("body cut short")
    if not content and not announced:
        # Cut within the headers: what is left of them still parses.
        raise requests.exceptions.ChunkedEncodingError("headers cut short")
    return content


def _refusal(status: int, headers: Mapping[str, str], content: bytes, encoding: str) -> AgencyError:
    """The error a problem document names; a foreign answer (a login page, a proxy) is no refusal of ours."""
    if status == 413:
        return RequestTooLarge()  # also from a web server in front of the agency that sets a limit of its own
    if status in (408, 429, 502, 503, 504):
        return AgencyBusy(_seconds(headers.get("Retry-After", "")))
    try:
        problem = decode_body(Problem, content, encoding)
    except MasswerkError:
        return AgencyGarbled(reason="status", status=status)
    params = dict(problem.params)
    match problem.code:
        case "token_revoked":
            return TokenRevoked()
        case "invitation_invalid":
            return InvitationInvalid(reason=str(params.get("reason", "")))
        case "wrong_agency":
            return WrongAgency(str(params.get("expected", "")), str(params.get("found", "")))
        case "protocol_too_old":
            return ProtocolTooOld(str(params.get("spoken", PROTOCOL)), str(params.get("needed", "")))
        case "request_too_large":
            return RequestTooLarge()
        case "replica_fork":
            n = params.get("n")
            return ReplicaFork(str(params.get("replica", "")), n if isinstance(n, int) else 0)
    return AgencyRefused(problem.code or "agency_refused", status=status)


def _seconds(told: str) -> float:
    """The pause asked for; a date, as HTTP also allows, or nonsense counts as half a minute."""
    return min(max(float(told), 1.0), 3600.0) if told.isascii() and told.isdigit() else 30.0
