"""The database key: random, in the system's keyring or wrapped by a passphrase, never in clear on disk."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from app.config import APP_ID, Profile
from app.errors import KeyUnavailable, WrongKey
from app.models.durable import write_whole
from app.models.engine import KEY_BYTES

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_ID_FILE = "profile.json"
_N, _R, _P = 2**17, 8, 1
"""Cost of scrypt: 128 MiB and some 0.4 s per guess."""
_MOST_N = 2**20
_LIMIT = 10_000


def create_key(profile: Profile, passphrase: str | None) -> bytes:
    """A fresh random key, kept in the keyring, or under the passphrase if one is given.

    A key that is already there is returned instead: database and backups may depend on it.

    Raises:
        KeyUnavailable: no passphrase and no keyring that may be trusted.
        WrongKey: there is a key already, and not under this passphrase.
    """
    try:
        return load_key(profile, passphrase)
    except KeyUnavailable as error:
        if error.params.get("reason") not in ("missing", "no_keyring") or _anything_depends_on(profile):
            raise
    key = secrets.token_bytes(KEY_BYTES)
    _keep(profile, key, passphrase)
    write_whole(_id_file(profile), orjson.dumps({"id": profile_id(profile), "check": _check_of(key)}))
    return key


def load_key(profile: Profile, passphrase: str | None) -> bytes:
    """The key of an existing profile.

    Raises:
        KeyUnavailable: `reason` says why: "passphrase" (one is needed), "missing", "no_keyring",
            "refused" (only a keyring that keeps plain text), "locked", "damaged".
        WrongKey: the passphrase does not open the key file.
    """
    if profile.key_file.exists():
        if not passphrase:
            raise KeyUnavailable(reason="passphrase")
        return _unwrap(_read(profile.key_file), passphrase)
    stored = _from_keyring(_keyring(), profile_id(profile))
    if stored is None:
        raise KeyUnavailable(reason="missing")
    try:
        return _exact(base64.b64decode(stored, validate=True))
    except binascii.Error:
        raise KeyUnavailable(reason="damaged") from None


def change_passphrase(profile: Profile, old: str | None, new: str | None) -> None:
    """Wraps the same key anew; None stands for the keyring. At every moment one of the two opens it.

    Raises:
        KeyUnavailable, WrongKey: nothing was changed.
    """
    key = load_key(profile, old)
    had_file = profile.key_file.exists()
    _keep(profile, key, new)
    if new and not had_file:
        _forget_in_keyring(profile)
    if not new and had_file:
        profile.key_file.unlink()


def needs_passphrase(profile: Profile) -> bool:
    """Whether opening (or creating) this profile takes a passphrase, because no keyring holds its key."""
    if profile.key_file.exists():
        return True
    try:
        _keyring()
    except KeyUnavailable:
        return True
    return False


def belongs_to(profile: Profile, key: bytes) -> bool:
    """Whether this is surely the profile's key, so that a file it does not open must be damaged."""
    try:
        known = _read(_id_file(profile)).get("check")
    except (KeyUnavailable, OSError):
        return False
    return known == _check_of(key)


def profile_id(profile: Profile) -> str:
    """The random name under which the keyring knows this profile; made at first use."""
    file = _id_file(profile)
    if file.exists():
        found = _read(file).get("id")
        if not isinstance(found, str) or not found:
            raise KeyUnavailable(reason="damaged", file=file.name)
        return found
    made = secrets.token_hex(16)
    write_whole(file, orjson.dumps({"id": made}))
    return made


def _id_file(profile: Profile) -> Path:
    return profile.folder / _ID_FILE


def _check_of(key: bytes) -> str:
    """Tells two keys apart and, the key being random, nothing else."""
    return hashlib.sha256(b"masswerk key check" + key).hexdigest()[:16]


def _anything_depends_on(profile: Profile) -> bool:
    return profile.database.exists() or any(profile.backups.glob("*.db"))


