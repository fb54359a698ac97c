"""Signing in with an account of the agency's own house: OpenID Connect, code flow with PKCE (ADR 0023).

The desk brings a code from the browser and the verifier that only it knows; what the provider says of the account
is fetched and checked here. Nothing of it is kept but who it is.
"""

from __future__ import annotations

import base64
import json
import logging
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import Key, KeySet

from app.errors import AgencyRefused
from app.server import instant
from app.server.config import ServeSettings, SignIn, is_loopback
from app.sync.sign_in_wire import SignInOffer, nonce_of

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures by a private key of the provider; never "none", never one by a secret that others know."""
LEEWAY_S = 120
"""So far may the provider's clock be from ours."""
_KEPT_S = 3600.0
_AGAIN_S = 30.0
"""A key that nobody knows is asked for at most so often: new keys are taken at once, floods of names are not."""
_TIMEOUT_S = 10.0
_MOST = 1_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Who has signed in: `subject` names the account for ever, `person` is how it is called."""

    subject: str
    person: str


def provider_of(settings: ServeSettings, clock: instant.Clock = instant.now) -> Provider | None:
    """The provider that the settings name, if they name one."""
    return Provider(settings.signin, clock) if settings.signin else None


class Provider:
    """One provider as the settings name it. Thread-safe; keeps its description and keys for an hour.

    Every method raises `AgencyRefused`: "sign_in_away" (the provider cannot be asked), "sign_in_refused" (what came is
    not worth anything), "sign_in_not_staff" (an account of somebody else).
    """

    def __init__(self, settings: SignIn, clock: instant.Clock, seconds: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock, self._seconds = settings, clock, seconds
        self._lock = threading.Lock()
        self._told: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        context = ssl.create_default_context()
        self._web = urllib.request.build_opener(_NoRedirect(), urllib.request.HTTPSHandler(context=context))

    def offer(self) -> SignInOffer:
        """Where the browser is to go."""
        chosen = self._settings
        return SignInOffer(
            issuer=chosen.issuer,
            authorization=self._endpoint("authorization_endpoint"),
            client=chosen.client,
            scope=chosen.scope,
        )

    def account(self, code: str, verifier: str, redirect: str) -> Account:
        """Whose code this is."""
        chosen = self._settings
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        headers = {}
        if secret := chosen.secret():
            pair = f"{_form(chosen.client)}:{_form(secret)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            form["client_id"] = chosen.client
        told = self._ask(self._endpoint("token_endpoint"), urlencode(form).encode(), headers)
        claims = self._checked(told.get("id_token"), nonce_of(verifier))
        found = claims.get(chosen.claim)
        if chosen.value not in (found if isinstance(found, list) else [found]):
            _log.info("sign-in: an account without the claim for staff")
            raise AgencyRefused("sign_in_not_staff")
        person = str(claims.get(chosen.person_claim) or claims.get("preferred_username") or "")
        person = "".join(c for c in person if c.isprintable()).strip()[:200]
        return Account(f"{chosen.issuer} {claims['sub']}", person)

    def _checked(self, token: object, nonce: str) -> dict[str, Any]:
        """The claims of an ID token, after every check of OpenID Connect Core 3.1.3.7."""
        client = self._settings.client
        try:
            if not isinstance(token, str) or len(token) > _MOST:
                raise ValueError("no token")
            header = jws.extract_compact(token.encode()).headers()
            claims = jwt.decode(token, self._key(header.get("kid")), algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=int(self._clock().timestamp()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self._settings.issuer},
                aud={"essential": True, "value": client},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
            several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
            if claims.get("azp", None if several else client) != client or not isinstance(claims["nonce"], str):
                raise ValueError("azp")
        except (JoseError, ValueError, TypeError, KeyError) as error:
            _log.warning("sign-in: the provider's token does not hold (%s)", type(error).__name__)
            raise AgencyRefused("sign_in_refused") from error
        return claims

    def _key(self, kid: str | None) -> Key:
        """The key of this name; one that is new since the keys were fetched is fetched once more."""
        with self._lock:
            for again in (False, True):
                try:
                    return self._key_set(again).get_by_kid(kid)
                except InvalidKeyIdError:
                    if again:
                        raise
        raise AssertionError("one of both tries returns or raises")

    def _key_set(self, again: bool) -> KeySet:
        now = self._seconds()
        if self._keys is not None and now - self._keys[0] < (_AGAIN_S if again else _KEPT_S):
            return self._keys[1]
        found = self._ask(self._endpoint("jwks_uri"))
        try:
            keys = [k for k in KeySet.import_key_set(found) if k.key_type != "oct"]  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise AgencyRefused("sign_in_away") from error
        self._keys = (now, KeySet(keys))
        return self._keys[1]

    def _endpoint(self, name: str) -> str:
        """An address from the provider's description, which has to be this provider's, and encrypted."""
        now = self._seconds()
        if self._told is None or now - self._told[0] >= _KEPT_S:
            told = self._ask(self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if told.get("issuer") != self._settings.issuer:
                _log.error("sign-in: the provider's description is of another issuer")
                raise AgencyRefused("sign_in_away")
            self._told = (now, told)
        found = self._told[1].get(name)
        parts = urlsplit(found if isinstance(found, str) else "")
        near = is_loopback(parts.hostname or "") and is_loopback(urlsplit(self._settings.issuer).hostname or "")
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and near)):
            _log.error("sign-in: the provider's description names no safe %s", name)
            raise AgencyRefused("sign_in_away")
        return str(found)

    def _ask(self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object; the address is https, or this computer's, as the settings and `_endpoint` have checked."""
        asked = urllib.request.Request(url, body, {"Accept": "application/json", **(headers or {})})
        try:
            with self._web.open(asked, timeout=_TIMEOUT_S) as response:
                content = response.read(_MOST + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if body is not None and error.code in (400, 401, 403):
                _log.warning("sign-in: the provider refuses the code (%d)", error.code)
                raise AgencyRefused("sign_in_refused") from error
            _log.warning("sign-in: the provider answers %d", error.code)
            raise AgencyRefused("sign_in_away") from error
        except (OSError, HTTPException) as error:
            _log.warning("sign-in: the provider is away (%s)", type(error).__name__)
            raise AgencyRefused("sign_in_away") from error
        try:
            found = json.loads(content) if len(content) <= _MOST else None
        except ValueError as error:
            raise AgencyRefused("sign_in_away") from error
        if not isinstance(found, dict):
            raise AgencyRefused("sign_in_away")
        return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is not where the provider says is nowhere: a redirect could lead out of TLS."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _form(told: str) -> str:
    return urlencode({"": told})[1:]
