"""dev.py as a developer meets it: run as a program, in a copy of the project that has no environment yet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files dev.py reads, elsewhere, so that nothing here touches the environment the tests run in."""
    for name in ("dev.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "dev.py"), *arguments]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, encoding="utf-8", timeout=60)


def _broken_environment(checkout: Path, python: str) -> None:
    folder = checkout / dev.PYTHON.relative_to(dev.ROOT).parent
    folder.mkdir(parents=True)
    file = folder / dev.PYTHON.name
    file.write_text(python, encoding="utf-8")
    file.chmod(0o755)


def test_without_arguments_it_lists_every_verb_in_one_line_each(checkout: Path) -> None:
    told = _run(checkout)
    assert told.returncode == 0
    assert [line.split()[2] for line in told.stdout.splitlines()] == list(dev.VERBS)


def test_a_verb_that_does_not_exist_is_answered_with_a_remedy(checkout: Path) -> None:
    told = _run(checkout, "fliegen")
    assert told.returncode == 2
    assert "Abhilfe" in told.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a script cannot stand in for python.exe there")
@pytest.mark.parametrize("python", ["#!/bin/sh\nexit 3\n", "#!/no/such/interpreter\n"])
def test_a_broken_environment_is_refused_and_left_for_its_owner_to_delete(checkout: Path, python: str) -> None:
    _broken_environment(checkout, python)
    told = _run(checkout, "test")
    assert told.returncode == 2
    assert "beschädigt" in told.stderr
    assert str(checkout / ".venv") in told.stderr
    assert (checkout / ".venv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a script cannot stand in for python.exe there")
def test_a_second_dev_py_waits_for_the_first(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _broken_environment(checkout, "#!/bin/sh\nexit 3\n")
    monkeypatch.setattr(dev, "ROOT", checkout)
    command = [sys.executable, "-u", str(checkout / "dev.py"), "setup"]
    with dev.alone():
        second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        assert second.stdout
        assert "ich warte" in second.stdout.readline()
        assert second.poll() is None
    _, complaint = second.communicate(timeout=60)
    assert "beschädigt" in complaint


def test_an_environment_made_from_other_pins_is_not_taken_for_ready(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_environment(checkout, "")
    monkeypatch.setattr(dev, "ROOT", checkout)
    monkeypatch.setattr(dev, "REQUIREMENTS", checkout / "requirements.txt")
    monkeypatch.setattr(dev, "PYTHON", checkout / dev.PYTHON.relative_to(ROOT))
    monkeypatch.setattr(dev, "STAMP", checkout / ".venv" / "stamp")
    assert not dev.is_ready()
    dev.STAMP.write_text(dev.wanted_stamp(), encoding="utf-8")
    assert dev.is_ready()
    with (checkout / "requirements.txt").open("a", encoding="utf-8") as pins:
        pins.write("more==1.0\n")
    assert not dev.is_ready()


def test_a_missing_library_is_named_by_its_debian_package() -> None:
    assert dev.missing_libraries({"libnirgendwo.so.7": "libnirgendwo7"}) == ["libnirgendwo7"]
    assert dev.missing_libraries({}) == []


def test_nothing_of_a_foreign_python_reaches_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/anderswo")
    monkeypatch.setenv("VIRTUAL_ENV", "/anderswo")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = dev.child_environment()
    assert "PYTHONPATH" not in env
    assert "PYTHONDONTWRITEBYTECODE" not in env
    assert "VIRTUAL_ENV" not in env


def test_the_whole_suite_takes_every_core_and_a_single_test_one() -> None:
    assert dev.spread(["-x"]) == [*dev.SPREAD, "-x"]
    for single in (["tests/domain"], ["-p", "no:xdist"], ["-n", "0"], ["-n0"]):
        assert dev.spread(single) == single
