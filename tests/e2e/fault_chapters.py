"""What a life rarely meets: a stick, a refusal, an officer, names, a hall, a twin, an agency put back, a bad page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import orjson
from sqlalchemy import select, update

from app.config import Profile
from app.domain.catalogue import Role
from app.domain.clock import flatten, unflatten
from app.domain.ids import EntityId, new_replica_id
from app.errors import UnreadableFile
from app.models import auditing, handovers
from app.models.engine import open_engine, writing
from app.models.opening import create_profile, open_store
from app.models.outbox import standing
from app.models.queries import participants as queries
from app.models.queries import syncing
from app.models.queries.identity import identity
from app.models.queries.reader import Reader
from app.models.store import Store, wall_clock_ms
from app.models.tables import entity
from app.server import office, upkeep
from app.server.config import Operation, SignIn
from app.server.courier import answer_file
from app.server.database import Database
from app.server.own_devices import OwnDevices
from app.server.service import AgencyService
from app.server.signin import Provider
from app.server.tables import device
from app.services import attachments, measures, participants, workshops
from app.sync.courier.read import read_answer
from app.sync.courier.write import write_file
from app.sync.engine import Engine
from app.sync.hall.guest import Address, GuestLink, enter
from app.sync.hall.hub import Hub
from app.sync.hall.serving import HubServer
from app.sync.membership import join
from app.sync.office_wire import DecideRequest, InviteRequest, LeadRequest, RevokeRequest
from app.sync.own_devices_wire import SignOffRequest
from app.sync.report import Report
from app.sync.sign_in_wire import SignInRequest, challenge_of, nonce_of
from tests.server.oidc import CLIENT, provider

KEY = bytes(range(32))
TOWN, NEIGHBOUR_TOWN = "05970004", "05958004"
PHOTO = bytes(range(256)) * 40
"""No picture at all, so that it stays as it is."""
TWIN, BACKUP, RETURNED = "twin.db", "agency.backup", "returned"


def exchange(store: Store, service: AgencyService, token: str = "") -> Report:
    """One exchange without a network between, under this profile's own token or another."""
    return Engine(store, service.as_device(token or standing(store).membership.token)).sync()


def note(folder: Path, made: EntityId) -> None:
    """This record must be there in the end, whatever becomes of the number of the change that made it."""
    with (folder / "records").open("a") as file:
        file.write(f"{made}\n")


def measure(store: Store, title: str, town: str = TOWN) -> EntityId:
    return measures.create(store, {"title": title, "lead_ags": town, "visibility": "consortium"})


def upgrade(folder: Path) -> None:
    """A profile of the first revision is opened by this program."""
    with _opened(folder, "old"):
        pass


def attach(folder: Path, store: Store, service: AgencyService) -> None:
    """A file at a measure; a second one is given up, a third one nobody refers to."""
    paper = folder / "Lageplan.bin"
    paper.write_bytes(PHOTO)
    made = measure(store, "Mit Anlage")
    attachments.add(store, ("measure", made), attachments.look_at(paper))
    note(folder, made)
    assert store.blobs is not None
    given_up = store.blobs.put([b"Skizze" * 100])
    store.blobs.discard(given_up.sha)
    exchange(store, service)
    store.blobs.retry_all()
    store.blobs.collect((), (), wall_clock_ms())
    service.blobs.collect(0)


def by_stick(folder: Path, store: Store, service: AgencyService) -> None:
    """A courier file is brought to a wrong office first, then to the right one, and answered."""
    note(folder, measure(store, "Auf dem Stick"))
    letter = write_file(store, folder / "Kurier.mwkurier").path
    (folder / "elsewhere").mkdir()
    wrong = AgencyService.found(Database(Operation(data=folder / "elsewhere").database_url), "Eine andere Agentur")
    with suppress(UnreadableFile):
        answer_file(wrong, letter, folder / "Irrläufer.mwkurier")
    wrong.database.close()
    answer_file(service, letter, folder / "Antwort.mwkurier")
    read_answer(store, folder / "Antwort.mwkurier")


def be_refused(folder: Path, store: Store, service: AgencyService) -> None:
    """Somebody gives a measure away just before an edit of it arrives; the operator lets the edit pass."""
    with _opened(folder, "second") as second:
        made = measure(second, "Wird abgegeben")
        exchange(second, service)
        exchange(store, service)
        measures.edit(second, made, {"lead_ags": NEIGHBOUR_TOWN})
        exchange(second, service)
    measures.edit(store, made, {"description": "Am Fluss entlang"})
    now = identity(Reader(store.engine))
    assert exchange(store, service).quarantined == 1
    office.release(service, f"{now.replica}:{now.n}")
    exchange(store, service)


