"""What an import needs to know of what is here already."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.access import Grant
from app.domain.german import title_sort_key
from app.models import rows, settings
from app.models.queries.reader import Reader
from app.models.queries.records import Record, record_of
from app.models.tables import kind_tables

measure = kind_tables["measure"]


@dataclass(frozen=True, slots=True)
class ImportContext:
    """Whose device this is and what it may do."""

    ags: str
    grant: Grant


def context(reader: Reader) -> ImportContext:
    with reader.snapshot() as connection:
        return ImportContext(settings.person(connection).ags, settings.grant(connection))


def find_measure(reader: Reader, code: str, title: str, lead_ags: str) -> Record | None:
    """The living measure with this code and title, or, without a code, with this title and lead."""
    m = measure.c
    key = title_sort_key(title[:200])
    with reader.snapshot() as connection:
        query = select(m.root_id).where(m.gone == 0, m.sort_key == key)
        query = query.where(m.code == code) if code else query.where(m.lead_ags == lead_ags)
        found = connection.execute(query.order_by(m.row).limit(1)).scalar()
        loaded = rows.load(connection, "measure", found) if found else None
        return None if loaded is None else record_of(connection, *loaded)
