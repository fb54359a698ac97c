"""How often the interpreter stops everything to look for garbage: seldom, for a pause is felt while typing."""

from __future__ import annotations

import gc

_SELDOM = 1_000
"""Younger collections per full one. The usual 10 make some thirty full ones in a first sync, 70 ms each."""


def calm() -> None:
    """Once per process, when everything it needs is loaded.

    What is loaded stays for good and is not looked at again; what comes and goes afterwards (rows, states,
    statements) hardly ever refers to itself and is freed at once without any search.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _SELDOM)
