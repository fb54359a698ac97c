"""What a device claims to have seen counts only as far as it can have seen it."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.access import AGENCY
from app.domain.encoding import encode_change
from app.server.service import AgencyService
from app.services import measures
from app.sync.wire import SyncRequest
from tests.server.laptop import Laptop, write
from tests.sync.devices import BERLEBURG, Device


def test_nobody_can_silence_words_that_are_not_written_yet(
    devices: Callable[..., Device], office: AgencyService
) -> None:
    anna, mallory = devices("Anna"), devices("Mallory")
    made = measures.create(anna.store, {"title": "Radweg", "lead_ags": BERLEBURG})
    anna.sync()
    claim = write("measure", made, "title", "Gelöscht")
    claim.context[anna.replica] = 2**52  # type: ignore[index]
    laptop = Laptop(office.as_device(mallory.token), mallory.replica)
    request = SyncRequest(replicas=[mallory.replica], changes=[encode_change(laptop.change(claim, hlc=1))])
    assert [o.outcome for o in office.as_device(mallory.token).sync(request).outcomes] == ["applied"]
    measures.edit(anna.store, made, {"title": "Radweg Nord"})
    anna.sync()
    anna.sync()
    state = anna.state("measure", made)
    assert state is not None
    assert {v.value for v in state.register(1).versions.values()} == {"Radweg Nord", "Gelöscht"}
    assert AGENCY not in anna.between.replies[-1].grant.scopes
