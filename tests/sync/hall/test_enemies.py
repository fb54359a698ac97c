"""Whoever should not come in, and whoever came in and wants more: nothing is told, nothing taken, nobody misled."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select, update

from app.domain.catalogue import Role
from app.domain.clock import flatten
from app.domain.fields import KINDS
from app.domain.ids import new_id
from app.domain.packing import columns, pack
from app.errors import HallRefused
from app.models.engine import reading, writing
from app.models.tables import entity, letter, setting
from app.server.tables import replica as replicas
from app.services import measures, workshops
from app.sync.carry_wire import CarryRequest
from app.sync.hall.guest import Address, Wire, certificate_at, enter
from app.sync.hall.pairing import TRIES, Certificate
from app.sync.hall.trust import Own
from app.sync.hall.wire import HallReply, HallRequest, Knock, KnockReply, Prove, ProveReply
from app.sync.signed import Pass, Signed, Word, sign
from app.sync.wire import Page
from tests.sync.devices import Device
from tests.sync.hall.conftest import ARNSBERG, BERLEBURG, SIEGEN, Hall


def refused(hall: Hall, device: Device, port: int, code: str) -> str:
    with pytest.raises(HallRefused) as told:
        enter(device.store, Address("127.0.0.1", port), code)
    return told.value.code


def test_wrong_codes_open_nothing_and_after_some_the_code_is_another_one(hall: Hall) -> None:
    server, olaf = hall.open(hall.devices["Anna"]), hall.devices["Olaf"]
    code = server.hub.code
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    told = [refused(hall, olaf, server.port, wrong) for _ in range(TRIES)]
    assert told == ["hall_code"] * (TRIES - 1) + ["hall_code_renewed"]
    assert server.hub.code != code
    assert refused(hall, olaf, server.port, code) == "hall_code"
    assert server.hub.present() == []


def test_before_the_code_is_proven_the_hub_says_nothing_of_itself(hall: Hall) -> None:
    server = hall.open(hall.devices["Anna"])
    where = Address("127.0.0.1", server.port)
    wire = Wire(where, certificate_at(where))
    nonce = wire.ask("/hall/knock", Knock(nonce="0" * 64), KnockReply)
    assert nonce.model_dump().keys() == {"nonce"}
    for path in ("/hall/exchange", "/hall/letter", "/hall/leave"):
        with pytest.raises(HallRefused):
            wire.ask(path, HallRequest(), HallReply)
    with pytest.raises(HallRefused):
        wire.ask("/hall/prove", Prove(nonce=nonce.nonce, proof="0" * 64), ProveReply)
    wire.close()


def test_a_proof_or_an_entry_that_was_overheard_is_worth_nothing_a_second_time(hall: Hall) -> None:
    server, olaf = hall.open(hall.devices["Anna"]), hall.devices["Olaf"]
    heard: list[tuple[str, object]] = []
    asked = Wire.ask

    def overhear(self: Wire, path: str, message: object, model: object) -> object:
        heard.append((path, message))
        return asked(self, path, message, model)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "ask", overhear)
        enter(olaf.store, Address("127.0.0.1", server.port), server.hub.code).wire.close()
    assert [path for path, _ in heard] == ["/hall/knock", "/hall/prove", "/hall/enter", "/hall/program"]
    where = Address("127.0.0.1", server.port)
    wire = Wire(where, certificate_at(where))
    for path, message in heard[1:]:
        with pytest.raises(HallRefused, match="hall_again"):
            wire.ask(path, message, ProveReply)  # type: ignore[arg-type]
    wire.close()


@contextmanager
def between(port: int) -> Iterator[int]:
    """Somebody in the middle: a certificate of their own towards the guest, passing on what is said."""
    fake, stop = Certificate.make(), threading.Event()
    lines: list[socket.socket] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def pump(a: ssl.SSLSocket, b: ssl.SSLSocket) -> None:
        try:
            while part := a.recv(65_536):
                b.sendall(part)
        except OSError:
            pass

    def serve() -> None:
        while not stop.is_set():
            try:
                plain = listening.accept()[0]
                lines.append(plain)
                line = fake.context.wrap_socket(plain, server_side=True)
                lines.append(line)
                blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
                far = blind.wrap_socket(socket.create_connection(("127.0.0.1", port)))
                lines.append(far)
            except OSError:
                continue
            for pair in ((line, far), (far, line)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    yield listening.getsockname()[1]
    stop.set()
    socket.create_connection(listening.getsockname()).close()
    serving.join(5)
    for line in (listening, *lines):
        line.close()


def test_somebody_in_between_with_another_certificate_gets_neither_side(hall: Hall) -> None:
    server, olaf = hall.open(hall.devices["Anna"]), hall.devices["Olaf"]
    with between(server.port) as port:
        # Even somebody who was told the code: both sides prove it for their own line, and sign that line.
        assert refused(hall, olaf, port, server.hub.code) == "hall_code"
    assert server.hub.present() == []


def test_a_hub_that_cannot_show_a_pass_of_our_agency_is_told_nothing(hall: Hall) -> None:
    """Eve has made an agency of her own, and gives herself the pass she likes."""
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    own = server.hub.desk.own
    forged = sign(own.secret, own.shown.model_copy(update={"person": "Eve"}))
    object.__setattr__(server.hub.desk, "own", Own(own.secret, forged, own.shown, own.agency))
    assert refused(hall, olaf, server.port, server.hub.code) == "hall_stranger"


def test_a_laptop_of_another_town_does_not_come_in_even_with_the_code(hall: Hall) -> None:
    silke = hall.arrive("Silke", SIEGEN)
    reader = hall.arrive("Rita", BERLEBURG, Role.READER)
    server = hall.open(hall.devices["Anna"])
    for device in (silke, reader):
        assert refused(hall, device, server.port, server.hub.code) == "hall_not_theirs"
    assert server.hub.present() == []
    assert hall.cards(silke) == []


def test_who_was_let_in_is_told_of_this_workshop_and_can_touch_nothing_else(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    secret = measures.create(anna.store, {"title": "Geheim in Berleburg", "lead_ags": BERLEBURG})
    other = workshops.create(anna.store, {"title": "Nur Berleburg", "ags": BERLEBURG})
    link = hall.join(olaf, hall.open(anna))
    hall.meet(link)
    assert {olaf.state("measure", secret), olaf.state("workshop", other)} == {None}
    before = {key: state for key, state in anna.states().items() if state.root_id != hall.workshop}
    everything = {**anna.states()}
    # Olaf's program is another one now: it tells of records of other roots, and asks with all ids.
    foreign = [
        ("measure", everything["measure", secret]),
        ("workshop", everything["workshop", other]),
    ]
    pages = []
    for kind, state in foreign:
        row = pack(state)
        row[3] = "Überschrieben"
        row[-1] = {"b": [olaf.replica, 999, 1], "v": [olaf.replica, 999]}
        pages.append(Page(kind=kind, columns=[], rows=[row]))
        moved = [row[0], "workshop", hall.workshop, *row[3:]]
        pages.append(Page(kind=kind, columns=[], rows=[moved]))
    pages = [p.model_copy(update={"columns": columns(KINDS[p.kind])}) for p in pages]
    digests = dict.fromkeys([secret, other, new_id()], 1)
    reply = link._wire.ask("/hall/exchange", HallRequest(pages=pages, digests=digests), HallReply)
    assert {key: s for key, s in anna.states().items() if s.root_id != hall.workshop} == before
    told = {row[0] for page in reply.pages for row in page.rows} | set(reply.digests or {})
    assert told == {i for (_, i), s in everything.items() if s.root_id == hall.workshop}


def test_a_laptop_that_was_signed_off_comes_in_no_more_once_the_hub_has_heard_of_it(hall: Hall) -> None:
    anna, berta = hall.devices["Anna"], hall.arrive("Birte", BERLEBURG)
    assert hall.office.revoke(hall.number("Birte"))
    server = hall.open(anna)
    hall.join(berta, server)
    assert len(server.hub.present()) == 1, "nobody in the hall can know yet"
    with writing(anna.store.engine) as connection:  # a day later, with a moment of network
        connection.execute(update(setting).where(setting.c.name == "passport_at").values(value="0"))
    anna.sync()
    before = anna.states()
    assert refused(hall, berta, server.port, server.hub.code) == "hall_signed_off"
    assert anna.states() == before
    theirs = hall.open(berta)
    assert refused(hall, anna, theirs.port, theirs.hub.code) == "hall_signed_off", "nor does she go to its hub"
    hall.join(hall.devices["Olaf"], server)


def test_a_pass_that_the_agency_would_not_give_any_more_does_not_count(hall: Hall) -> None:
    """Measured by what the agency has said since, whatever the laptops' own clocks show."""
    anna, olaf = hall.arrive("Berta", BERLEBURG), hall.devices["Olaf"]
    server = hall.open(anna)
    with writing(anna.store.engine) as connection:
        connection.execute(update(setting).where(setting.c.name == "told_at").values(value="2999-01-01T00:00:00.000Z"))
    assert refused(hall, olaf, server.port, server.hub.code) == "hall_old_pass"


