"""Taking over a list of measures: first what would happen, then one undoable change per record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.domain.access import Grant
from app.domain.ids import EntityId, new_id
from app.domain.region import Region
from app.errors import FieldError, ImportLineError
from app.models.queries.imports import ImportContext, context, find_measure
from app.services.exchange.csv_reading import read_sheet
from app.services.exchange.measure_lines import Understood, meanings, understand
from app.services.exchange.words import fold
from app.services.periods import check_period
from app.services.workspace import Workspace

What = Literal["new", "change", "same", "foreign"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen with one line.

    Attributes:
        what: "new" a measure comes, "change" an existing one changes in `fields`, "same" nothing to do,
            "foreign" it belongs to municipalities this device may not write for.
        fields: names of the fields that would be written.
    """

    what: What
    line: int
    title: str
    measure: EntityId | None
    values: dict[str, object]
    fields: tuple[str, ...]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, line by line, and the lines it cannot understand."""

    file: str
    plans: tuple[Plan, ...]
    faults: tuple[ImportLineError, ...]

    def count(self, what: What) -> int:
        return sum(p.what == what for p in self.plans)


def preview(workspace: Workspace, region: Region, file: Path) -> Preview:
    """Reads the file and compares it with what is here; writes nothing.

    Raises:
        UnreadableFile: the file as a whole cannot be taken.
    """
    sheet = read_sheet(file)
    headers = meanings(sheet, file.name)
    here = context(workspace.reader)
    plans: list[Plan] = []
    faults = list(sheet.faults)
    seen: dict[tuple[str, str, str], int] = {}
    for line in sheet.lines:
        try:
            understood = understand(line, headers, region, here.ags)
            _refuse_double(understood, seen)
            plans.append(_plan(workspace, here, understood))
        except ImportLineError as fault:
            faults.append(fault)
    return Preview(file.name, tuple(plans), tuple(sorted(faults, key=lambda f: (f.line, f.column))))


def _refuse_double(understood: Understood, seen: dict[tuple[str, str, str], int]) -> None:
    values = understood.values
    key = (str(values.get("code", "")), fold(str(values["title"])), str(values["lead_ags"]))
    if key in seen:
        raise ImportLineError(understood.line, 1, "line_double", value=str(values["title"]), other=seen[key])
    seen[key] = understood.line


def _plan(workspace: Workspace, here: ImportContext, understood: Understood) -> Plan:
    values = understood.values
    title = str(values["title"])
    found = find_measure(workspace.reader, str(values.get("code", "")), title, str(values["lead_ags"]))
    if found is None:
        what: What = "new" if _may_create(here.grant, values) else "foreign"
        return Plan(what, understood.line, title, None, values, tuple(values), understood.hints)
    differing = {name: v for name, v in values.items() if _differs(found.get(name), v)}
    if not differing:
        what = "same"
    else:
        what = "change" if found.may_edit else "foreign"
    return Plan(what, understood.line, title, found.id, differing, tuple(differing), understood.hints)


def _differs(held: object, wanted: object) -> bool:
    if isinstance(wanted, tuple):
        # A list in a file adds; it never takes away what somebody has put there since.
        return not set(wanted) <= set(held if isinstance(held, tuple) else ())
    return held != wanted


def _may_create(grant: Grant, values: dict[str, object]) -> bool:
    participating = values.get("participating_ags")
    return grant.owns({str(values["lead_ags"]), *(participating if isinstance(participating, tuple) else ())})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    new: int
    changed: int
    faults: tuple[ImportLineError, ...]


def take_over(workspace: Workspace, previewed: Preview) -> Imported:
    """Writes what the preview announced: each record is one change and one step of undo."""
    new = changed = 0
    faults: list[ImportLineError] = []
    for plan in previewed.plans:
        if plan.what not in ("new", "change"):
            continue
        try:
            _take(workspace, plan, previewed.file)
        except FieldError as error:
            faults.append(ImportLineError(plan.line, 1, error.code, header=error.field, value=plan.title))
            continue
        new += plan.what == "new"
        changed += plan.what == "change"
    return Imported(new, changed, tuple(faults))


def _take(workspace: Workspace, plan: Plan, file: str) -> None:
    origin = f"file:{file}:{plan.line}"
    if plan.measure is None:
        with workspace.store.change("measure.import", origin) as draft:
            draft.create("measure", new_id(), None, {"visibility": "municipality", **plan.values})
        return
    with workspace.store.change("measure.import", origin) as draft:
        state = draft.state("measure", plan.measure)
        values = dict(plan.values)
        for name, value in values.items():
            if isinstance(value, tuple):
                values[name] = (*_held(state, name), *value)
        check_period(draft, "measure", plan.measure, values)
        draft.set("measure", plan.measure, values)


def _held(state: object, name: str) -> tuple[str, ...]:
    from app.domain.fields import MEASURE
    from app.domain.merge import EntityState

    assert isinstance(state, EntityState)
    return state.set(MEASURE.slot_of[name].id).value
