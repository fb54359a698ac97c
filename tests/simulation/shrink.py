"""A failing story made short: steps are left out as long as it fails in the same way."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.simulation.runs import judge
from tests.simulation.world import Plan, Step, World

MOST_TRIES = 400


def sort_of(fault: str) -> str:
    """What kind of failure it is, whoever and whatever it befell."""
    return re.sub(r"[0-9a-f]{6}\b|\d+(:\d+)?|\b[A-J]\b|'[^']*'", "#", fault)[:60]


def shrink(story: Plan, fault: str, mutant: str = "") -> Plan:
    """The shortest story found that still fails like this."""
    wanted, tries = sort_of(fault), 0

    def fails(steps: list[Step]) -> bool:
        nonlocal tries
        tries += 1
        return sort_of(judge(replace(story, steps=tuple(steps)), mutant).fault) == wanted

    steps = list(story.steps)
    size = max(1, len(steps) // 2)
    while size and tries < MOST_TRIES:
        start, shorter = 0, False
        while start < len(steps) and tries < MOST_TRIES:
            fewer = steps[:start] + steps[start + size :]
            if fails(fewer):
                steps, shorter = fewer, True
            else:
                start += size
        size = size if shorter and size == 1 else size // 2
    for i, step in enumerate(steps):
        if step.inner and tries < MOST_TRIES:
            alone = [*steps[:i], replace(step, inner=()), *steps[i + 1 :]]
            steps = alone if fails(alone) else steps
    return replace(story, steps=tuple(steps))


def told(story: Plan, mutant: str = "") -> list[str]:
    """The story in readable lines: who is there, what was planned, and what then happened."""
    from contextlib import nullcontext

    from tests.simulation.mutants import mutation

    world = World(story, mutation(mutant) if mutant else nullcontext)
    try:
        world.play()
        end = "ends well"
    except Exception as error:  # noqa: BLE001 - it is told, whatever it is
        end = f"{type(error).__name__}: {error}"
    people = ", ".join(f"{'ABCDEFGHIJ'[i]} {role.value} {ags}".strip() for i, (role, ags) in enumerate(story.cast))
    return [f"seed {story.seed}: {people}", *(f"  {step}" for step in story.steps), *world.story, end]
