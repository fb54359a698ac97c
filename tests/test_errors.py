"""The error tree: as drawn, one code each, printable parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app import errors


def _tree(base: type[errors.MasswerkError], depth: int = 0) -> Iterator[tuple[int, str]]:
    yield depth, base.__name__
    for child in base.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _tree(child, depth + 1)


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn = re.findall(r"^    ((?:[│ ]   |[├└]── )*)([A-Z]\w+)", errors.__doc__ or "", re.M)
    assert [(len(indent) // 4, name) for indent, name in drawn] == list(_tree(errors.MasswerkError))


def test_every_class_has_a_code_of_its_own() -> None:
    classes = [getattr(errors, name) for _, name in _tree(errors.MasswerkError)]
    codes = [cls.code for cls in classes]
    assert len(set(codes)) == len(codes)


def test_an_error_tells_its_code_and_parameters() -> None:
    error = errors.FieldError("measure", "title", "blank", given=3)
    assert (error.code, dict(error.params)) == ("blank", {"kind": "measure", "field": "title", "given": 3})
    assert str(error) == "blank(kind='measure', field='title', given=3)"


def test_a_special_code_stays_with_its_instance() -> None:
    errors.ImportLineError(3, 7, "bad_amount", header="Kosten", value="x" * 500)
    assert errors.ImportLineError.code == "import_line"


def test_a_pasted_value_is_cut_before_it_reaches_a_log() -> None:
    error = errors.ImportLineError(1, 1, value="x" * 10_000_000)
    assert len(str(error)) < 300


def test_waiting_at_the_agencys_wish_counts_as_unreachable_not_as_refused() -> None:
    busy = errors.AgencyBusy(retry_after=30)
    assert isinstance(busy, errors.AgencyUnreachable)
    assert not isinstance(busy, errors.AgencyRefused)
    assert busy.retry_after == 30
