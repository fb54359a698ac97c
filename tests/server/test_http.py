"""The agency over real HTTP: what any client may send, what it gets back, and what never leaves."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.catalogue import Role
from app.domain.encoding import encode_change
from app.domain.ids import new_id, new_replica_id
from app.errors import AgencyGarbled, ReplicaFork
from app.server.config import Limits, ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving
from app.sync.wire import MAX_BODY, Problem, SyncReply, SyncRequest, decode_body, encode_body
from tests.server.laptop import BERLEBURG, Laptop, enrolled, outcomes, value, write

LIMITS = Limits(body_bytes=20_000, requests_per_minute=60, burst=100, enrolments_per_minute=12)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[AgencyService]:
    opened = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Testagentur")
    yield opened
    opened.database.close()


@pytest.fixture
def address(service: AgencyService) -> Iterator[str]:
    with serving(service, ServeSettings(port=0, limits=LIMITS)) as at:
        yield at


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def jana(service: AgencyService, web: requests.Session) -> Laptop:
    """A coordinator's laptop; `web` carries its token."""
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    web.headers["Authorization"] = f"Bearer {token}"
    return Laptop(service.as_device(token), replica)


def _problem(response: requests.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = Problem.model_validate_json(response.content)
    assert problem.status == response.status_code
    assert problem.title
    return problem.status, problem.code


def test_a_body_may_come_and_go_plain_or_packed(address: str, web: requests.Session, jana: Laptop) -> None:
    message = jana.request(*(jana.measure(BERLEBURG)[0] for _ in range(5)))
    body, encoding = encode_body(message)
    assert encoding == "zstd"
    packed = web.post(
        f"{address}/v1/sync",
        data=body,
        headers={"Content-Encoding": "zstd", "Accept-Encoding": "zstd"},
        stream=True,
    )
    raw = packed.raw.read(decode_content=False)
    assert packed.headers["Content-Encoding"] == "zstd"
    assert len(decode_body(SyncReply, raw, "zstd").outcomes) == 5
    plain = web.post(f"{address}/v1/sync", data=message.model_dump_json(), headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert {o.outcome for o in SyncReply.model_validate_json(plain.content).outcomes} == {"known"}
    assert plain.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_not_what_it_says_is_refused(address: str, web: requests.Session, jana: Laptop) -> None:
    good = orjson.dumps(jana.request().model_dump())
    for body, encoding, expected in (
        (b"{", "", (400, "agency_garbled")),
        (b"", "", (400, "agency_garbled")),
        (b"\xff\xfe", "", (400, "agency_garbled")),
        (good, "zstd", (400, "agency_garbled")),
        (zstandard.compress(good)[:-4], "zstd", (400, "agency_garbled")),
        (good, "br", (400, "agency_garbled")),
        (b"[]", "", (422, "agency_garbled")),
        (b'{"replicas": []}', "", (422, "agency_garbled")),
        (b'{"replicas": [1], "surprise": 1}', "", (422, "agency_garbled")),
        (b'{"replicas": [1], "limit": 100000}', "", (422, "agency_garbled")),
        (b'{"replicas": ["1"]}', "", (422, "agency_garbled")),
        (orjson.dumps({"replicas": [1], "changes": [0] * 501}), "", (422, "agency_garbled")),
    ):
        response = web.post(f"{address}/v1/sync", data=body, headers={"Content-Encoding": encoding})
        assert _problem(response) == expected, body[:40]


def test_a_body_that_is_too_large_is_cut_off(address: str, web: requests.Session, jana: Laptop) -> None:
    large = web.post(f"{address}/v1/sync", data=b" " * 20_001)
    assert _problem(large) == (413, "request_too_large")
    streamed = web.post(f"{address}/v1/sync", data=(b" " * 1000 for _ in range(25)))
    assert _problem(streamed) == (413, "request_too_large")
    bomb = zstandard.compress(b" " * (MAX_BODY + 1))
    assert len(bomb) < 20_000
    unpacked = web.post(f"{address}/v1/sync", data=bomb, headers={"Content-Encoding": "zstd"})
    assert _problem(unpacked) == (413, "request_too_large")


def test_a_change_nested_beyond_reason_is_set_aside(address: str, web: requests.Session, jana: Laptop) -> None:
    change, made = jana.measure(BERLEBURG)
    deep: list[Any] = []
    for _ in range(600):
        deep = [deep]
    raw = encode_change(change)
    raw[6].append(deep)
    next_one = encode_change(jana.measure(BERLEBURG)[0])
    body = json.dumps({"replicas": [jana.replica], "changes": [raw, next_one]})
    for _ in range(2):
        reply = SyncReply.model_validate_json(web.post(f"{address}/v1/sync", data=body).content)
        assert reply.outcomes[0].outcome == "quarantined"
        assert reply.outcomes[1].outcome in ("applied", "known")
    jana.pull()
    assert made not in jana.records


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(spoiled=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_the_agency_never_makes_a_mistake_of_its_own(
    service: AgencyService, spoiled: st.DataObject
) -> None:
    token, replica = enrolled(service, service.as_device(""), Role.COORDINATOR, BERLEBURG)
    jana = Laptop(service.as_device(token), replica)
    change, _ = jana.measure(BERLEBURG)
    message = jana.request(change, jana.card(new_id())[0]).model_dump()
    places: list[tuple[Any, Any]] = [(message, key) for key in message]
    places += [(raw, i) for raw in message["changes"] for i in range(7)]
    places += [(op, i) for raw in message["changes"] for op in raw[6] for i in range(len(op))]
    for holder, key in spoiled.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        holder[key] = spoiled.draw(_JSON)
    try:
        plain = json.dumps(message).encode()
        service.answer(token, decode_body(SyncRequest, plain)).body()
    except (AgencyGarbled, ReplicaFork):
        return


def test_a_record_that_nobody_could_unpack_any_more_is_not_made_larger(jana: Laptop) -> None:
    change, made = jana.measure(BERLEBURG)
    jana.push(change)
    page = "Wort " * 390_000
    fields = ("description", "goals", "specifics", "dna_note", "success_factors")
    grown = [jana.push(jana.change(*(write("measure", made, name, page) for name in fields))) for _ in range(2)]
    told = [(o.outcome, o.reason) for reply in grown for o in reply.outcomes]
    assert told == [("applied", ""), ("quarantined", "too_large")]
    small = jana.change(write("measure", made, "title", "Kurz", jana.records[made]))
    assert outcomes(jana.push(small)) == [(4, "applied")]
    assert value(jana.records[made], "title") == "Kurz"


def test_only_a_bearer_of_a_known_token_is_let_in(address: str, web: requests.Session) -> None:
    for header in ("", "Bearer", "Bearer ", "Basic abc", "Bearer x", "Bearer " + "x" * 5000):
        response = web.post(f"{address}/v1/sync", data=b'{"replicas":[1]}', headers={"Authorization": header})
        assert _problem(response) == (401, "token_revoked")
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_guessing_codes_is_slow(address: str, web: requests.Session) -> None:
    asked = {"code": "BERLE-AAAA-AAAA", "replica": 7, "person": "x", "device": "y"}
    told = [web.post(f"{address}/v1/enrol", data=orjson.dumps(asked)) for _ in range(14)]
    assert {_problem(r) for r in told[:12]} == {(403, "invitation_invalid")}
    assert _problem(told[-1]) == (429, "agency_busy")
    assert int(told[-1].headers["Retry-After"]) >= 1


def test_one_device_asking_without_pause_is_asked_for_patience_and_others_are_not(
    address: str, service: AgencyService, web: requests.Session, jana: Laptop
) -> None:
    body = orjson.dumps(jana.request().model_dump())
    statuses = [web.post(f"{address}/v1/sync", data=body).status_code for _ in range(115)]
    assert statuses[:100] == [200] * 100
    assert statuses[-1] == 429
    token, replica = enrolled(service, service.as_device(""), Role.AGENCY)
    other = {"Authorization": f"Bearer {token}"}
    reply = web.post(f"{address}/v1/sync", data=orjson.dumps({"replicas": [replica]}), headers=other)
    assert reply.status_code == 200


def test_names_with_control_characters_are_refused(address: str, service: AgencyService, web: requests.Session) -> None:
    code = service.invite(Role.AGENCY)
    asked = {"code": code, "replica": new_replica_id(), "person": "Ja\x00na", "device": "Laptop"}
    assert _problem(web.post(f"{address}/v1/enrol", data=orjson.dumps(asked))) == (422, "agency_garbled")
    asked |= {"person": "Jana", "replica": 0}
    assert _problem(web.post(f"{address}/v1/enrol", data=orjson.dumps(asked))) == (422, "agency_garbled")


def test_an_unknown_path_or_method_is_a_problem_document_too(address: str, web: requests.Session) -> None:
    assert _problem(web.get(f"{address}/v1/nothing"))[0] == 404
    refused = web.get(f"{address}/v1/sync")
    assert _problem(refused)[0] == 405
    assert refused.headers["Allow"] == "POST"


def test_no_shape_in_the_description_refers_to_what_is_not_there(address: str, web: requests.Session) -> None:
    described = web.get(f"{address}/openapi.json").json()
    named = set(re.findall(r'"\$ref": ?"#/components/schemas/(\w+)"', orjson.dumps(described).decode()))
    assert named <= described["components"]["schemas"].keys()
    assert "$defs" not in orjson.dumps(described).decode()


def test_a_record_that_is_not_there_and_one_that_may_not_be_read_look_the_same(
    address: str, web: requests.Session, jana: Laptop
) -> None:
    assert _problem(web.get(f"{address}/v1/history/measure/{new_id()}")) == (404, "no_record")
    assert _problem(web.get(f"{address}/v1/history/%00/{'x' * 3000}")) == (404, "no_record")


def test_a_database_that_is_away_is_a_reason_to_come_back(
    address: str, service: AgencyService, web: requests.Session, jana: Laptop, tmp_path: Path
) -> None:
    with service.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE feed RENAME TO elsewhere")
    for path in ("/v1/sync",):
        response = web.post(f"{address}{path}", data=orjson.dumps(jana.request().model_dump()))
        assert _problem(response) == (503, "agency_busy")
        assert int(response.headers["Retry-After"]) >= 1
    assert web.get(f"{address}/healthz").status_code == 200


def test_the_description_names_every_reply_and_the_page_needs_no_internet(address: str, web: requests.Session) -> None:
    described = web.get(f"{address}/openapi.json").json()
    sync = described["paths"]["/v1/sync"]["post"]
    assert {"200", "400", "401", "409", "413", "422", "426", "429", "503"} <= sync["responses"].keys()
    assert "application/problem+json" in sync["responses"]["401"]["content"]
    assert "changes" in sync["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert described["components"]["securitySchemes"]["device"]["scheme"] == "bearer"
    assert "403" in described["paths"]["/v1/enrol"]["post"]["responses"]
    page = web.get(f"{address}/docs").text
    assert "cdn" not in page
    for link in ("/static-offline-docs/swagger-ui-bundle.js", "/static-offline-docs/swagger-ui.css"):
        assert link in page
        assert web.get(address + link).status_code == 200


def test_the_log_tells_keys_and_counts_and_never_a_token_or_a_word(
    address: str, web: requests.Session, jana: Laptop, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "Grundstück Müller"
    with caplog.at_level(logging.DEBUG):
        change, made = jana.measure(BERLEBURG, secret)
        web.post(f"{address}/v1/sync", data=jana.request(change).model_dump_json())
        web.get(f"{address}/v1/history/measure/{made}")
        web.post(f"{address}/v1/sync", data=json.dumps({"replicas": [jana.replica], "changes": [[secret]]}))
        web.post(f"{address}/v1/sync", data=json.dumps({"replicas": [secret]}))
    own = [r for r in caplog.records if r.name.startswith(("app.", "uvicorn", "sqlalchemy"))]
    told = "\n".join(r.getMessage() for r in own)
    assert "1 outcomes" in told
    assert "Müller" not in told
    assert str(web.headers["Authorization"]).split()[1] not in told


def test_a_damaged_row_is_our_mistake_and_says_nothing_of_its_content(
    address: str,
    service: AgencyService,
    web: requests.Session,
    jana: Laptop,
    caplog: pytest.LogCaptureFixture,
) -> None:
    change, made = jana.measure(BERLEBURG, "Grundstück Müller")
    jana.push(change)
    with service.database.write() as connection:
        connection.exec_driver_sql("UPDATE entity SET packed = CAST('[\"Müller\",' AS BLOB)")
    edit = jana.request(jana.change(write("measure", made, "title", "Müller")))
    response = web.post(f"{address}/v1/sync", data=edit.model_dump_json())
    assert _problem(response) == (500, "masswerk")
    assert "Müller" not in response.text
    assert "mistake: JSONDecodeError" in caplog.text
    assert "Müller" not in caplog.text
    with service.database.read() as connection:
        assert connection.exec_driver_sql("SELECT max(max_n) FROM replica").scalar_one() == 1


def test_with_a_certificate_the_agency_speaks_tls(
    tmp_path: Path, service: AgencyService, web: requests.Session
) -> None:
    certificate, key = _self_signed(tmp_path)
    settings = ServeSettings(port=0, certificate=certificate, key=key)
    with serving(service, settings) as at:
        assert at.startswith("https://")
        with pytest.raises(requests.exceptions.SSLError):
            web.get(f"{at}/healthz")
        assert web.get(f"{at}/healthz", verify=str(certificate)).json()["status"] == "ok"
        web.close()


def _self_signed(folder: Path) -> tuple[Path, Path]:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate, key = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key
