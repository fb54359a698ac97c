"""A test of the tests: every way we can think of to merge wrongly must be noticed by laws and ledger."""

from __future__ import annotations

import inspect
import random
import sys
from types import ModuleType

import pytest

from app.domain import merge as real_merge
from tests.domain.worlds import World, check_everything, random_steps

MUTANTS: dict[str, tuple[str, str]] = {
    "last writer wins": (
        "kept = {d: v for d, v in self.versions.items() if not covers(context, d)}",
        "kept = {d: v for d, v in self.versions.items() if v.hlc > version.hlc}",
    ),
    "a write ignores its context": (
        "if not covers(context, d)}\n        kept[dot] = version",
        "}\n        kept[dot] = version",
    ),
    "a write overwrites all that is there": (
        "kept = {d: v for d, v in self.versions.items() if not covers(context, d)}\n        kept[dot]",
        "kept = {}\n        kept[dot]",
    ),
    "a write forgets what it had seen": (
        "join(join(self.context, context), {dot.replica: dot.n})",
        "join(self.context, {dot.replica: dot.n})",
    ),
    "a change heard twice counts twice": (
        "if covers(self.context, dot):\n            known",
        "if dot in self.versions:\n            known",
    ),
    "merging keeps overwritten versions": ("elif not covers(other.context, d):", "else:"),
    "merging drops what the other lacks": ("elif not covers(other.context, d):", "elif False:"),
    "merging takes in what was overwritten here": (
        "if d not in mine and not covers(self.context, d)",
        "if d not in mine",
    ),
    "merging forgets to join the contexts": (
        "return Register(kept, join(self.context, other.context))",
        "return Register(kept, self.context)",
    ),
    "the winner depends on the order": (
        "key=lambda item: (item[1].hlc, item[0])",
        "key=lambda item: item[1].hlc // 1000",
    ),
    "every second version is a question": (
        "return any(value != values[0] for value in values)",
        "return True",
    ),
    "only the first two versions are compared": (
        "return any(value != values[0] for value in values)",
        "return values[0] != values[1]",
    ),
    "removing an element removes additions it had not seen": (
        "left[e] = left.get(e, frozenset()) - frozenset(dots)",
        "left[e] = frozenset()",
    ),
    "merging sets without dots": ("| {d for d in a - b if not covers(other.context, d)}", "| (a - b)"),
    "removals win": ("| {d for d in a - b if not covers(other.context, d)}", ""),
    "additions are heard twice": (
        "if covers(self.context, dot):\n            return self\n        grown",
        "grown",
    ),
    "a removal that came early is forgotten": ("if dot not in self.removed.get(e, ()):", "if True:"),
    "early removals are lost in merging": (
        "merged[e] = kept - self.removed.get(e, _NO_DOTS) - other.removed.get(e, _NO_DOTS)",
        "merged[e] = kept",
    ),
    "a removal covers other additions": (
        "return _settled(left, self.context, removed)",
        "return _settled(left, join(self.context, vector_of(d for x in gone.values() for d in x)), removed)",
    ),
    "counters are added, not told": (
        "(max(up, ups), max(down, downs))",
        "(up + ups, down + downs)",
    ),
    "counters take the latest": ("(max(up, ups), max(down, downs))", "(ups, downs)"),
    "one total for all": ("totals.get(replica, (0, 0))", "totals.get(0, (0, 0))"),
    "deletion beats editing": (
        "complete = includes(join(had_seen, own), state.seen) and not kept_too",
        "complete = not kept_too",
    ),
    "a deletion had not seen itself": ("includes(join(had_seen, own),", "includes(had_seen,"),
    "only one deletion speaks": ("had_seen = join(had_seen, vector)", "had_seen = vector"),
    "keeping deletes": ("= kept.write(dot, Version(None, hlc), context)", "= kept"),
    "states forget what they saw": ("seen=join(a.seen, b.seen)", "seen=a.seen"),
    "a removal does not count as an edit": (
        "seen = join(state.seen, {dot.replica: dot.n})",
        "seen = state.seen if isinstance(op, Remove) else join(state.seen, {dot.replica: dot.n})",
    ),
    "texts of the other are dropped": ("a.texts.get(s, TextState()).merge(b.texts.get(s, TextState()))",
                                       "a.texts.get(s, TextState())"),
    "slots only the other has are dropped": (
        "for s in sorted(a.registers.keys() | b.registers.keys())",
        "for s in sorted(a.registers.keys())",
    ),
}  # fmt: skip


def mutant(old: str, new: str) -> ModuleType:
    """The merge module with one spot changed."""
    source = inspect.getsource(real_merge)
    assert old in source, "the spot is not there any more"
    module = ModuleType("mutated_merge")
    # dataclasses look their module up there
    sys.modules[module.__name__] = module
    try:
        exec(compile(source.replace(old, new), "mutated_merge.py", "exec"), module.__dict__)
    finally:
        del sys.modules[module.__name__]
    return module


def first_failure(engine: ModuleType, worlds: int = 1500) -> int | None:
    """Number of the first random world in which something is noticed."""
    for seed in range(worlds):
        rnd = random.Random(seed)
        try:
            check_everything(World(engine=engine).play(random_steps(rnd, rnd.choice((6, 15, 40)))))
        except (AssertionError, AttributeError, TypeError, KeyError):
            return seed
    return None


@pytest.mark.parametrize(("old", "new"), MUTANTS.values(), ids=MUTANTS.keys())
def test_a_wrong_merge_is_noticed(old: str, new: str) -> None:
    assert first_failure(mutant(old, new)) is not None


def test_the_right_merge_passes_the_same_worlds() -> None:
    assert first_failure(mutant("import", "import"), worlds=100) is None
