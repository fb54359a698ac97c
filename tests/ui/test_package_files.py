"""Fonts and icons are found from source and from a frozen bundle."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.ui import package_files, theme


def test_a_package_is_found_without_importing_it() -> None:
    found = package_files.folder("qtawesome")
    assert found is not None
    assert list((found / "fonts").glob("phosphor-*.ttf"))
    assert "qtawesome" not in sys.modules


def test_a_missing_package_is_none() -> None:
    assert package_files.folder("there_is_no_such_package") is None


def test_in_a_bundle_the_data_is_found_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = tmp_path / "fontpkg_inter" / "files"
    fonts.mkdir(parents=True)
    (fonts / "Inter-Italic[opsz,wght].ttf").touch()
    (fonts / "Inter[opsz,wght].ttf").touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert theme.inter_file() == fonts / "Inter[opsz,wght].ttf"
