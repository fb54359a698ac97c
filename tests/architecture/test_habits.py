"""The habits of the house that a machine can see: sizes, names, words, and what tests may not do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, python_files, tracked_files, tree

MOST_LINES = 450
MOST_LINES_OF_A_FUNCTION = 60
BANNED = {"manager", "handler", "helper", "helpers", "utils", "util", "data", "info", "process", "misc"}
QT_NAMES = re.compile(r"[a-z]+([A-Z]\w*)?")
"""In `ui` Qt calls us by its own names: `data`, `setData`, `mimeData`."""
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _definitions(file: Path) -> Iterator[Definition]:
    yield from (node for node in ast.walk(tree(file)) if isinstance(node, Definition))


def _noun(name: str) -> str:
    """What the name says the thing is: `data_folder` is a folder, `ChangeManager` is a manager."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return str(words[-1]).lower() if words else ""


def _docstrings(module: ast.Module) -> set[int]:
    """Ids of the constants that are documentation: docstrings and the strings below attributes."""
    return {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def test_no_file_answers_two_questions_by_its_length() -> None:
    long = {
        str(file.relative_to(ROOT)): count
        for file in [*python_files("app", "tests", "benchmarks"), ROOT / "dev.py"]
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long


def test_no_function_is_longer_than_a_page() -> None:
    """A migration is a list of tables as they were and may be as long as they are."""
    long = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in [*python_files("app"), ROOT / "dev.py"]
        for node in _definitions(file)
        if "versions" not in file.parts
        and not isinstance(node, ast.ClassDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_names_say_what_a_thing_is() -> None:
    """A banned word is a sign that the name does not say it yet."""
    vague = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in python_files("app")
        for name in [file.stem, *(node.name for node in _definitions(file))]
        if _noun(name) in BANNED and not ("ui" in file.parts and name != file.stem and QT_NAMES.fullmatch(name))
    ]
    assert not vague


def test_nobody_reads_the_word_conflict_on_screen() -> None:
    said = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.value[:60]!r}"
        for file in python_files("app")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "konflikt" in node.value.lower()
        and id(node) not in _docstrings(tree(file))
    ]
    texts = [
        f
        for f in tracked_files()
        if f.is_relative_to(ROOT / "resources") and f.suffix in (".txt", ".html", ".md", ".csv")
    ]
    said += [str(f.relative_to(ROOT)) for f in texts if "konflikt" in f.read_text(encoding="utf-8-sig").lower()]
    assert not said, "say: Zwei Fassungen"


def test_tests_use_the_real_thing_and_never_sleep() -> None:
    wrong = []
    for file in python_files("tests"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ImportFrom | ast.Import):
                names = {node.module or ""} if isinstance(node, ast.ImportFrom) else {a.name for a in node.names}
                # The simulator puts in chance and mutants, which are our own code made wrong, and no stand-ins.
                is_world = file.is_relative_to(ROOT / "tests" / "simulation") and names == {"unittest.mock"}
                if any(n.startswith(("unittest.mock", "mock", "pytest_mock")) for n in names) and not is_world:
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} mocks")
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep", "qtbot.wait"):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} sleeps")
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("keyClicks"):
                typed = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                if not all(text.isascii() for text in typed):
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} keyClicks aborts on umlauts")
    assert not wrong


def test_every_module_says_in_one_sentence_what_belongs_there() -> None:
    silent = [
        str(f.relative_to(ROOT)) for f in python_files("app") if not ast.get_docstring(tree(f)) and f.stat().st_size
    ]
    assert not silent


_TAKEN_OVER = {"focusProxy", "nextInFocusChain", "previousInFocusChain", "buddy", "checkedButton"}
"""PySide makes a child of who is asked what these answer: its owner loses it, and the next garbage may take it."""


def test_nobody_asks_qt_for_a_piece_that_the_binding_would_then_take_from_its_owner() -> None:
    asked = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.func.attr}"
        for file in python_files("app/ui", "tests/ui")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TAKEN_OVER
    ]
    assert not asked
