"""The offline day from beginning to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.demo.launch import camera_for
from app.demo.story import play


@pytest.mark.slow
def test_every_promise_of_the_offline_day_is_kept_and_pictured(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = play(tmp_path, camera_for(tmp_path))
    told = capsys.readouterr().out
    assert kept, told
    assert told.splitlines()[-1].startswith("story: ok · ")
    assert " · 0 lost · " in told.splitlines()[-1]
    assert len(list(tmp_path.glob("*.png"))) == 7
