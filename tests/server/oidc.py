"""A provider of accounts (OpenID Connect) as a test needs one: it does what the standard says, until told otherwise."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key

CLIENT = "masswerk"
Claims = dict[str, Any]


def _new_key() -> Key:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def _leave(_claims: Claims, _header: Claims) -> None:
    """Nothing is spoilt."""


@dataclass
class TestProvider:
    """One issuer with one account, which agrees to everything.

    Attributes:
        account: what it says of whoever signs in.
        spoil: changes claims and header of the next tokens before they are signed.
        sign: how a token is signed, if not as it should be.
        description: what it says of itself otherwise than is true.
        asked: paths asked for, in order.
    """

    __test__ = False

    issuer: str = ""
    account: Claims = field(
        default_factory=lambda: {"sub": "u-17", "name": "Kim Sander", "groups": ["haus", "masswerk"]}
    )
    key: Key = field(default_factory=_new_key)
    published: list[Key] = field(default_factory=list)
    spoil: Callable[[Claims, Claims], None] = _leave
    sign: Callable[[Claims, Claims], str] | None = None
    description: Claims = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    secret: str = ""
    is_away: bool = False

    def __post_init__(self) -> None:
        self.published = [self.key]

    def rotate(self) -> None:
        """From now on another key signs; the former one is published no more."""
        self.key = _new_key()
        self.published = [self.key]

    def describe(self) -> Claims:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        }
        return told | self.description

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent, with a code."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def trade(self, form: dict[str, str], authorization: str) -> Claims | None:
        """Tokens for a code; None if it is worth nothing."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        known = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        if authorization != (f"Basic {known}" if self.secret else ""):
            return None
        if not self.secret and form["client_id"] != CLIENT:
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        """What it says of its account, signed."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce, **self.account}
        header: Claims = {"alg": "ES256", "kid": self.key.kid}
        self.spoil(claims, header)
        return self.sign(header, claims) if self.sign else jwt.encode(header, claims, self.key)


@contextmanager
def provider(**more: Any) -> Iterator[TestProvider]:
    """One on a free port of this computer."""
    one = TestProvider(**more)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            one.asked.append(parts.path)
            if one.is_away:
                self._say(503, {})
            elif parts.path == "/auth":
                self.send_response(302)
                self.send_header("Location", one.authorize({n: v[0] for n, v in parse_qs(parts.query).items()}))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/keys":
                self._say(200, {"keys": [key.as_dict(private=False) for key in one.published]})
            elif parts.path == "/moved":
                self.send_response(302)
                self.send_header("Location", f"{one.issuer}/keys")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._say(200, one.describe())

        def do_POST(self) -> None:
            one.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {n: v[0] for n, v in parse_qs(body).items()}
            told = one.trade(form, self.headers.get("Authorization", ""))
            self._say(200 if told else 400, told or {"error": "invalid_grant"})

        def _say(self, status: int, told: Claims) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    one.issuer = one.issuer or f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
