"""The offline day from beginning to end."""

from __future__ import annotations

import pytest

from app.demo.story import play


@pytest.mark.slow
def test_every_promise_of_the_offline_day_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    kept = play()
    told = capsys.readouterr().out
    assert kept, told
    assert told.splitlines()[-1].startswith("story: ok · ")
    assert " · 0 lost · " in told.splitlines()[-1]
