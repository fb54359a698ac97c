"""Long texts: what several people write at once comes together, and damaged bytes never become words."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import loro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import Patch, TextDoc, TextState, check_update
from app.errors import GarbledText
from tests.domain.strategies import texts

WIDE = os.environ.get("MASSWERK_HYPOTHESIS") == "wide"
EMOJI = "Zug 👩‍🚒 e\u0301 Straße 🇩🇪"
Edit = tuple[int, int, int, str]
edits = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(0, 3), texts), max_size=12)


def play(doc: TextDoc, edit: Edit) -> bytes | None:
    """One edit somewhere in a text; the update it makes."""
    _, at, deleted, inserted = edit
    at %= doc.length + 1
    doc.delete(at, min(deleted, doc.length - at))
    if inserted:
        doc.insert(at, inserted)
    return doc.take_update()


def typed(text: str, peer: int = 1) -> TextState:
    doc = TextDoc(TextState(), peer)
    doc.insert(0, text)
    return doc.state()


def patched(text: str, patches: list[Patch]) -> str:
    """What an editor shows that plays the patches on a plain string."""
    for p in patches:
        assert 0 <= p.position <= p.position + p.deleted <= len(text)
        text = text[: p.position] + p.inserted + text[p.position + p.deleted :]
    return text


def updates_of(played: list[Edit], exchange: bool = True) -> tuple[list[TextDoc], list[bytes]]:
    """Three people write; now and then somebody takes in what the others have."""
    docs = [TextDoc(typed("Anfang 😀", peer=9), peer) for peer in (1, 2, 3)]
    made: list[bytes] = []
    for edit in played:
        update = play(docs[edit[0]], edit)
        if update:
            made.append(update)
        if exchange and edit[1] % 5 == 0:
            docs[edit[0]].receive(docs[(edit[0] + 1) % 3].state())
    return docs, made


@given(edits, st.integers(0, 10**6))
def test_shuffled_and_doubled_updates_end_in_the_same_text(played: list[Edit], seed: int) -> None:
    docs, made = updates_of(played)
    for doc in docs:
        for other in docs:
            doc.receive(other.state())
    assert len({doc.text for doc in docs}) == 1
    rnd = random.Random(seed)
    shuffled = made + rnd.sample(made, len(made) // 2)
    rnd.shuffle(shuffled)
    state = typed("Anfang 😀", peer=9)
    for update in shuffled:
        state = state.with_update(update)
        if rnd.random() < 0.4:
            state = state.compacted()
    assert state.text == docs[0].text
    assert state.version == docs[0].state().version
    assert state.compacted().updates == ()


@given(edits)
def test_merging_texts_commutes_associates_and_is_idempotent(played: list[Edit]) -> None:
    docs, _ = updates_of(played)
    a, b, c = (doc.state() for doc in docs)
    for one, other in [(a.merge(b), b.merge(a)), (a.merge(b).merge(c), a.merge(b.merge(c))), (a.merge(a), a)]:
        assert (one.text, one.version) == (other.text, other.version)
    assert a.merge(TextState()) is a
    assert TextState().merge(a) is a


@given(edits, st.lists(st.integers(0, 50), min_size=3, max_size=3))
def test_merging_states_with_waiting_updates_loses_none_of_them(played: list[Edit], dealt: list[int]) -> None:
    docs, made = updates_of(played)
    base = typed("Anfang 😀", peer=9)
    hands = [TextState(), TextState(), base]
    for i, update in enumerate(made):
        hand = (dealt[i % 3] + i) % 3
        hands[hand] = hands[hand].with_update(update).compacted()
    a, b, c = hands
    forth, back = a.merge(b).merge(c), c.merge(b.merge(a))
    assert (forth.text, forth.version) == (back.text, back.version)
    for doc in docs:
        for other in docs:
            doc.receive(other.state())
    assert forth.text == docs[0].text
    assert forth.updates == ()


@given(edits, st.booleans())
def test_an_editor_that_plays_the_patches_shows_the_texts_words(played: list[Edit], unsent: bool) -> None:
    docs = [TextDoc(typed("Anfang 😀", peer=9), peer) for peer in (1, 2, 3)]
    for edit in played:
        play(docs[edit[0]], edit)
        reader, writer = docs[(edit[0] + 1) % 3], docs[edit[0]]
        if unsent:
            reader.insert(0, "…")
        shown = reader.text
        shown = patched(shown, reader.receive(writer.state()))
        assert shown == reader.text


@given(texts, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6), texts), max_size=6))
def test_splicing_in_utf16_does_what_a_qt_document_did(start: str, splices: list[tuple[int, int, str]]) -> None:
    doc = TextDoc(typed(start), peer=2)
    model = start.encode("utf-16-le")
    for at, deleted, inserted in splices:
        cut = model[: 2 * at] + inserted.encode("utf-16-le") + model[2 * (at + deleted) :]
        try:
            if 2 * (at + deleted) > len(model):
                raise IndexError
            for piece in (model[: 2 * at], model[2 * at : 2 * (at + deleted)]):
                piece.decode("utf-16-le")
        except (IndexError, UnicodeDecodeError):
            if deleted or inserted:
                with pytest.raises(IndexError):
                    doc.splice_utf16(at, deleted, inserted)
        else:
            doc.splice_utf16(at, deleted, inserted)
            model = cut
        assert doc.text == model.decode("utf-16-le")
        assert doc.length == len(doc.text)


@given(texts, texts)
def test_replacing_all_makes_it_read_exactly_that(old: str, new: str) -> None:
    doc = TextDoc(typed(old), peer=2)
    doc.replace_all(new)
    assert doc.text == new
    doc.replace_all(new)
    assert doc.take_update() is None or old != new


paragraphs = st.lists(texts, max_size=8)


@given(paragraphs, paragraphs, st.sampled_from(["\n", " ", "\r\n", "\u2028"]))
def test_replacing_paragraphs_makes_it_read_exactly_that(old: list[str], new: list[str], between: str) -> None:
    doc = TextDoc(typed(between.join(old)), peer=2)
    doc.replace_all(between.join(old[:3] + new + old[3:]))
    assert doc.text == between.join(old[:3] + new + old[3:])


def test_replacing_all_touches_only_what_differs() -> None:
    """Somebody else's words inside an untouched paragraph survive."""
    lines = [f"Absatz {i} über den Radweg an der Ruhr, mit vielen Wörtern darin." for i in range(40)]
    base = typed("\n".join(lines))
    mine, theirs = TextDoc(base, 2), TextDoc(base, 3)
    mine.replace_all("\n".join([lines[0].upper(), *lines[1:20], "Neu 😀", *lines[20:-1], lines[-1] + "!"]))
    theirs.insert(theirs.text.index("Absatz 7 ") + 9, "(neu) ")
    mine.receive(theirs.state())
    assert mine.text.count("Absatz 7 (neu) über den Radweg") == 1
    assert mine.text.count("Absatz") == 39


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 30_000, "b" + "a" * 15_000),
        ("ab " * 8000, "ba " * 8000),
        ("x\n" * 8000, "y\nx\n" * 8000),
        ("", "ä" * 30_000),
    ],
    ids=["one word", "the same two words", "the same two lines", "from nothing"],
)
def test_replacing_very_long_monotonous_texts_does_not_take_minutes(old: str, new: str) -> None:
    doc = TextDoc(typed(old) if old else TextState(), peer=2)
    doc.replace_all(new)
    assert doc.text == new


