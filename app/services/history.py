"""One step back, one step forward, over everything a person does."""

from __future__ import annotations

from app.models.store import Reversal, Store

__all__ = ["Reversal", "next_redo", "next_undo", "redo", "undo"]


def undo(store: Store) -> Reversal | None:
    """Takes back the last own change; None if there is nothing to take back."""
    return store.undo()


def redo(store: Store) -> Reversal | None:
    """Does again what the last undo took back; None after any newer change."""
    return store.redo()


def next_undo(store: Store) -> str | None:
    """Action code of what undo would take back."""
    return store.undo_action()


def next_redo(store: Store) -> str | None:
    """Action code of what redo would do again."""
    return store.redo_action()
