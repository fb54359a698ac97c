"""A program that knows fewer fields than the agency, and its update: nothing is passed over, nothing goes unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.fields import SCHEMA_VERSION
from app.errors import AgencyGarbled
from app.models import settings
from app.models.engine import writing
from app.server.service import AgencyService
from app.server.tables import heal
from app.services import measures
from app.sync import exchange
from tests.sync.devices import ARNSBERG, BERLEBURG
from tests.sync.test_audit import Backup, Devices, agency_sums, measure, sums


@pytest.mark.parametrize("author_is_back", [False, True])
def test_an_earlier_program_lets_nothing_go_that_only_it_may_know_until_it_can_compare(
    devices: Devices, office: AgencyService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, author_is_back: bool
) -> None:
    anna, bert = devices("Anna"), devices("Bert", ARNSBERG)
    made = measure(anna, participating_ags={ARNSBERG})
    anna.sync()
    bert.sync()
    measures.edit(anna.store, made, {"participating_ags": set()})
    anna.sync()
    bert.sync()
    assert bert.states() == {}
    backup = Backup(office, tmp_path)
    measures.edit(anna.store, made, {"participating_ags": {ARNSBERG}, "title": "Wieder zusammen"})
    anna.sync()
    bert.sync()
    backup.restore()  # which has forgotten Anna's last words; she may be gone
    own = measure(bert, "Eigene Arbeit", lead_ags=ARNSBERG)
    with monkeypatch.context() as earlier:
        earlier.setattr(exchange, "SCHEMA_VERSION", SCHEMA_VERSION - 1)
        for _ in range(2):
            bert.sync()
        assert bert.change_states() == ["confirmed"], "own words go all the same"
        assert bert.title(made) == "Wieder zusammen"
    if author_is_back:
        anna.sync()
    with writing(bert.store.engine) as connection:
        settings.put(connection, read_by=f"{SCHEMA_VERSION - 1}/0")
    bert.sync()
    bert.sync()
    if author_is_back:
        assert bert.title(made) == "Wieder zusammen"
    else:
        with office.database.read() as connection:
            assert connection.execute(select(heal.c.entity_id)).scalar_one() == made, "nothing is lost: it lies aside"
        assert set(bert.states()) == {("measure", own)}
    assert sums(bert) == agency_sums(office, bert)


def test_an_old_answer_does_not_pass_over_what_is_to_be_read_again(devices: Devices) -> None:
    anna, bert = devices("Anna"), devices("Bert")
    made = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    anna.sync()
    bert.sync()
    bert.sync()
    nothing_new = bert.between.replies[-1]
    with writing(bert.store.engine) as connection:
        settings.put(connection, read_by="1/0")  # an earlier program; everything is to be read again
    bert.between.after = lambda *_: nothing_new
    with pytest.raises(AgencyGarbled) as told:
        bert.sync()
    assert told.value.params == {"reason": "stale"}
    bert.calm()
    bert.sync()
    assert made in {row[0] for page in bert.between.replies[-1].pages for row in page.rows}