def _keep(profile: Profile, key: bytes, passphrase: str | None) -> None:
    if passphrase:
        write_whole(profile.key_file, _wrap(key, passphrase))
        return
    _into_keyring(_keyring(), profile_id(profile), base64.b64encode(key).decode())


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            told = orjson.loads(opened.read(_LIMIT))
    except orjson.JSONDecodeError:
        raise KeyUnavailable(reason="damaged", file=file.name) from None
    if not isinstance(told, dict):
        raise KeyUnavailable(reason="damaged", file=file.name)
    return told


def _exact(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(reason="damaged")
    return key


# -- under a passphrase ------------------------------------------------------------------------------


def _wrap(key: bytes, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = {"format": 1, "kdf": "scrypt", "n": _N, "r": _R, "p": _P, "salt": secrets.token_hex(16)}
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_stretch(passphrase, head)).encrypt(nonce, key, _bound(head))
    return orjson.dumps(head | {"nonce": nonce.hex(), "key": sealed.hex()}, option=orjson.OPT_INDENT_2)


def _unwrap(told: dict[str, Any], passphrase: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        head = {name: told[name] for name in ("format", "kdf", "n", "r", "p", "salt")}
        nonce, sealed = bytes.fromhex(told["nonce"]), bytes.fromhex(told["key"])
        if (head["format"], head["kdf"]) != (1, "scrypt") or not 2 <= head["n"] <= _MOST_N:
            raise ValueError("another key file")
        if (head["r"], head["p"]) != (_R, _P):
            raise ValueError("another key file")
        return _exact(AESGCM(_stretch(passphrase, head)).decrypt(nonce, sealed, _bound(head)))
    except InvalidTag:
        raise WrongKey(path="key.json") from None
    except (KeyError, TypeError, ValueError):
        raise KeyUnavailable(reason="damaged", file="key.json") from None


def _bound(head: dict[str, Any]) -> bytes:
    """The cost is sealed too: nobody can lower it unnoticed."""
    return orjson.dumps(head, option=orjson.OPT_SORT_KEYS)


def _stretch(passphrase: str, head: dict[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    # A Mac types "ü" as two characters, Windows as one: the same passphrase all the same.
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    salt = bytes.fromhex(head["salt"])
    return Scrypt(salt=salt, length=32, n=head["n"], r=head["r"], p=head["p"]).derive(typed)


# -- in the keyring ----------------------------------------------------------------------------------


def _keyring() -> KeyringBackend:
    """The first keyring of this system that really locks away what it is given.

    Raises:
        KeyUnavailable: there is none ("no_keyring"), or only one that keeps plain text ("refused").
    """
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    offered = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    trusted = [each for each in offered if not _is_refused(each)]
    if trusted:
        return trusted[0]
    reason = "refused" if any(each.priority > 0 for each in offered) else "no_keyring"
    raise KeyUnavailable(reason=reason)


def _is_refused(backend: KeyringBackend) -> bool:
    """`keyrings.alt` and the like write plain text; "null" and "fail" keep nothing at all."""
    home = type(backend).__module__
    name = type(backend).__name__.lower()
    return (
        home.startswith(("keyrings.alt", "keyring.backends.null", "keyring.backends.fail"))
        or "plaintext" in name
        or backend.priority <= 0
    )


def _from_keyring(backend: KeyringBackend, account: str) -> str | None:
    from keyring.errors import KeyringError

    try:
        return backend.get_password(APP_ID, account)
    except (KeyringError, OSError) as error:
        raise KeyUnavailable(reason="locked") from error


def _into_keyring(backend: KeyringBackend, account: str, secret: str) -> None:
    from keyring.errors import KeyringError

    try:
        backend.set_password(APP_ID, account, secret)
    except (KeyringError, OSError) as error:
        raise KeyUnavailable(reason="locked") from error
    # Losing this key is losing everything: believe only what comes back.
    if _from_keyring(backend, account) != secret:
        raise KeyUnavailable(reason="refused")


def _forget_in_keyring(profile: Profile) -> None:
    from keyring.errors import KeyringError

    try:
        _keyring().delete_password(APP_ID, profile_id(profile))
    except (KeyUnavailable, KeyringError, OSError):
        return  # what stays behind opens nothing more than it did before