@pytest.mark.parametrize("half", ["\ud83d", "a\ude00"])
def test_half_a_character_is_refused_before_anything_changes(half: str) -> None:
    doc = TextDoc(typed(EMOJI), peer=2)
    attempts: list[Callable[[], None]] = [
        lambda: doc.insert(0, half),
        lambda: doc.splice_utf16(0, 2, half),
        lambda: doc.replace_all(half),
    ]
    for attempt in attempts:
        with pytest.raises(UnicodeEncodeError):
            attempt()
    assert doc.text == EMOJI
    assert not doc.has_update()


def test_positions_beyond_the_text_are_refused() -> None:
    doc = TextDoc(typed("ab😀"), peer=2)
    attempts: list[Callable[[], None]] = [
        lambda: doc.insert(4, "x"),
        lambda: doc.insert(-1, "x"),
        lambda: doc.delete(2, 2),
        lambda: doc.delete(-1, 1),
        lambda: doc.delete(1, -1),
        lambda: doc.splice_utf16(5, 0, "x"),
        lambda: doc.splice_utf16(-1, 0, "x"),
        lambda: doc.splice_utf16(0, -1, "x"),
        lambda: doc.splice_utf16(3, 1, ""),
        lambda: doc.splice_utf16(1, 2, "x"),
    ]
    for attempt in attempts:
        with pytest.raises(IndexError):
            attempt()
    assert doc.text == "ab😀"


def test_updates_tell_only_what_was_not_told_yet() -> None:
    doc = TextDoc(TextState(), peer=1)
    assert doc.take_update() is None
    assert not doc.has_update()
    doc.insert(0, "eins")
    assert doc.has_update()
    first = doc.take_update()
    assert first is not None
    assert doc.take_update() is None
    doc.receive(typed("zwei", peer=5))
    assert not doc.has_update(), "what others wrote is not mine to tell"
    doc.insert(0, "drei")
    doc.receive(typed("vier", peer=6))
    assert doc.has_update(), "what I wrote before somebody else's words came in is still to be told"
    second = doc.take_update()
    assert second is not None
    everything = TextState().with_update(second).with_update(first).merge(typed("zwei", peer=5))
    assert everything.text == doc.text


def test_what_somebody_lacks_is_told_since_their_version() -> None:
    base = typed("Anfang")
    doc = TextDoc(base, peer=2)
    doc.insert(6, " und Ende")
    later = doc.state()
    update = later.since(base.version)
    assert base.with_update(update).text == "Anfang und Ende"
    assert len(update) < len(later.snapshot)
    assert TextState().with_update(later.since(TextState().version)).version == later.version
    for damaged in (b"", b"\xff\xff\xff", b"nonsense"):
        with pytest.raises(GarbledText):
            later.since(damaged)


