"""Reads the plain-text sources of the demo region: blocks under [headings] with "key: value" lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("source")
Record = dict[str, Any]


@dataclass
class Block:
    """One [heading] with its single values, repeated values and free lines in order."""

    ref: str
    rest: str = ""
    lines: list[str] = field(default_factory=list)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """(key, value) of every "key: value" line."""
        for line in self.lines:
            key, colon, value = line.partition(":")
            if colon:
                yield key.strip(), value.strip()


def blocks(name: str) -> list[Block]:
    """Every block of one source file."""
    found: list[Block] = []
    for line in (SOURCE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") and not line.startswith("##"):
            continue
        if line.startswith("["):
            ref, _, rest = line[1:].partition("]")
            found.append(Block(ref, rest.strip()))
        elif found:
            found[-1].lines.append(line)
    return found


def cells(text: str, count: int) -> list[str]:
    """The cells between bars, filled up with empty ones."""
    found = [cell.strip() for cell in text.split("|")]
    return found + [""] * (count - len(found))


def words() -> dict[str, Any]:
    """The phrases that measures are dressed with."""
    read: dict[str, Any] = json.loads((SOURCE / "words.json").read_text(encoding="utf-8"))
    return read


def record(kind: str, ref: str, values: Record, root: str = "") -> Record:
    """One line of the result, without what is unknown."""
    kept = {name: value for name, value in values.items() if value not in (None, "", [])}
    made: Record = {"kind": kind, "ref": ref}
    if root:
        made["root"] = root
    return made | {"values": kept}


def order(position: int) -> str:
    """A short sort key: a0, a1, … az, then b00."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    if position < len(digits):
        return f"a{digits[position]}"
    position -= len(digits)
    return f"b{digits[position // 62]}{digits[position % 62]}"
