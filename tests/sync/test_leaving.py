"""Records that leave a device's scopes while work on them is under way."""

from __future__ import annotations

from app.errors import AgencyUnreachable
from app.services import measures
from app.sync.wire import SyncReply, SyncRequest
from tests.sync.conftest import Devices
from tests.sync.devices import ARNSBERG, BERLEBURG


def _lost(_: SyncRequest, __: SyncReply) -> SyncReply:
    raise AgencyUnreachable(reason="lost")


def test_what_was_made_below_a_measure_that_left_meanwhile_leaves_with_it(devices: Devices) -> None:
    """The agency took the milestone, its answer was lost, then a colleague gave the measure away."""
    anna, bert = devices("Anna"), devices("Bert")
    measure = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    anna.sync()
    bert.sync()
    milestone = measures.add_part(bert.store, measure, "milestone", {"title": "Spatenstich"})
    bert.between.after = _lost
    try:
        bert.sync()
    except AgencyUnreachable:
        bert.calm()
    measures.edit(anna.store, measure, {"lead_ags": ARNSBERG})
    anna.sync()
    bert.sync()
    assert bert.state("measure", measure) is None
    assert bert.state("milestone", milestone) is None
    assert bert.change_states() == ["confirmed"]