def test_versions_are_equal_for_equal_texts_whoever_wrote_first() -> None:
    parts = [typed(str(peer), peer) for peer in (2**62, 1, 300, 2**40, 77)]
    forth, back = TextState(), TextState()
    for part in parts:
        forth = forth.merge(part)
    for part in reversed(parts):
        back = back.merge(part)
    assert forth.version == back.version
    assert loro.VersionVector.decode(forth.version) == loro.VersionVector.decode(back.version)
    assert len(loro.VersionVector.decode(forth.version).to_spans().inner()) == 5


def test_an_update_that_came_too_early_waits_through_folding_and_writing() -> None:
    writer = TextDoc(TextState(), peer=1)
    writer.insert(0, "eins ")
    first = writer.take_update()
    writer.insert(5, "zwei")
    second = writer.take_update()
    assert first
    assert second
    early = TextState().with_update(second)
    assert early.text == ""
    assert early.with_update(second) is early
    folded = early.compacted().merge(typed("drei ", peer=3)).compacted()
    assert folded.updates == (second,)
    reader = TextDoc(folded, peer=4)
    reader.insert(0, "vier ")
    assert reader.state().updates == (second,)
    done = reader.state().with_update(first).compacted()
    assert done.updates == ()
    assert all(word in done.text for word in ("eins zwei", "drei", "vier"))
    shown = patched(reader.text, reader.receive(TextState().with_update(first)))
    assert shown == reader.text == done.text
    assert reader.state().updates == ()


def damaged(whole: bytes, rnd: random.Random) -> bytes:
    spoiled = bytearray(whole)
    for _ in range(rnd.choice((1, 1, 2, 8))):
        how = rnd.randrange(4)
        at = rnd.randrange(len(spoiled))
        if how == 0:
            spoiled[at] ^= 1 << rnd.randrange(8)
        elif how == 1:
            del spoiled[at:]
        elif how == 2:
            spoiled[at:at] = rnd.randbytes(rnd.randrange(1, 5))
        else:
            spoiled[at : at + 4] = rnd.randbytes(4)
        if not spoiled:
            break
    return bytes(spoiled)


@pytest.mark.parametrize("shape", ["update", "snapshot"])
def test_damaged_bytes_are_refused_or_change_nothing(shape: str) -> None:
    base = typed(EMOJI * 3)
    doc = TextDoc(base, peer=2)
    doc.insert(5, "Ruhr 🚲 " * 5)
    doc.delete(0, 3)
    update = doc.take_update()
    assert update is not None
    whole = update if shape == "update" else doc.state().snapshot
    right = base.with_update(whole).text
    reader = TextDoc(base, peer=3)
    rnd = random.Random(shape)
    for _ in range(20_000 if WIDE else 3000):
        spoiled = damaged(whole, rnd)
        if not spoiled or spoiled == whole:
            continue
        try:
            check_update(spoiled)
        except GarbledText:
            with pytest.raises(GarbledText):
                reader.receive(TextState(updates=(spoiled,)))
            continue
        assert base.with_update(spoiled).text in (right, base.text)
    assert reader.text == base.text
    reader.insert(0, "geht noch ")
    assert reader.text == "geht noch " + base.text


def test_garbage_before_or_after_intact_bytes_takes_in_nothing_of_either() -> None:
    reader = TextDoc(TextState(), peer=3)
    for blobs in ((typed("gut").snapshot, b"Unsinn" * 9), (b"Unsinn" * 9, typed("gut").snapshot)):
        with pytest.raises(GarbledText):
            reader.receive(TextState(updates=blobs))
    assert reader.text == ""
    for nothing in (b"", b"\x00" * 50, b"loro", typed("x").snapshot[:-1], typed("x").snapshot + b"x"):
        with pytest.raises(GarbledText):
            TextState().with_update(nothing)


def test_a_snapshot_damaged_at_rest_is_named_as_such() -> None:
    for attempt in (
        lambda: TextState(b"Unsinn").text,
        lambda: TextState(b"Unsinn").version,
        lambda: TextDoc(TextState(b"Unsinn"), peer=1),
    ):
        with pytest.raises(GarbledText):
            attempt()


def test_what_foreign_programs_put_beside_our_text_is_not_shown() -> None:
    foreign = loro.LoroDoc()  # type: ignore[no-untyped-call]
    foreign.peer_id = 55
    foreign.get_text("other").insert(0, "nicht unser Text")
    foreign.get_map("m").insert("a", 1)
    foreign.get_list("l").insert(0, 3)
    foreign.get_text("t").insert(0, "unser Text")
    foreign.get_text("t").mark(0, 5, "bold", True)
    foreign.commit()
    reader = TextDoc(typed("hier: "), peer=2)
    shown = patched(reader.text, reader.receive(TextState(foreign.export(loro.ExportMode.Snapshot()))))
    assert shown == reader.text
    assert "unser Text" in shown
    assert "nicht" not in shown


def test_stopping_the_program_is_not_mistaken_for_damaged_bytes() -> None:
    from app.domain import text

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        text._guarded(interrupted)
