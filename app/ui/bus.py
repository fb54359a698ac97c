"""The bus: who is told when something was stored; it carries keys, never records."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Bus(QObject):
    """Tells every screen which records changed and that the state of the sync changed.

    Both may be emitted from any thread. Connect only methods of QObjects: Qt then delivers in the receiver's
    thread, whereas a lambda would run in the thread that emits.
    """

    applied = Signal(object)
    """A frozenset of (kind, id): what `store.apply` changed, by this person or by a sync."""

    status_changed = Signal()
    """Something the status line shows may have changed: pending, receipts, questions, network."""

    def tell_applied(self, keys: frozenset[tuple[object, str]]) -> None:
        """Emit `applied` and `status_changed`; the usual callback to give to the store."""
        if keys:
            self.applied.emit(keys)
        self.status_changed.emit()
