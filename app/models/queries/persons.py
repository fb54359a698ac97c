"""Who is known on this device: the names that fields for a person hold, to be chosen again."""

from __future__ import annotations

from sqlalchemy import select, union_all

from app.domain.person_fields import PERSON_FIELDS
from app.models.queries.reader import Reader
from app.models.settings import person
from app.models.tables import kind_tables


def known_persons(reader: Reader) -> list[str]:
    """Oneself first, then every name in use, as often written ones first and else by the alphabet."""
    columns = [kind_tables[kind].c[name] for kind, name in sorted(PERSON_FIELDS)]
    named = union_all(*(select(one.label("name")).where(one != "", one.table.c.gone == 0) for one in columns))
    with reader.snapshot() as connection:
        counts: dict[str, int] = {}
        for name in connection.execute(named).scalars():
            counts[str(name)] = counts.get(str(name), 0) + 1
        me = person(connection).name
    others = sorted(counts.keys() - {me}, key=lambda name: (-counts[name], name.casefold()))
    return [me, *others] if me else others
