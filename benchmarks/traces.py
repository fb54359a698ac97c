"""Recorded editing traces: who wrote what at which place, and what of the others everybody had seen by then."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Patch = tuple[int, int, str]
"""At a code point, so many were deleted and this came."""


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One transaction of a trace.

    Attributes:
        agent: who wrote it, from 0.
        patches: one after the other.
        seen: other agent -> number of the last keystroke of theirs that has to be seen before this one and
            was not needed before.
    """

    agent: int
    patches: tuple[Patch, ...]
    seen: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """A text from its beginning to its end."""

    start: str
    end: str
    agents: int
    keystrokes: tuple[Keystroke, ...]

    @property
    def needed(self) -> frozenset[int]:
        """Numbers of the keystrokes that somebody else builds upon."""
        return frozenset(n for k in self.keystrokes for n in k.seen.values())


def load(path: Path) -> Trace:
    """A trace of the editing-traces collection, gzipped or plain, of one person or of several."""
    raw = path.read_bytes()
    return parse(json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw))


def parse(told: dict[str, Any]) -> Trace:
    """The trace in a decoded file.

    Raises:
        ValueError: somebody is in two places at once, which no person and no device can be.
    """
    told_keystrokes = told["txns"]
    if told.get("kind") != "concurrent":
        alone = tuple(Keystroke(0, _patches(t)) for t in told_keystrokes)
        return Trace(told.get("startContent", ""), told["endContent"], 1, alone)
    agents = int(told["numAgents"])
    return Trace(told.get("startContent", ""), told["endContent"], agents, tuple(_woven(told_keystrokes, agents)))


def _woven(told: Sequence[dict[str, Any]], agents: int) -> list[Keystroke]:
    """Keystrokes with what is new to their writer, from the parents of each."""
    past: list[list[int]] = []
    last = [-1] * agents
    held = [[-1] * agents for _ in range(agents)]
    found: list[Keystroke] = []
    for number, t in enumerate(told):
        agent = int(t["agent"])
        reach = [max((past[p][a] for p in t["parents"]), default=-1) for a in range(agents)]
        if reach[agent] != last[agent]:
            raise ValueError(f"keystroke {number}: its writer forgets keystroke {last[agent]} of their own")
        new = {a: n for a, n in enumerate(reach) if a != agent and n > held[agent][a]}
        for a, n in new.items():
            held[agent][a] = n
        reach[agent] = last[agent] = number
        past.append(reach)
        found.append(Keystroke(agent, _patches(t), new))
    return found


def _patches(t: dict[str, Any]) -> tuple[Patch, ...]:
    return tuple((int(position), int(deleted), str(inserted)) for position, deleted, inserted in t["patches"])
