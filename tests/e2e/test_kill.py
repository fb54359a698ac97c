"""A client that is killed while it edits and syncs; `benchmarks/kill.py` does the same 200 times."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_whatever_was_reported_survives_a_sudden_end() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/kill.py", "--times", "10"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert (figures["kills"], figures["server_kills"], figures["lost"]) == (10, 1, 0)
    assert figures["reported"] > 10
