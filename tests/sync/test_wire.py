"""Messages: their exact shape on the wire, and what becomes of anything else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Add, Change, Create, Write
from app.domain.fields import KINDS
from app.domain.ids import derived_id
from app.domain.merge import EntityState, apply_change
from app.domain.packing import HEAD, columns, pack
from app.errors import AgencyGarbled, ContentError
from app.models.fresh import from_state
from app.sync import wire
from app.sync.translate import row_reader, translate
from app.sync.wire import MAX_BODY, Message, SyncReply, decode_body, decode_bytes, encode_body

GOLDEN = Path(__file__).parent / "golden"
GRANT = wire.GrantShape(role="coordinator", ags="05970004", workshops=["w"], scopes=["municipality:05970004"])
AUTHOR = wire.Author(replica=7, person="Jana Groß", device="Laptop 2", ags="05970004")
CHANGE = [
    7,
    1,
    65536,
    "measure.edit",
    "",
    1,
    [["w", "measure", "0192a000-0000-7000-8000-000000000001", 1, "Radweg", []]],
]
MESSAGES: dict[str, Message] = {
    "about": wire.About(agency="a1", name="Südwestfalen Agentur", protocol="1.0", epoch="e1"),
    "enrol_request": wire.EnrolRequest(code="ABCD-EFGH", replica=7, person="Jana Groß", device="Laptop 2"),
    "enrol_reply": wire.EnrolReply(agency="a1", name="Agentur", epoch="e1", token="t", grant=GRANT),
    "sync_request": wire.SyncRequest(
        app_version="0.1.0", epoch="e1", replicas=[5, 7], changes=[CHANGE],
        cursors={"municipality:05970004": 12}, receipted=[7, 3], texts={"m": "AAAA"},
        client_time="2026-03-12T09:30:00Z",
    ),
    "sync_reply": wire.SyncReply(
        agency="a1", epoch="e1",
        outcomes=[wire.Outcome(replica=7, n=1, outcome="quarantined", reason="kind")],
        accepted=[7, 1], receipts=[wire.Receipt(no=4, replica=7, n=1, at="2026-03-12T09:30:00.000Z")],
        pages=[wire.Page(kind="task", columns=[1], rows=[["0192", "measure", "0", "x", {"b": [7, 1, 9]}]])],
        feed=[wire.FeedEntry(scope="region", seq=9, kind="task", id="0192", held=True)],
        cursors={"region": 9}, more=True, grant=GRANT, authors=[AUTHOR],
        server_time="2026-03-12T09:30:00.000Z",
    ),
    "history_reply": wire.HistoryReply(
        entries=[wire.HistoryEntry(change=CHANGE, received_at="2026-03-12T09:30:00.000Z", receipt=4)],
        authors=[AUTHOR],
    ),
    "wait_request": wire.WaitRequest(epoch="e1", cursors={"region": 9}),
    "wait_reply": wire.WaitReply(news={"region": 11}),
    "problem": wire.Problem(title="Signed off", status=401, code="token_revoked", params={"n": 1}),
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_has_the_shape_that_was_agreed(name: str) -> None:
    message = MESSAGES[name]
    told = orjson.dumps(message.model_dump(mode="python"), option=orjson.OPT_INDENT_2) + b"\n"
    file = GOLDEN / f"{name}.json"
    if os.environ.get("MASSWERK_WRITE_GOLDEN"):  # a new file is a change of protocol: bring an ADR
        GOLDEN.mkdir(exist_ok=True)
        file.write_bytes(told)
    assert told == file.read_bytes()
    assert decode_body(type(message), told) == message
    assert decode_body(type(message), *encode_body(message)) == message


def test_every_message_has_a_golden_file() -> None:
    assert {f.stem for f in GOLDEN.glob("*.json")} == MESSAGES.keys()


def test_replies_may_grow_and_requests_may_not() -> None:
    grown = {**MESSAGES["about"].model_dump(), "motto": "neu"}
    assert decode_body(wire.About, orjson.dumps(grown)) == MESSAGES["about"]
    grown = {**MESSAGES["enrol_request"].model_dump(), "motto": "neu"}
    with pytest.raises(AgencyGarbled):
        decode_body(wire.EnrolRequest, orjson.dumps(grown))


@given(st.binary(max_size=400), st.sampled_from(("", "identity", "zstd", "gzip", "br")))
def test_any_bytes_are_garbled_and_nothing_else(body: bytes, encoding: str) -> None:
    for message in MESSAGES.values():
        with pytest.raises(AgencyGarbled):
            decode_body(type(message), body, encoding)


@given(JSON, st.sampled_from(sorted(MESSAGES)))
def test_any_json_is_a_message_or_garbled(told: object, name: str) -> None:
    try:
        body = orjson.dumps(told)
    except TypeError:
        return
    try:
        decode_body(type(MESSAGES[name]), body)
    except AgencyGarbled:
        return


@given(st.data())
def test_a_reply_with_anything_in_one_place_is_taken_or_garbled(data: st.DataObject) -> None:
    told = MESSAGES["sync_reply"].model_dump()
    parent, key = data.draw(st.sampled_from(_places(told)))
    parent[key] = data.draw(JSON)
    try:
        reply = decode_body(SyncReply, orjson.dumps(told))
    except (AgencyGarbled, TypeError):
        return
    translate(reply)


def _places(told: Any) -> list[tuple[Any, Any]]:
    pairs = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    found: list[tuple[Any, Any]] = []
    for key, value in pairs:
        found += [(told, key), *_places(value)]
    return found


def test_a_small_body_that_grows_without_end_is_cut_off() -> None:
    bomb = zstandard.compress(b" " * (MAX_BODY + 2))
    assert len(bomb) < 10_000
    with pytest.raises(AgencyGarbled) as found:
        decode_bytes(bomb, "zstd")
    assert found.value.code == "too_much"
    with pytest.raises(AgencyGarbled):
        decode_bytes(b"x" * 11, "", limit=10)


def test_half_a_body_is_no_body() -> None:
    body, encoding = encode_body(MESSAGES["sync_reply"])
    assert encoding == "zstd"
    for cut in range(0, len(body), 7):
        with pytest.raises(AgencyGarbled):
            decode_body(SyncReply, body[:cut], encoding)


def test_a_row_from_before_a_field_came_to_the_registry_goes_in_as_it_came_too() -> None:
    kind = KINDS["measure"]
    made, slots = derived_id("test", "older"), kind.slot_of
    ops = (
        Create("measure", made, "measure", made),
        Write("measure", made, slots["title"].id, "Radweg"),
        Write("measure", made, slots["place"].id, ("Markt", 51.1, None)),
        Add("measure", made, slots["tags"].id, ("Bus", "Rad")),
    )
    state = apply_change(EntityState("measure", made), Change(7, 3, 1 << 16, "measure.create", ops))
    row = orjson.loads(orjson.dumps(pack(state)))
    filled = [(i, v) for i, v in zip(columns(kind), row[HEAD:-1], strict=True) if v is not None]
    older, values = [i for i, _ in filled], [v for _, v in filled]
    _, came = row_reader(kind, older)([*row[:HEAD], *values, row[-1]])
    assert came is not None
    assert came.state == state
    assert came.fresh == from_state(state)
    newer = row_reader(kind, [*older, 9_999])([*row[:HEAD], *values, "a field of tomorrow", row[-1]])
    assert newer == (state, None)
    with pytest.raises(ContentError):
        row_reader(kind, older)([*row[:HEAD], *values[1:], row[-1]])
