"""A stick between the devices and the agency of tests/sync."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.server.service import AgencyService
from tests.sync.courier.post import Stick


@pytest.fixture
def stick(tmp_path: Path, office: AgencyService) -> Stick:
    return Stick(tmp_path / "stick", office)
