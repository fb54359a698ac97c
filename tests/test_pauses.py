"""The interpreter's search for garbage does not stop somebody who types."""

from __future__ import annotations

import subprocess
import sys

_STORY = """
import gc
from app import pauses
from app.models import store  # what a program has loaded by then
pauses.calm()
full = []
gc.callbacks.append(lambda phase, info: full.append(phase) if info["generation"] == 2 else None)
kept = [{"row": [n, str(n)]} for n in range(300_000)]
assert gc.get_freeze_count() > 50_000, gc.get_freeze_count()
assert not full, "a full search while rows arrive"
knot = []
knot.append(knot)
del knot
assert gc.collect() >= 1, "what refers to itself is still found"
"""


def test_rows_that_arrive_make_nobody_wait_for_a_full_search() -> None:
    done = subprocess.run([sys.executable, "-c", _STORY], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
