"""The one question this room asks before it acts: whether to delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.ui import labels
from app.ui.widgets.question import Question


def ask_delete(parent: QWidget, titles: list[str], act: Callable[[], None], users: Sequence[str] = ()) -> Question:
    """Ask whether to delete; `act` is called on yes. Nothing waits: the question is a sheet on the window.

    Args:
        users: titles of other measures that depend on these.
    """
    one = len(titles) == 1
    more = "Die Maßnahme verschwindet" if one else "Die Maßnahmen verschwinden"
    question = Question(
        parent,
        name="confirm_delete",
        title="Löschen",
        sentence=f"„{titles[0][:120]}“ löschen?" if one else f"{labels.number(len(titles))} Maßnahmen löschen?",
        detail=f"{more} beim nächsten Abgleich auch bei den anderen."
        " Unter „Gelöschte“ lässt sich alles wiederherstellen, mit Strg+Z sofort." + _used_by(users),
        answers=("Löschen", "Behalten"),
    )
    return question.ask(act)


def _used_by(users: Sequence[str]) -> str:
    """Who else is concerned, by name."""
    if not users:
        return ""
    more = f" und {labels.count(len(users) - 3, 'weitere', 'weitere')}" if len(users) > 3 else ""
    named = ", ".join(f"„{title[:60]}“" for title in users[:3])
    return f"\n\nDarauf verweisen: {named}{more}."
