"""Shipped files are found from a checkout, and a wrong name is said at once."""

from __future__ import annotations

import pytest

from app import resources


def test_shipped_files_are_found_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert resources.root().is_dir()
    assert resources.path() == resources.root()


def test_a_file_that_is_not_shipped_is_named_in_the_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"resources/theme/nirgends\.json"):
        resources.path("theme", "nirgends.json")
