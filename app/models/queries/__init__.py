"""Reads: frozen snapshots for the screens. The only room of models that ui may enter."""

from app.models.queries.reader import Reader

__all__ = ["Reader"]
