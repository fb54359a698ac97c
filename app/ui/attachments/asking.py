"""The two questions about attachments: opening what could run, and attaching a photo that tells where it was taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.widgets.question import Question


def ask_open(parent: QWidget, name: str, act: Callable[[], None]) -> Question:
    """Ask whether a file that could start a program is to be opened; `act` is called on yes."""
    return _ask(
        parent,
        "Anhang öffnen",
        f"„{name[:120]}“ kann auf Ihrem Gerät etwas ausführen. Öffnen?",
        "Öffnen Sie die Datei nur, wenn Sie wissen, von wem sie kommt und wozu sie dient.",
        ("Trotzdem öffnen", "Nicht öffnen"),
        act,
    )


def ask_with_origin(parent: QWidget, name: str, act: Callable[[], None]) -> Question:
    """Ask whether a picture may come although it keeps place and camera; `act` is called on yes."""
    return _ask(
        parent,
        "Bild anhängen",
        f"Aus „{name[:120]}“ lassen sich Aufnahmeort und Kameradaten nicht entfernen. Trotzdem anhängen?",
        "Wer die Maßnahme oder den Workshop sehen darf, erfährt dann auch, wo das Bild entstanden ist."
        " Als JPEG gespeichert lässt es sich bereinigen.",
        ("Trotzdem anhängen", "Nicht anhängen"),
        act,
    )


def _ask(
    parent: QWidget, title: str, sentence: str, detail: str, answers: tuple[str, str], act: Callable[[], None]
) -> Question:
    """Nothing waits: the question is a sheet on the window."""
    name = "attachment_question"
    return Question(parent, name=name, title=title, sentence=sentence, detail=detail, answers=answers).ask(act)