def hand_over(folder: Path, store: Store, service: AgencyService) -> None:
    """The agency's own device lets somebody in and signs a device off, and sends an edit back to its author."""
    with closing(create_profile(Profile.at(folder / "officer"), KEY, "Agentur", "Büro", "")) as officer:
        join(officer, service.as_device(""), "http://localhost", service.invite(Role.AGENCY, "", ()))
        desk, token = service.oversight, standing(officer).membership.token
    desk.invite(token, InviteRequest(role="reader"))
    desk.revoke(token, RevokeRequest(device=99))
    desk.lead(token, LeadRequest(device=1, workshops=[], leads=False))
    with _opened(folder, "second") as second:
        made = measure(second, "Wird noch einmal abgegeben")
        exchange(second, service)
        exchange(store, service)
        measures.edit(second, made, {"lead_ags": NEIGHBOUR_TOWN})
        exchange(second, service)
    measures.edit(store, made, {"description": "Kommt zurück"})
    now = identity(Reader(store.engine))
    assert exchange(store, service).quarantined == 1
    with _opened(folder, "neighbour") as neighbour:
        exchange(neighbour, service)
        assert syncing.standing(Reader(neighbour.engine)).handovers == 1
    sent_back = DecideRequest(replica=now.replica, n=now.n, verdict="returned", note="Bitte mit Arnsberg klären.")
    assert desk.decide(token, sent_back).done
    exchange(store, service)
    with _opened(folder, "neighbour") as neighbour:
        exchange(neighbour, service)
    (folder / RETURNED).write_text(f"{made}\n")
    assert handovers.put_away(store, made) == 1
    store.put_settings(token=service.renew(standing(store).membership.token).token)
    exchange(store, service)


def sign_in(folder: Path, store: Store, service: AgencyService) -> None:
    """Somebody of the agency's staff comes in with an account of their house, which is closed afterwards."""
    with provider() as accounts:
        settings = SignIn(issuer=accounts.issuer, client=CLIENT, claim="groups", value="masswerk")
        staff = AgencyService(service.database, provider=Provider(settings, service.now)).staff
        verifier, redirect = "v" * 43, "http://127.0.0.1:1/anmeldung"
        asked = {"response_type": "code", "client_id": CLIENT, "redirect_uri": redirect, "scope": "openid", "state": ""}
        asked |= {"nonce": nonce_of(verifier), "code_challenge": challenge_of(verifier)}
        asked["code_challenge_method"] = "S256"
        code = accounts.authorize(asked).partition("code=")[2].partition("&")[0]
        request = SignInRequest(
            code=code, verifier=verifier, redirect=redirect, replica=new_replica_id(), person="Kim", device="Büro"
        )
        assert staff.sign_in(request).grant.role == "agency"
    with service.database.read() as connection:
        came = connection.execute(select(device.c.id).where(device.c.subject.is_not(None))).scalars().all()
    assert office.close_account(service, came[-1])


def sign_off(folder: Path, store: Store, service: AgencyService) -> None:
    """The sender signs off another laptop of theirs."""
    with closing(create_profile(Profile.at(folder / "spare"), KEY, "sender", "Altes Gerät", TOWN)) as spare:
        join(spare, service.as_device(""), "http://localhost", service.invite(Role.COORDINATOR, TOWN, ()))
    devices, token = OwnDevices(service.database, service.now), standing(store).membership.token
    told = devices.tell(token)
    other = next(one for one in told.devices if one.id != told.this)
    assert devices.sign_off(token, SignOffRequest(device=other.id)).done


def meet_in_a_hall(folder: Path, store: Store, service: AgencyService) -> None:
    """The second laptop is a guest of the sender's, who carries its letter to the agency and brings back the word."""
    workshop = workshops.create(store, {"title": "Im Saal", "ags": TOWN})
    note(folder, workshop)
    exchange(store, service)
    with _opened(folder, "second") as second:
        exchange(second, service)
        server = HubServer(Hub(store, workshop, letter_every=0.0))
        server.open("127.0.0.1", 0)
        try:
            entry = enter(second, Address("127.0.0.1", server.port), server.hub.code)
            link = GuestLink(second, entry, letter_every=0.0)
            link.desk.post.most = 25_000  # so that its words take two letters
            long = "".join(sha256(b"%d" % i).hexdigest() for i in range(300))
            for at, words in ((second, "Vom Gast"), (second, long), (second, long[1:]), (store, "Vom Gastgeber")):
                note(folder, workshops.add_card(at, workshop, workshops.Card("idea", words))[1])
            for carried in (False, True):
                if carried:
                    exchange(store, service)
                for _ in range(3):
                    while link.exchange():
                        pass
            link.leave()
        finally:
            server.close()
        exchange(second, service)


