"""A record's first words give the row that their state would give, or no row at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import DECIDING, Grant, scopes_of, shared_view
from app.domain.births import birth_of
from app.domain.catalogue import Role
from app.domain.change import Add, Change, Create, Delete, Op, Write
from app.domain.digest import digest_of, digest_of_row
from app.domain.fields import KINDS, Merge
from app.domain.ids import derived_id
from app.domain.merge import EntityState, apply_change
from app.domain.packing import columns, pack, unpack
from tests.domain.worlds import palette, value_of

AGS = "05970004"
ROOT, CHILD = derived_id("births", "root"), derived_id("births", "child")


@st.composite
def firsts(draw: st.DrawFn) -> Change:
    """One change that creates a record, of any kind, and writes some of its slots."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    entity = ROOT if kind.is_root else CHILD
    ops: list[Op] = [Create(kind.name, entity, kind.name if kind.is_root else "workshop", ROOT)]
    for slot in draw(st.lists(st.sampled_from(kind.slots), unique=True, max_size=8)):
        if slot.merge is Merge.REGISTER:
            context = draw(st.sampled_from(({}, {}, {}, {9: 2})))
            ops.append(Write(kind.name, entity, slot.id, value_of(slot, draw(st.integers(0, 7))), context))
        elif slot.merge is Merge.SET:
            held = draw(st.lists(st.sampled_from([str(v) for v in palette(slot.fields[0])]), min_size=1, max_size=4))
            ops.append(Add(kind.name, entity, slot.id, tuple(held)))
    return Change(7, draw(st.integers(1, 99)), 5 << 16, "test", tuple(ops))


@given(firsts())
def test_the_row_of_a_birth_is_that_of_its_state(change: Change) -> None:
    made = change.ops[0]
    kind = KINDS[made.kind]
    state = apply_change(EntityState(made.kind, made.id), change)
    birth = birth_of(change, change.ops, DECIDING)
    plain = all(not op.context for op in change.ops if isinstance(op, Write))
    if birth is None:
        return
    assert plain
    assert birth.row == pack(state)
    assert unpack(kind, columns(kind), birth.row) == state
    assert digest_of_row(kind, birth.row) == digest_of(state)
    view = shared_view(state)
    assert birth.shared == (None if view is state else pack(view))
    if birth.shared is not None:
        assert unpack(kind, columns(kind), birth.shared) == view
    if kind.is_root:
        assert scopes_of(birth.view) == scopes_of(state)
        grant = Grant(Role.COORDINATOR, AGS)
        assert grant.may_edit(birth.view) == grant.may_edit(state)


def test_an_ordinary_new_measure_needs_no_state() -> None:
    kind = KINDS["measure"]
    ops = (
        Create("measure", ROOT, "measure", ROOT),
        Write("measure", ROOT, kind.slot_of["title"].id, "Radweg"),
        Write("measure", ROOT, kind.slot_of["lead_ags"].id, AGS),
        Add("measure", ROOT, kind.slot_of["sdgs"].id, ("9", "11", "9")),
    )
    change = Change(7, 1, 5 << 16, "measure.create", ops)
    birth = birth_of(change, ops, DECIDING)
    assert birth is not None
    assert birth.row == pack(apply_change(EntityState("measure", ROOT), change))


def test_whatever_is_more_than_first_words_goes_through_its_state() -> None:
    kind = KINDS["measure"]
    create = Create("measure", ROOT, "measure", ROOT)
    title = Write("measure", ROOT, kind.slot_of["title"].id, "Radweg")
    internal = Write("measure", ROOT, kind.slot_of["internal_note"].id, "Nur für uns")
    for ops in (
        (create,),
        (title, create),
        (create, Write("measure", ROOT, title.slot, None)),
        (create, Write("measure", ROOT, title.slot, "Radweg", {7: 1})),
        (create, title, Delete("measure", ROOT, {})),
        (create, internal),
        (create, Add("measure", ROOT, kind.slot_of["sdgs"].id, ("9",))),
    ):
        assert birth_of(Change(7, 2, 5 << 16, "test", ops), ops, DECIDING) is None
