"""An agency that has been updated: rows written under an older registry are read, shared and edited like new ones."""

from __future__ import annotations

from pathlib import Path

import orjson
from sqlalchemy import select, update

from app.domain.change import Create
from app.domain.digest import FORM
from app.domain.fields import KINDS, SCHEMA_VERSION
from app.domain.ids import EntityId, new_id
from app.domain.merge import EntityState
from app.domain.packing import HEAD
from app.models.queries import lineage
from app.server import tables
from app.server.database import Database
from app.server.service import AgencyService
from app.services import adoptions, measures
from tests.server.laptop import OLPE, Laptop, enrolled, write
from tests.services.conftest import BERLEBURG, Desk


def age(database: Database, measure: EntityId) -> None:
    """Stores a record as an agency of schema 1 has left it: without the columns that came later."""
    old = sum(1 for field in KINDS["measure"].fields if field.since == 1)
    with database.write() as connection:
        packed = connection.execute(select(tables.entity.c.packed).where(tables.entity.c.id == measure)).scalar_one()
        row = orjson.loads(packed)
        shorter = orjson.dumps([*row[: HEAD + old], row[-1]])
        assert len(row) > HEAD + old + 1
        told = {"packed": shorter if isinstance(packed, bytes) else shorter.decode(), "schema": 1}
        connection.execute(update(tables.entity).where(tables.entity.c.id == measure).values(**told))


def test_a_row_from_before_lineages_is_fetched_edited_and_taken_over(tmp_path: Path) -> None:
    assert SCHEMA_VERSION > 1
    database = Database(f"sqlite:///{(tmp_path / 'agentur.db').as_posix()}")
    service = AgencyService.found(database, "Agentur")
    anna = Desk(tmp_path / "Anna", service)
    measure = measures.create(anna.store, {"title": "Datenplattform", "lead_ags": BERLEBURG, "goals": "Offen"})
    anna.sync()
    age(database, measure)
    bert = Desk(tmp_path / "Bert", service)
    bert.sync()
    assert (bert.field(measure, "title"), bert.field(measure, "goals")) == ("Datenplattform", "Offen")
    assert bert.field(measure, "adopted_from") is None
    measures.edit(bert.store, measure, {"goals": "Offen für alle"})
    taken = adoptions.adopt(bert.store, measure, BERLEBURG)
    for desk in (bert, anna):
        desk.sync()
    assert anna.field(measure, "goals") == "Offen für alle"
    (adopter,) = lineage.lineage_of(anna.workspace.reader, measure).adopters
    assert adopter.measure == taken
    assert not anna.asked()


def _laptop(service: AgencyService, ags: str) -> Laptop:
    token, replica = enrolled(service, service.as_device(""), ags=ags)
    return Laptop(service.as_device(token), replica)


def _read(laptop: Laptop) -> dict[EntityId, EntityState]:
    laptop.pull()
    return laptop.records


def test_a_name_that_was_shared_before_it_was_internal_is_shared_no_more(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{(tmp_path / 'agentur.db').as_posix()}")
    service = AgencyService.found(database, "Agentur")
    anna, olga = (_laptop(service, ags) for ags in (BERLEBURG, OLPE))
    measure, risk = new_id(), new_id()
    anna.push(
        anna.change(
            Create("measure", measure, "measure", measure),
            write("measure", measure, "lead_ags", BERLEBURG),
            write("measure", measure, "visibility", "public"),
            Create("risk", risk, "measure", measure),
            write("risk", risk, "title", "Kein Fahrer"),
            write("risk", risk, "owner", "Jonas Weber"),
        )
    )
    with database.write() as connection:  # as an agency has left it that did not know better
        connection.execute(update(tables.entity).values(shared=None))
        connection.execute(update(tables.agency).values(digest_form=FORM - 1))
    assert "Jonas Weber" in str(_read(olga)[risk])
    AgencyService.found(database, "Agentur")
    told = str(_read(Laptop(olga.agency, olga.replica))[risk])
    assert "Kein Fahrer" in told
    assert "Jonas Weber" not in told
    assert "Jonas Weber" in str(_read(Laptop(anna.agency, anna.replica))[risk]), "its owners keep it"
    database.close()