def _announced(connection: Connection) -> dict[int, int]:
    rows = connection.execute(select(replicas.c.replica, replicas.c.announced_n)).all()
    return {row.replica: row.announced_n for row in rows}


def test_a_device_speaks_for_its_own_replicas_alone_and_only_if_the_agency_knows_it(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.arrive("Omar", ARNSBERG, leads=True)
    secret = Own.of(olaf.store).secret
    claims = flatten({anna.replica: 5000, olaf.replica: 40})
    word = Word(signing=secret.public.signing.hex(), vector=claims, at="2026-01-01T00:00:00.000Z")
    signed = sign(secret, word)
    spoilt = Signed(told=signed.told.replace("40", "41"), signature=signed.signature)
    assert not olaf.between.carry(CarryRequest(words=[signed, spoilt])).outcome
    with hall.office.database.read() as connection:
        told = _announced(connection)
    assert told[olaf.replica] == 40
    assert told[anna.replica] < 5000, "of others it says nothing"
    assert hall.office.revoke(hall.number("Omar"))
    higher = sign(secret, word.model_copy(update={"vector": flatten({olaf.replica: 90})}))
    assert not anna.between.carry(CarryRequest(words=[higher])).outcome
    with hall.office.database.read() as connection:
        assert _announced(connection) == told


def test_a_letter_that_was_touched_on_the_way_is_refused_and_one_of_a_signed_off_device_too(hall: Hall) -> None:
    anna, olaf = hall.arrive("Astrid", BERLEBURG), hall.arrive("Oskar", ARNSBERG, leads=True)
    link = hall.join(olaf, hall.open(anna))
    hall.write(anna, "Bürgerbus")
    hall.meet(link)
    sealed = link.desk.post.letter(Own.of(anna.store).shown.signing)
    touched = bytearray(sealed)
    touched[len(touched) // 2] ^= 1
    reply = olaf.between.carry(CarryRequest(letter=base64.b64encode(bytes(touched)).decode()))
    assert (reply.outcome, reply.reason) == ("refused", "courier_damaged")
    assert hall.office.revoke(hall.number("Astrid"))
    olaf.sync()
    with reading(olaf.store.engine) as connection:
        (row,) = connection.execute(select(letter)).all()
    assert (row.state, row.reason) == ("refused", "token_revoked")
    assert row.body == sealed, "nothing is thrown away"
    assert hall.cards(olaf) == ["Bürgerbus"], "what was heard stays readable"


def test_whoever_speaks_no_tls_or_sends_too_much_is_hung_up_on(hall: Hall) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    server = hall.open(anna)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert not plain.recv(100).startswith(b"HTTP")
    where = Address("127.0.0.1", server.port)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for head in (b"Content-Length: 99999999", b"Transfer-Encoding: chunked", b"Content-Length: -4"):
        with socket.create_connection((where.host, where.port), timeout=5) as plain, context.wrap_socket(plain) as line:
            line.sendall(b"POST /hall/knock HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 400")
    hall.meet(hall.join(olaf, server))


def test_a_pass_is_signed_for_what_it_is_and_nothing_else(hall: Hall) -> None:
    """A word cannot be shown as a pass, although the same kind of key signs both."""
    own = Own.of(hall.devices["Olaf"].store)
    word = sign(own.secret, Word(signing="0" * 64, vector=[], at="2026-01-01T00:00:00.000Z"))
    server = hall.open(hall.devices["Anna"])
    for signed in (word, Signed(told=own.signed.told.replace(ARNSBERG, BERLEBURG), signature=own.signed.signature)):
        with pytest.raises(HallRefused, match="hall_stranger"):
            server.hub.desk.admission.check(signed)
    assert isinstance(server.hub.desk.admission.check(own.signed), Pass)
    with reading(hall.devices["Anna"].store.engine) as connection:
        assert connection.execute(select(entity.c.id)).first() is not None
