"""Identities: unique without asking, the same where they must be, and one spelling."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import derived_id, is_id, new_id, new_replica_id, text_peer
from tests.domain.worlds import RECORD


def test_fresh_ids_sort_by_creation_and_are_never_the_same() -> None:
    ids = [new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(is_id(i) for i in ids)
    assert [i[:13] for i in ids] == sorted(i[:13] for i in ids)


def test_the_same_parts_make_the_same_id_on_every_device() -> None:
    assert derived_id("head count", RECORD) == "c11ba664-6ba7-5a1f-91b9-f4b9e7a05c1e"
    assert derived_id("a", "bc") != derived_id("ab", "c")


@given(st.text(max_size=40) | st.uuids().map(str))
def test_an_id_is_the_canonical_spelling_of_a_uuid(text: str) -> None:
    try:
        canonical = str(uuid.UUID(text))
    except ValueError:
        canonical = None
    assert is_id(text) == (canonical == text)


@pytest.mark.parametrize(
    "thing",
    [None, 5, RECORD.upper(), RECORD + "\n", f"{{{RECORD[:-2]}}}", RECORD.replace("-", "_"), b"a" * 36],
)
def test_no_id(thing: object) -> None:
    assert not is_id(thing)


def test_replicas_fit_into_a_database_column() -> None:
    assert all(0 < new_replica_id() <= 2**62 for _ in range(1000))


def test_a_text_peer_is_shared_by_sessions_and_by_nobody_else() -> None:
    peer = text_peer(5, RECORD, 1, 0)
    assert peer == text_peer(5, RECORD, 1, 0)
    assert 0 <= peer < 2**63
    others = {text_peer(6, RECORD, 1, 0), text_peer(5, new_id(), 1, 0), text_peer(5, RECORD, 2, 0)}
    assert len({peer, *others, text_peer(5, RECORD, 1, 1)}) == 5
