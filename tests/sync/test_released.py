"""A change that the agency has taken out of quarantine is settled at its author's, too."""

from __future__ import annotations

from app.server import office as counter
from app.server.service import AgencyService
from app.services import measures
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG


def test_the_author_hears_that_a_change_was_released(office: AgencyService, devices: Devices) -> None:
    """Bert had written before he could know that the measure was given away."""
    anna, bert = devices("Anna"), devices("Bert")
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG, "visibility": "consortium"})
    anna.sync()
    bert.sync()
    measures.edit(anna.store, measure, {"lead_ags": ARNSBERG})
    anna.sync()
    measures.edit(bert.store, measure, {"description": "Am Fluss entlang"})
    bert.sync()
    assert bert.change_states() == ["quarantined"]

    counter.release(office, f"{bert.replica}:1")
    bert.sync()
    assert bert.change_states() == ["confirmed"]
    assert bert.sync().rounds == 1, "it is settled once"
