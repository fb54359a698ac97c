"""Signing in with the browser: a code that comes back to this computer, and is worth something only here (RFC 8252)."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from app.errors import AgencyGarbled, AgencyRefused
from app.models import outbox
from app.models.store import Store
from app.sync.agency import Agency
from app.sync.courier_keys import Secret
from app.sync.membership import enter
from app.sync.sign_in_wire import SignInOffer, SignInRequest, challenge_of, nonce_of
from app.sync.wire import EnrolReply

PATH = "/anmeldung"
PATIENCE_S = 300.0
_GLANCE_S = 0.2
_QUIET_S = 5.0
"""Browsers open lines ahead of need; one that says nothing for so long is closed."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_PAGE = (
    '<!doctype html><html lang="de"><meta charset="utf-8"><title>Maßwerk</title>'
    '<body style="font:1.1rem system-ui;max-width:32rem;margin:4rem auto;padding:0 1rem">'
    "<h1>{0}</h1><p>{1}</p></body></html>"
)
_DONE = ("Zurück zu Maßwerk", "Sie können dieses Fenster schließen.")
_NOT = ("Nicht angemeldet", "Sie können dieses Fenster schließen und es in Maßwerk noch einmal versuchen.")


class Staffed(Agency, Protocol):
    """An agency whose own staff may come in with an account of their house."""

    def sign_in_offer(self) -> SignInOffer:
        """Where the browser is to go.

        Raises:
            AgencyRefused: nobody comes in like that here (code "sign_in_unknown", or status 404).
        """
        ...

    def sign_in(self, request: SignInRequest) -> EnrolReply:
        """Trade a code for this device's token."""
        ...


def sign_in(
    store: Store, agency: Staffed, url: str, show: Callable[[str], None], stop: threading.Event | None = None
) -> EnrolReply:
    """Lets a person sign in with the browser, and joins the agency as its staff.

    Args:
        show: opens an address in the browser.
        stop: set when the person gives up.

    Raises:
        AgencyRefused: "sign_in_cancelled", "sign_in_late", or what the agency says; nothing was changed here.
        AgencyUnreachable, AgencyGarbled: as ever.
    """
    offer = agency.sign_in_offer()
    parts = urlsplit(offer.authorization)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise AgencyGarbled(reason="shape", at="authorization")
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _waiting(state, offer.issuer) as (redirect, answers):
        show(_address(offer, redirect, verifier, state))
        code = _code(answers, stop or threading.Event())

        def ask(secret: Secret) -> EnrolReply:
            known = outbox.standing(store)
            return agency.sign_in(
                SignInRequest(
                    code=code, verifier=verifier, redirect=redirect, replica=known.replicas[-1],
                    person=known.person.name, device=known.person.device, courier=secret.public.told(),
                )
            )  # fmt: skip

        return enter(store, url, ask)


def _address(offer: SignInOffer, redirect: str, verifier: str, state: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": offer.client,
        "redirect_uri": redirect,
        "scope": offer.scope,
        "state": state,
        "nonce": nonce_of(verifier),
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(offer.authorization).query else "?"
    return f"{offer.authorization}{joint}{urlencode(asked)}"


def _code(answers: SimpleQueue[str], stop: threading.Event) -> str:
    """The code, once the browser has brought it."""
    deadline = time.monotonic() + PATIENCE_S
    while not stop.is_set():
        try:
            code = answers.get(timeout=_GLANCE_S)
        except Empty:
            if time.monotonic() >= deadline:
                raise AgencyRefused("sign_in_late") from None
            continue
        if code:
            return code
        break
    raise AgencyRefused("sign_in_cancelled")


@contextmanager
def _waiting(state: str, issuer: str) -> Iterator[tuple[str, SimpleQueue[str]]]:
    """Listens on this computer alone; yields its own address, and where the code appears ("": it was refused).

    Only an answer with our state counts; where the provider names itself in it (RFC 9207), it has to be ours.
    """
    answers: SimpleQueue[str] = SimpleQueue()

    class Ear(BaseHTTPRequestHandler):
        timeout = _QUIET_S

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            told = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path != PATH or not secrets.compare_digest(told.get("state", "").encode(), state.encode()):
                self._say(404, _NOT)
                return
            code = told.get("code", "") if told.get("iss", issuer) == issuer else ""
            self._say(200 if code else 400, _DONE if code else _NOT)
            answers.put(code)

        def _say(self, status: int, words: tuple[str, str]) -> None:
            body = _PAGE.format(*words).encode()
            self.send_response(status)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
                ("Connection", "close"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """The address holds the code: it is written nowhere."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(_GLANCE_S), name="sign-in", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{PATH}", answers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
