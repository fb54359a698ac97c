"""The agency's staff comes in with an account of their house: every check on the way, and what is refused."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from pydantic import ValidationError
from sqlalchemy import select

from app.domain.catalogue import Role
from app.domain.ids import new_replica_id
from app.errors import AgencyRefused, NotAllowed, ReplicaFork, TokenRevoked
from app.server import office
from app.server.config import Operation, SignIn
from app.server.database import Database
from app.server.service import AgencyService
from app.server.signin import LEEWAY_S, Provider
from app.server.tables import device
from app.sync.sign_in_wire import SignInRequest, challenge_of, nonce_of
from app.sync.wire import EnrolReply, SyncRequest
from tests.server.laptop import BERLEBURG, enrolled
from tests.server.oidc import CLIENT, Claims, TestProvider, provider

REDIRECT = "http://127.0.0.1:50123/anmeldung"


class House:
    """An agency, and the provider whose accounts it trusts; `seconds` is the provider's memory's clock."""

    def __init__(self, database: Database, accounts: TestProvider) -> None:
        AgencyService.found(database, "Testagentur")
        self.accounts, self.seconds = accounts, 1000.0
        settings = SignIn(issuer=accounts.issuer, client=CLIENT, claim="groups", value="masswerk")
        self.settings = settings
        self.service = AgencyService(database)
        self.service = AgencyService(database, provider=Provider(settings, self.service.now, lambda: self.seconds))

    def code(self, verifier: str) -> str:
        """What the browser brings."""
        asked = {
            "response_type": "code", "client_id": CLIENT, "redirect_uri": REDIRECT, "scope": "openid", "state": "s",
            "nonce": nonce_of(verifier), "code_challenge": challenge_of(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        return self.accounts.authorize(asked).partition("code=")[2].partition("&")[0]

    def request(self, replica: int | None = None, code: str = "", verifier: str = "") -> SignInRequest:
        verifier = verifier or secrets.token_urlsafe(48)
        return SignInRequest(
            code=code or self.code(verifier), verifier=verifier, redirect=REDIRECT,
            replica=replica or new_replica_id(), person="Kim S.", device="PC",
        )  # fmt: skip

    def sign_in(self, replica: int | None = None) -> EnrolReply:
        return self.service.staff.sign_in(self.request(replica))

    def devices(self, token: str) -> list[tuple[str, str]]:
        return [(d.person, d.role) for d in self.service.oversight.overview(token).devices]

    def refusal(self) -> str:
        with pytest.raises(AgencyRefused) as refused:
            self.sign_in()
        return refused.value.code


@pytest.fixture(scope="module")
def accounts() -> Iterator[TestProvider]:
    with provider() as one:
        yield one


@pytest.fixture
def house(tmp_path: Path, accounts: TestProvider) -> Iterator[House]:
    fresh = TestProvider(issuer=accounts.issuer)
    vars(accounts).update(vars(fresh))
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    yield House(database, accounts)
    database.close()


def test_an_account_of_the_house_is_a_desk_of_the_agency_under_its_own_name(house: House) -> None:
    reply = house.sign_in()
    assert (reply.grant.role, reply.grant.scopes) == ("agency", ["agency"])
    assert house.devices(reply.token) == [("Kim Sander", "agency")]


def test_the_same_account_on_the_same_profile_is_the_same_device(house: House) -> None:
    replica = new_replica_id()
    first = house.sign_in(replica)
    again = house.sign_in(replica)
    assert house.devices(again.token) == [("Kim Sander", "agency")]
    with pytest.raises(TokenRevoked):
        house.devices(first.token)


def test_somebody_elses_profile_is_not_taken_over(house: House) -> None:
    replica = new_replica_id()
    kim = house.sign_in(replica)
    house.accounts.account = {"sub": "u-18", "name": "Lou Berg", "groups": ["masswerk"]}
    with pytest.raises(ReplicaFork):
        house.sign_in(replica)
    _, invited = enrolled(house.service, house.service.as_device(""), ags=BERLEBURG)
    request = house.request(invited)
    with pytest.raises(ReplicaFork):
        house.service.staff.sign_in(request)
    assert request.code in house.accounts.codes, "the code was not spent: the next try needs no browser"
    assert house.devices(kim.token)[0] == ("Kim Sander", "agency")


def test_who_was_signed_off_comes_in_as_a_new_device_only(house: House) -> None:
    replica = new_replica_id()
    kim = house.sign_in(replica)
    house.service.revoke(1)
    with pytest.raises(TokenRevoked):
        house.devices(kim.token)
    with pytest.raises(ReplicaFork):
        house.sign_in(replica)


def set_claim(name: str, value: object) -> object:
    def spoil(claims: Claims, header: Claims) -> None:
        claims[name] = value
        if value is None:
            del claims[name]

    return spoil


LATER = 10**6
WRONG = {
    "another issuer": set_claim("iss", "https://login.example.org"),
    "for another program": set_claim("aud", "mail"),
    "for several, by another": set_claim("azp", "mail"),
    "for several, by nobody": set_claim("aud", [CLIENT, "mail"]),
    "for another sign-in": set_claim("nonce", nonce_of("x" * 43)),
    "for no sign-in": set_claim("nonce", None),
    "nonces as a list": set_claim("nonce", ["a", "b"]),
    "of nobody": set_claim("sub", None),
    "without an end": set_claim("exp", None),
    "long over": set_claim("exp", int(time.time()) - LEEWAY_S - 5),
    "over at no time": set_claim("exp", float("inf")),
    "from the future": set_claim("iat", int(time.time()) + LATER),
    "not yet": set_claim("nbf", int(time.time()) + LATER),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_does_not_hold_opens_nothing(house: House, wrong: str) -> None:
    house.accounts.spoil = WRONG[wrong]  # type: ignore[assignment]
    assert house.refusal() == "sign_in_refused"
    with house.service.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM device").scalar_one() == 0


def test_a_token_that_is_not_signed_by_the_provider_opens_nothing(house: House) -> None:
    published = json.dumps(house.accounts.key.as_dict(private=False))
    stranger = ECKey.generate_key("P-256")

    def unsigned(header: Claims, claims: Claims) -> str:
        parts = ({**header, "alg": "none"}, claims)
        return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."

    forgeries = (
        unsigned,
        lambda header, claims: jwt.encode({**header, "alg": "HS256"}, claims, OctKey.import_key(published), ["HS256"]),
        lambda header, claims: jwt.encode(header, claims, stranger),
        lambda header, claims: jwt.encode(header, claims, house.accounts.key)[:-8] + "AAAAAAAA",
        lambda _header, _claims: "no token",
        lambda _header, _claims: "",
    )
    for sign in forgeries:
        house.accounts.sign = sign
        assert house.refusal() == "sign_in_refused"


def test_clocks_may_differ_a_little(house: House) -> None:
    now = int(time.time())
    house.accounts.spoil = lambda claims, _: claims.update(exp=now - 60, iat=now + 60)
    assert house.sign_in().token


def test_an_account_without_the_claim_for_staff_stays_out(house: House) -> None:
    for groups in (["haus"], "masswerkstatt", None, [], {"masswerk": True}):
        house.accounts.account = {"sub": "u-18", "name": "Lou Berg", "groups": groups}
        assert house.refusal() == "sign_in_not_staff"
    house.accounts.account = {"sub": "u-17", "preferred_username": "kim\x00\n ", "groups": "masswerk"}
    assert house.devices(house.sign_in().token) == [("kim", "agency")]


def test_a_new_key_is_taken_at_once_and_unknown_names_do_not_flood_the_provider(house: House) -> None:
    house.sign_in()
    house.accounts.rotate()
    house.seconds += 31
    house.sign_in()
    assert house.accounts.asked.count("/keys") == 2
    house.accounts.spoil = lambda _, header: header.update(kid=secrets.token_hex(4))
    for _ in range(3):
        assert house.refusal() == "sign_in_refused"
    assert house.accounts.asked.count("/keys") == 2, "asked again after half a minute at the soonest"
    assert house.accounts.asked.count("/.well-known/openid-configuration") == 1


def test_a_code_is_worth_something_once_and_only_with_its_verifier(house: House) -> None:
    mine = secrets.token_urlsafe(48)
    stolen = house.request(code=house.code(mine), verifier=secrets.token_urlsafe(48))
    with pytest.raises(AgencyRefused, match="sign_in_refused"):
        house.service.staff.sign_in(stolen)
    request = house.request()
    assert house.service.staff.sign_in(request).token
    with pytest.raises(AgencyRefused, match="sign_in_refused"):
        house.service.staff.sign_in(request)


def test_a_provider_that_is_away_or_not_itself_lets_nobody_in(house: House) -> None:
    away = SignIn(issuer="http://127.0.0.1:9", client=CLIENT, claim="groups", value="masswerk")
    with pytest.raises(AgencyRefused, match="sign_in_away"):
        Provider(away, house.service.now).offer()
    for told in (
        {"issuer": "https://login.example.org"},
        {"token_endpoint": "http://login.example.org/token"},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"token_endpoint": None},
        {"jwks_uri": f"{house.accounts.issuer}/moved"},
    ):
        house.accounts.description = told
        house.seconds += 4000
        assert house.refusal() == "sign_in_away", told
    house.accounts.description = {}
    house.accounts.is_away = True
    house.seconds += 4000
    with pytest.raises(AgencyRefused, match="sign_in_away"):
        house.service.staff.offer()


def test_a_provider_may_ask_for_a_secret_that_stays_with_the_agency(house: House, tmp_path: Path) -> None:
    kept = tmp_path / "geheim"
    kept.write_text("s:cret/ä\n", encoding="utf-8")
    kept.chmod(0o600)
    house.accounts.secret = "s%3Acret%2F%C3%A4"  # as OAuth writes it into the header
    settings = house.settings.model_copy(update={"secret_file": kept})
    house.service = AgencyService(house.service.database, provider=Provider(settings, house.service.now))
    reply = house.sign_in()
    assert reply.token
    assert "cret" not in house.service.staff.offer().model_dump_json()


def test_without_a_provider_nobody_is_offered_one(house: House) -> None:
    plain = AgencyService(house.service.database)
    for ask in (plain.staff.offer, lambda: plain.staff.sign_in(house.request())):
        with pytest.raises(AgencyRefused, match="sign_in_unknown"):
            ask()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"issuer": "http://login.example.org"}, "https"),
        ({"issuer": "login.example.org"}, "keine Adresse"),
        ({"issuer": "https://login.example.org?tenant=1"}, "keine Adresse"),
        ({"claim": ""}, "claim"),
        ({"value": ""}, "value"),
        ({"scope": "profile"}, "openid"),
        ({"audience": "x"}, "audience"),
    ],
)
def test_settings_that_would_let_in_anybody_are_refused(told: dict[str, str], sentence: str) -> None:
    safe = {"issuer": "https://login.example.org", "client": CLIENT, "claim": "groups", "value": "masswerk"}
    assert Operation.model_validate({"signin": safe}).signin
    with pytest.raises(ValidationError, match=sentence):
        Operation.model_validate({"signin": safe | told})


def test_a_secret_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "geheim"
    kept.write_text("s3cret", encoding="utf-8")
    kept.chmod(0o644)
    with pytest.raises(ValidationError, match="chmod 640"):
        SignIn(issuer="https://a.example", client="m", claim="g", value="v", secret_file=kept)


def test_closing_an_account_signs_off_all_its_devices_and_no_other(house: House) -> None:
    first, second = house.sign_in(), house.sign_in()
    mia, tablet = house.service.as_device(first.token), house.service.as_device(second.token)
    coded, replica = enrolled(house.service, house.service.as_device(""), Role.AGENCY)
    with house.service.database.read() as connection:
        number = connection.execute(select(device.c.id).where(device.c.subject.is_not(None)).limit(1)).scalar_one()
    assert len(office.close_account(house.service, number)) == 2
    for one in (mia, tablet):
        with pytest.raises(TokenRevoked):
            one.sync(SyncRequest(replicas=[new_replica_id()]))
    assert house.service.as_device(coded).sync(SyncRequest(replicas=[replica])).agency
    with pytest.raises(NotAllowed):
        office.close_account(house.service, number)
