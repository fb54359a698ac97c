"""The import without a window: tells what would happen, then does it, and names every line left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.domain.region import Region
from app.errors import ImportLineError
from app.services.exchange.measure_import import Preview, preview, take_over
from app.services.workspace import Workspace

Say = Callable[[str], None]
Words = Callable[[ImportLineError], str]


def import_measures(
    workspace: Workspace,
    region: Region,
    file: Path,
    preview_only: bool,
    say: Say,
    words: Words,
    field_words: Callable[[str], str] = str,
) -> int:
    """Exit code 0 if every line was understood, 1 if some were left out (the others are in).

    Raises:
        UnreadableFile: nothing was taken.
    """
    found = preview(workspace, region, file)
    _tell(found, say, words)
    if preview_only:
        _list(found, say, field_words)
        say("Nur Vorschau, nichts wurde geschrieben.")
        return 1 if found.faults else 0
    done = take_over(workspace, found)
    for fault in done.faults:
        say(f"  {words(fault)}")
    say(f"Übernommen: {done.new} neu, {done.changed} geändert. Jeder Eintrag ist ein Schritt von „Rückgängig“.")
    return 1 if found.faults or done.faults else 0


def _list(found: Preview, say: Say, field_words: Callable[[str], str]) -> None:
    """Every line with what would happen to it."""
    for plan in found.plans:
        if plan.what == "new":
            say(f"  Zeile {plan.line}: neu: „{plan.title}“")
        elif plan.what == "change":
            fields = ", ".join(field_words(name) for name in plan.fields)
            say(f"  Zeile {plan.line}: geändert: „{plan.title}“ – {fields}")


def _tell(found: Preview, say: Say, words: Words) -> None:
    say(
        f"{found.file}: {found.count('new')} neu, {found.count('change')} geändert, {found.count('same')} gleich, "
        f"{found.count('foreign')} gehören anderen Kommunen, {len(found.faults)} nicht verstanden."
    )
    for plan in found.plans:
        if plan.what == "foreign":
            say(f"  Zeile {plan.line}: „{plan.title}“ gehört anderen Kommunen und bleibt außen vor.")
        elif plan.hints:
            say(f"  Zeile {plan.line}: „{plan.title}“ – als Text übernommen: {', '.join(plan.hints)}.")
    for fault in found.faults:
        say(f"  {words(fault)}")
