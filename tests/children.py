"""Processes for tests that kill them, forked from one that has imported already what a new one takes a second for."""

from __future__ import annotations

import os
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

_IMPORTED = ["tests.e2e.fault_life", "tests.e2e.hall_laptop", "tests.models.killed"]


def children() -> ForkServerContext:
    """Where to make them; the server behind it is started once, so it imports what any of them needs."""
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1])
    processes = get_context("forkserver")
    processes.set_forkserver_preload(_IMPORTED)
    return processes
