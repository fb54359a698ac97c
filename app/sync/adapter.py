"""How requests travels: trusting what the system trusts, through the proxy chosen, on lines that can be cut."""

from __future__ import annotations

import base64
import socket
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_auth_from_url
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from app.models.way import Exit, Way
from app.sync.sockets import Lines


def go_by(way: Way, session: requests.Session) -> None:
    """The system's proxy is what requests looks up by itself; any other choice keeps it from looking."""
    if way.exit is Exit.SYSTEM:
        return
    session.trust_env = False
    if way.exit is Exit.OWN:
        scheme, _, host = way.address.rpartition("://")
        known = f"{quote(way.user, safe='')}:{quote(way.secret, safe='')}@" if way.user else ""
        address = f"{scheme or 'http'}://{known}{host}"
        session.proxies = {"http": address, "https": address}


class Adapter(HTTPAdapter):
    """Trusts what the operating system trusts: town halls inspect TLS with certificates of their own."""

    def __init__(self, lines: Lines) -> None:
        self._schemes = _pools(lines)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_system_trust(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._schemes

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """In UTF-8, as browsers do (RFC 7617); requests would speak Latin-1, and fail at a "€"."""
        user, secret = get_auth_from_url(proxy)
        known = base64.b64encode(f"{user}:{secret}".encode()).decode() if user else ""
        return {"Proxy-Authorization": f"Basic {known}"} if known else {}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        if proxy not in self.proxy_manager:
            kwargs["ssl_context"] = _system_trust()
        found = super().proxy_manager_for(proxy, **kwargs)
        found.pool_classes_by_scheme = self._schemes
        return found


def _system_trust() -> Any:
    import ssl

    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _pools(lines: Lines) -> dict[str, Any]:
    """urllib3's pools by scheme, with connections that `lines` knows."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _made(self, lines)

        def connect(self) -> None:
            super().connect()
            lines.add(self.sock)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            line = _made(self, lines)
            lines.add(line)  # the handshake, too, can be broken off
            return line

        def connect(self) -> None:
            super().connect()
            lines.add(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _made(connection: Any, lines: Lines) -> socket.socket:
    seconds = connection.timeout if isinstance(connection.timeout, int | float) else 10.0
    try:
        return lines.connect(connection._dns_host, connection.port, seconds, connection.socket_options)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, "connecting took too long") from error
    except OSError as error:
        raise NewConnectionError(connection, f"{type(error).__name__}") from error
