"""The project stands alone: pins with hashes and no addresses, two commands that are what the README says."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dev
from app import config
from tests.architecture.source import ROOT, tracked_files


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _pins() -> dict[str, str]:
    """Name -> version of every line of requirements.txt that begins a pin."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return {
        canonicalize_name(n): v for n, v in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.M)
    }


def _wanted() -> list[Requirement]:
    project = _pyproject()["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(line) for group in groups for line in group]


def test_every_dependency_is_pinned_within_its_range() -> None:
    pins = _pins()
    for wanted in _wanted():
        assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)]), (
            f"compile requirements.txt again: {wanted}"
        )


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for wanted in _wanted():
        index = next(i for i, line in enumerate(lines) if line.strip().startswith(f'"{wanted.name}'))
        assert lines[index - 1].strip().startswith("# "), wanted.name


def test_every_pin_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert len(entries) == len(_pins())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?:|file:|^-|@ ", text, re.M)


def test_the_pins_of_the_agency_alone_are_those_of_the_whole_to_the_hash() -> None:
    def entries(file: str) -> dict[str, set[str]]:
        text = (ROOT / file).read_text(encoding="utf-8")
        each = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
        return {entry.split()[0]: set(re.findall(r"--hash=(\S+)", entry)) for entry in each}

    agency, whole = entries("docs/agency/requirements.txt"), entries("requirements.txt")
    assert agency == {pin: whole[pin] for pin in agency}, "compile docs/agency/requirements.txt again"
    group = {Requirement(line).name for line in _pyproject()["dependency-groups"]["agency"]}
    assert group <= {wanted.name for wanted in _wanted()}
    assert group <= {pin.partition("==")[0] for pin in agency}


def test_the_version_stands_in_one_place() -> None:
    project = _pyproject()
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "app/config.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", config.VERSION)


def test_readme_names_every_verb_and_ci_runs_what_it_promises() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for verb in dev.VERBS:
        assert f"`python3 dev.py {verb}`" in readme, verb
    assert "python3 dev.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_no_tracked_file_names_a_machine() -> None:
    """Paths of somebody's disk and addresses of package indexes do not belong in the project."""
    told = re.compile(r"(?<![\w.])/(work|farm|root|home/\w+)/|index-" r"url|find-" r"links|\.\./shared")
    named = []
    for file in tracked_files():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{file.relative_to(ROOT)}: {match.group(0)}" for match in told.finditer(text)]
    assert not named


def test_the_decisions_have_their_five_parts() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [int(file.name[:4]) for file in decisions]
    assert len(set(numbers)) == len(numbers) > 0  # a number may be kept free for a decision that is being written
    for file in decisions:
        text = file.read_text(encoding="utf-8")
        for part in ("**Summary.**", "## Context", "## Decision", "## Consequences", "## Alternatives"):
            assert part in text, f"{file.name} lacks {part}"


def test_every_enemy_has_a_test_that_exists() -> None:
    told = (ROOT / "docs" / "agency" / "enemies.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", told)
    assert len(named) > 30
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert not missing
