"""A card or milestone made below something that a colleague has deleted meanwhile asks instead of vanishing."""

from __future__ import annotations

import secrets
from pathlib import Path

from app.config import Profile
from app.domain.catalogue import Role
from app.models.opening import create_profile
from app.models.queries import records, syncing, versions
from app.server.database import Database
from app.server.service import AgencyService
from app.services import measures
from app.services.versions import keep_after_all
from app.services.workspace import Workspace
from app.sync.engine import Engine
from app.sync.membership import join

OWN = "05970004"


def _desk(folder: Path, service: AgencyService, name: str) -> tuple[Workspace, Engine]:
    store = create_profile(Profile.at(folder / name), secrets.token_bytes(32), name, f"Laptop {name}", OWN)
    reply = join(store, service.as_device(""), "http://127.0.0.1:1", service.invite(Role.COORDINATOR, ags=OWN))
    return Workspace.of(store), Engine(store, service.as_device(reply.token))


def test_a_milestone_made_below_a_deleted_measure_comes_back_as_a_question(tmp_path: Path) -> None:
    service = AgencyService.found(Database(f"sqlite:///{tmp_path}/agency.db"), "Agentur")
    (katrin, to_agency), (jana, from_agency) = (_desk(tmp_path, service, n) for n in ("Katrin", "Jana"))
    measure = measures.create(katrin.store, {"title": "Radstation", "lead_ags": OWN})
    to_agency.sync()
    from_agency.sync()
    measures.delete(katrin.store, measure)
    milestone = measures.add_part(jana.store, measure, "milestone", {"title": "Eröffnung"})
    for engine in (to_agency, from_agency, to_agency):
        engine.sync()
    for desk in (katrin, jana):
        (asked,) = versions.questions(desk.reader)
        assert (asked.id, asked.root_title, asked.slot_name) == (milestone, "Radstation", "")
        assert [v.value for v in asked.versions] == [True, False]
        assert {v.writer.person for v in asked.versions} == {"Katrin", "Jana"}
        assert syncing.standing(desk.reader).questions == 1
    keep_after_all(katrin.store, "milestone", milestone, [("measure", measure)])
    for engine in (to_agency, from_agency):
        engine.sync()
    for desk in (katrin, jana):
        assert not versions.questions(desk.reader)
        back = records.get_record(desk.reader, "measure", measure)
        assert back is not None
        assert not back.gone
        desk.store.close()
    service.database.close()
