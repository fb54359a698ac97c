"""The one question this room asks before it acts: whether to delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

from app.ui import labels


def ask_delete(parent: QWidget, titles: list[str], act: Callable[[], None], users: Sequence[str] = ()) -> QMessageBox:
    """Ask whether to delete; `act` is called on yes. Nothing waits: the question is a sheet on the window.

    Args:
        users: titles of other measures that depend on these.
    """
    box = QMessageBox(parent)
    box.setObjectName("confirm_delete")
    box.setWindowTitle("Löschen")
    one = len(titles) == 1
    told = f"„{titles[0][:120]}“ löschen?" if one else f"{labels.number(len(titles))} Maßnahmen löschen?"
    box.setText(told)
    more = "Die Maßnahme verschwindet" if one else "Die Maßnahmen verschwinden"
    box.setInformativeText(
        f"{more} beim nächsten Abgleich auch bei den anderen."
        " Unter „Gelöschte“ lässt sich alles wiederherstellen, mit Strg+Z sofort." + _used_by(users)
    )
    yes = box.addButton("Löschen", QMessageBox.ButtonRole.DestructiveRole)
    no = box.addButton("Behalten", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    yes.setObjectName("confirm_yes")
    no.setObjectName("confirm_no")
    yes.clicked.connect(act)
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def _used_by(users: Sequence[str]) -> str:
    """Who else is concerned, by name."""
    if not users:
        return ""
    more = f" und {labels.count(len(users) - 3, 'weitere', 'weitere')}" if len(users) > 3 else ""
    named = ", ".join(f"„{title[:60]}“" for title in users[:3])
    return f"\n\nDarauf verweisen: {named}{more}."
