"""Raises the demo region: an agency full of records, and the people of the story with their profiles."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.region import DemoRegion, Person, load
from app.demo.seed import DemoClock, seed
from app.domain.ids import EntityId
from app.resources import path
from app.services import attachments


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, and the records the story is about."""

    katrin: Client
    martin: Client
    frauke: Client
    office: Client
    different_fields: EntityId
    same_field: EntityId
    deleted_here: EntityId
    workshop: EntityId

    @property
    def people(self) -> tuple[Client, ...]:
        """Those who edit offline."""
        return (self.katrin, self.martin, self.frauke)

    def close(self) -> None:
        for client in (*self.people, self.office):
            client.close()


def fill_agency(folder: Path, agency: DemoAgency, region: DemoRegion) -> int:
    """The whole region into a running agency, as its own office would have typed it; number of records."""
    first = min(record.touched_ms for record in region.records)
    office = region.people.office
    clock = DemoClock(min(first, int(time.time() * 1000)))
    code = agency.invite("agency")
    return seed(folder / "seed", agency.url, code, office.name, office.device, region, clock)


def enter(folder: Path, agency: DemoAgency, person: Person) -> Client:
    """One person's fresh profile, joined and with the region fetched."""
    client = Client.create(Profile.at(folder / person.key), person.name, person.device, person.ags)
    workshops = tuple(person.workshops)
    client.join(agency.url, agency.invite(person.role, person.ags, workshops))
    client.sync()
    return client


def raise_region(folder: Path, agency: DemoAgency) -> Cast:
    """Everything the story needs, through the same doors as in real life."""
    region = load(path("demo"))
    began = time.monotonic()
    count = fill_agency(folder, agency, region)
    people = region.people
    print(f"· Die Region liegt bei der Agentur: {count} Datensätze in {time.monotonic() - began:.1f} s.", flush=True)
    cast = Cast(
        katrin=enter(folder, agency, people.katrin),
        martin=enter(folder, agency, people.martin),
        frauke=enter(folder, agency, people.frauke),
        office=enter(folder, agency, people.office),
        different_fields=people.different_fields,
        same_field=people.same_field,
        deleted_here=people.deleted_here,
        workshop=people.workshop,
    )
    hang_pictures(cast)
    return cast


def hang_pictures(cast: Cast) -> None:
    """Katrin attaches what she photographed; the others get the previews with their next exchange."""
    from app.ui.attachments.previews import make_preview

    hung = (
        ("Mitfahrbank.jpg", "measure", cast.different_fields, "Vorschlag für den Standort am Ortsrand"),
        ("Ederbruecke.jpg", "measure", cast.same_field, "Blick von Süden, Geländer in Ordnung"),
        ("Flipchart.jpg", "workshop", cast.workshop, "Ergebnis der Station Mobilität"),
    )
    for name, kind, root, caption in hung:
        file = path("demo", "pictures", name)
        made = attachments.add(cast.katrin.store, (kind, root), attachments.look_at(file), make_preview(file))
        attachments.edit(cast.katrin.store, made, {"caption": caption})
    for client in (cast.katrin, *cast.people, cast.office):
        client.sync()