def keep_names(folder: Path, store: Store, service: AgencyService) -> None:
    """Names of people at a workshop, which nobody but this device ever has."""
    workshop = workshops.create(store, {"title": "Mit Namen", "ags": TOWN})
    note(folder, workshop)
    participants.add(store, workshop, ["Erika Muster, SGV Aue", "Max Beispiel"], date(2027, 5, 1))
    one, other = queries.participants(Reader(store.engine), workshop)
    participants.change(store, replace(one, function="Vorsitz"))
    participants.remove(store, other)
    participants.erase_due(store, date(2027, 6, 1))
    exchange(store, service)


def have_a_twin(folder: Path, store: Store, service: AgencyService) -> None:
    """A copy of the profile at work elsewhere: under the same numbers, then under a colleague's token too."""
    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(f"VACUUM INTO '{folder / TWIN}'")
    note(folder, measure(store, "Vom Original"))
    exchange(store, service)
    with closing(twin_of(folder)) as twin:
        for title in ("Vom Zwilling", "Noch einmal vom Zwilling"):
            made = measure(twin, title)
            note(folder, made)
            measures.edit(twin, made, {"tags": ("doppelt",)})
        assert len(exchange(twin, service).forked) == 1
        note(folder, measure(twin, "Unter fremder Anmeldung"))
        with _opened(folder, "second") as second:
            token = standing(second).membership.token
        assert len(exchange(twin, service, token).forked) == 1


def twin_of(folder: Path) -> Store:
    """The copy, where nothing tells that it is one."""
    return Store(open_engine(folder / TWIN, KEY))


def put_back(folder: Path, store: Store, service: AgencyService) -> None:
    """The agency comes back from an older copy, and the laptop of whoever wrote meanwhile is gone."""
    with _opened(folder, "colleague") as colleague:
        kept = measure(colleague, "Von früher")
        exchange(colleague, service)
        office.backup(service.database, folder / BACKUP)
        measures.edit(colleague, kept, {"title": "Nach der Sicherung"})
        new, given = measure(colleague, "Neu nach der Sicherung"), measure(colleague, "Bald in Arnsberg")
        exchange(colleague, service)
        note(folder, measure(store, "Auch nach der Sicherung"))
        exchange(store, service)
        note(folder, new)
        measures.edit(colleague, given, {"lead_ags": NEIGHBOUR_TOWN, "visibility": "municipality"})
        exchange(colleague, service)
    with _opened(folder, "neighbour") as neighbour:
        exchange(neighbour, service)
        service.database.close()
        service = restored(folder)
        assert exchange(neighbour, service).healed == 1
    report = exchange(store, service)
    service.database.close()
    assert report.healed, "what the colleague wrote, known by hearsay"
    assert report.swept, "what has become the neighbour's"


def restored(folder: Path) -> AgencyService:
    """What the operator does: lay aside what there is, put the copy back, begin a new epoch."""
    place = Operation(data=folder / "agency")
    aside = sum(each.name.startswith("agency-") for each in folder.iterdir())
    place.data.rename(folder / f"agency-{aside}")
    upkeep.restore(place, folder / BACKUP)
    return AgencyService(Database(place.database_url))


def be_spoilt(folder: Path, store: Store, service: AgencyService) -> None:
    """A neighbour's record here speaks of a change that nobody ever made: seen only by comparing everything."""
    with _opened(folder, "neighbour") as neighbour:
        made = measure(neighbour, "Aus Arnsberg", NEIGHBOUR_TOWN)
        exchange(neighbour, service)
    exchange(store, service)
    note(folder, made)
    with writing(store.engine) as connection:
        clocks = orjson.loads(connection.execute(select(entity.c.clocks).where(entity.c.id == made)).scalar_one())
        clocks["v"] = flatten(unflatten(clocks.get("v", clocks["b"][:2])) | {2**61: 9})
        connection.execute(update(entity).where(entity.c.id == made).values(clocks=orjson.dumps(clocks)))
        auditing.suspect(connection)
    assert exchange(store, service).aside == 1, "the agency does not believe it, and this profile yields"


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[Store]:
    with closing(open_store(Profile.at(folder / name), KEY)) as opened:
        yield opened
