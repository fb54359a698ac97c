"""The key rests in a keyring that locks, or under a passphrase; never in clear, never lost by halves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import keyring
import orjson
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as FailingKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from app.config import Profile
from app.errors import KeyUnavailable, WrongKey
from app.models import keys

WORDS = "Möhnesee im März, 7 Brücken"


class LockingKeyring(KeyringBackend):
    """A keyring in memory that behaves like a system's: it may be locked, and it deletes on request."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.forgetful = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        if not self.forgetful:
            self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[(service, username)]


class PlaintextKeyring(LockingKeyring):
    """By name one of those that write everything into a readable file."""


@pytest.fixture
def real_cost() -> None:
    """For a test that looks at what one guess of a passphrase costs."""


@pytest.fixture(autouse=True)
def _cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess costs little here: half a second and 128 MiB each prove nothing more about what is kept where."""
    if "real_cost" not in request.fixturenames:
        monkeypatch.setattr(keys, "_N", 2**10)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """An empty profile folder."""
    return Profile.at(tmp_path_factory.mktemp("home") / "profile").ensure()


@pytest.fixture
def ring() -> Iterator[LockingKeyring]:
    """The keyring of this system, for one test."""
    before, ring = keyring.get_keyring(), LockingKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def no_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(FailingKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def reason_of(profile: Profile, passphrase: str | None = None) -> object:
    with pytest.raises(KeyUnavailable) as caught:
        keys.load_key(profile, passphrase)
    return caught.value.params["reason"]


def test_the_keyring_gives_back_what_it_was_given(home: Profile, ring: LockingKeyring) -> None:
    key = keys.create_key(home, None)
    assert len(key) == 32
    assert keys.load_key(home, None) == key
    assert list(ring.kept) == [("masswerk", keys.profile_id(home))]
    assert not home.key_file.exists()
    assert not keys.needs_passphrase(home)


def test_nothing_in_the_folder_holds_the_key_in_any_spelling(home: Profile, ring: LockingKeyring) -> None:
    key = keys.create_key(home, None)
    keys.change_passphrase(home, None, WORDS)
    for file in home.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert key not in content
            assert key.hex().encode() not in content.lower()
            assert WORDS.encode() not in content


def test_a_passphrase_opens_the_key_file_and_another_does_not(home: Profile, no_ring: None, real_cost: None) -> None:
    key = keys.create_key(home, WORDS)
    assert keys.load_key(home, WORDS) == key
    assert keys.load_key(home, unicodedata.normalize("NFD", WORDS)) == key, "a Mac's way to type umlauts"
    with pytest.raises(WrongKey):
        keys.load_key(home, WORDS + " ")
    assert reason_of(home) == "passphrase"
    assert keys.needs_passphrase(home)
    told = orjson.loads(home.key_file.read_bytes())
    assert (told["kdf"], told["n"], told["r"], told["p"]) == ("scrypt", 2**17, 8, 1)


def test_nobody_else_may_read_the_key_file(home: Profile, no_ring: None) -> None:
    keys.create_key(home, WORDS)
    assert home.key_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("backend", "reason"),
    [(FailingKeyring, "no_keyring"), (NullKeyring, "no_keyring"), (PlaintextKeyring, "refused")],
)
def test_keyrings_that_do_not_lock_are_refused(
    home: Profile, ring: LockingKeyring, backend: type[KeyringBackend], reason: str
) -> None:
    keyring.set_keyring(backend())
    with pytest.raises(KeyUnavailable) as caught:
        keys.create_key(home, None)
    assert caught.value.params["reason"] == reason
    assert keys.needs_passphrase(home)


def test_a_keyring_that_forgets_is_noticed_at_once(home: Profile, ring: LockingKeyring) -> None:
    ring.forgetful = True
    with pytest.raises(KeyUnavailable) as caught:
        keys.create_key(home, None)
    assert caught.value.params["reason"] == "refused"


def test_a_locked_keyring_is_said_to_be_locked(home: Profile, ring: LockingKeyring) -> None:
    keys.create_key(home, None)
    ring.locked = True
    assert reason_of(home) == "locked"


def test_a_second_creation_never_replaces_a_key(home: Profile, ring: LockingKeyring) -> None:
    key = keys.create_key(home, None)
    assert keys.create_key(home, None) == key


def test_no_key_is_made_up_for_a_database_that_has_lost_its_own(home: Profile, ring: LockingKeyring) -> None:
    keys.create_key(home, None)
    home.database.write_bytes(b"encrypted")
    ring.kept.clear()
    with pytest.raises(KeyUnavailable) as caught:
        keys.create_key(home, None)
    assert caught.value.params["reason"] == "missing"
    assert ring.kept == {}


def test_the_passphrase_changes_and_the_key_stays(home: Profile, no_ring: None) -> None:
    key = keys.create_key(home, WORDS)
    keys.change_passphrase(home, WORDS, "Lippe und Ruhr")
    assert keys.load_key(home, "Lippe und Ruhr") == key
    with pytest.raises(WrongKey):
        keys.load_key(home, WORDS)
    with pytest.raises(WrongKey):
        keys.change_passphrase(home, WORDS, "Noch eins")
    assert keys.load_key(home, "Lippe und Ruhr") == key


def test_the_key_moves_from_the_keyring_under_a_passphrase_and_back(home: Profile, ring: LockingKeyring) -> None:
    key = keys.create_key(home, None)
    keys.change_passphrase(home, None, WORDS)
    assert ring.kept == {}
    assert keys.load_key(home, WORDS) == key
    keys.change_passphrase(home, WORDS, None)
    assert not home.key_file.exists()
    assert keys.load_key(home, None) == key


def test_without_a_keyring_the_passphrase_cannot_be_given_up(home: Profile, no_ring: None) -> None:
    key = keys.create_key(home, WORDS)
    with pytest.raises(KeyUnavailable):
        keys.change_passphrase(home, WORDS, None)
    assert keys.load_key(home, WORDS) == key


@pytest.mark.parametrize("field", ["n", "salt", "nonce", "key"])
def test_a_key_file_that_was_tampered_with_opens_nothing(home: Profile, no_ring: None, field: str) -> None:
    keys.create_key(home, WORDS)
    told = orjson.loads(home.key_file.read_bytes())
    told[field] = told[field] // 2 if field == "n" else ("0" if told[field][0] != "0" else "1") + told[field][1:]
    home.key_file.write_bytes(orjson.dumps(told))
    with pytest.raises(WrongKey):
        keys.load_key(home, WORDS)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"format": 2}', b'{"n": 99999999999}'])
def test_a_key_file_that_is_none_is_said_to_be_damaged(home: Profile, content: bytes) -> None:
    home.key_file.write_bytes(content)
    assert reason_of(home, WORDS) == "damaged"


def test_a_profiles_key_is_recognised(home: Profile, ring: LockingKeyring) -> None:
    key = keys.create_key(home, None)
    assert keys.belongs_to(home, key)
    assert not keys.belongs_to(home, bytes(32))
