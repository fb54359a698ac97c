"""The project's own source as the architecture tests read it: files, modules, syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the project."""
    return sorted(f for folder in folders for f in (ROOT / folder).rglob("*.py") if "__pycache__" not in f.parts)


@cache
def tree(file: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def module_name(file: Path) -> str:
    """The dotted name of a file, for example `app.domain.merge`."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[str]:
    """The dotted names a file imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def is_within(module: str, room: str) -> bool:
    """True if the module is the room or lies in it."""
    return module == room or module.startswith(room + ".")


@cache
def tracked_files() -> tuple[Path, ...]:
    """The files git knows; all files outside the usual clutter where there is no git (a source archive)."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        names = [name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        clutter = {".venv", "build", "dist", "__pycache__"}
        names = [str(f.relative_to(ROOT)) for f in ROOT.rglob("*") if not clutter & set(f.parts)]
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())
