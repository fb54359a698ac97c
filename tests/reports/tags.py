"""What a screen reader finds in a PDF: the structure tree, and what of the pages stands in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ContentStream, DictionaryObject

_SHOWN = (b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"S", b"B", b"b", b"s", b"f*")
"""Operators that put something on a page: words, pictures, lines, areas."""


class Tags:
    """A PDF opened by another program than the one that wrote it."""

    def __init__(self, content: bytes) -> None:
        reader: Any = pypdf.PdfReader(io.BytesIO(content))
        self._reader = reader
        root: Any = self._reader.trailer["/Root"]
        self.marked = bool(root["/MarkInfo"]["/Marked"])
        self.language = str(root["/Lang"])
        self.title = str(self._reader.metadata.title)
        self.shows_title = bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"))
        self.elements = list(self._walk(root["/StructTreeRoot"]["/K"]))
        """Kind ("H1", "TD") and the kinds around it, in reading order."""

    def _walk(self, node: Any, around: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from self._walk(child, around)
        elif isinstance(node, DictionaryObject) and "/S" in node:
            kind = str(node["/S"]).removeprefix("/")
            yield kind, around
            if "/K" in node:
                yield from self._walk(node.raw_get("/K"), (*around, kind))

    def kinds(self, *wanted: str) -> list[str]:
        """The kinds of the elements in reading order, of these kinds alone."""
        return [kind for kind, _ in self.elements if kind in wanted]

    def claimed(self) -> set[tuple[int, int]]:
        """Page number and mark of every piece of a page that an element of the tree holds."""
        pages = {page.indirect_reference.idnum: number for number, page in enumerate(self._reader.pages)}

        def marks(node: Any, page: int) -> Iterator[tuple[int, int]]:
            node = node.get_object()
            if isinstance(node, int):
                yield page, int(node)
            elif isinstance(node, list):
                for child in node:
                    yield from marks(child, page)
            elif isinstance(node, DictionaryObject):
                here = pages[node.raw_get("/Pg").idnum] if "/Pg" in node else page
                if "/MCID" in node:
                    mark: Any = node["/MCID"]
                    yield here, int(mark)
                elif "/K" in node:
                    yield from marks(node.raw_get("/K"), here)

        return set(marks(self._reader.trailer["/Root"]["/StructTreeRoot"]["/K"], -1))

    def painted(self) -> tuple[set[tuple[int, int]], int]:
        """Page number and mark of every marked piece that shows something, and how much is shown outside of any.

        What is marked as decoration ("Artifact": lines, the foot of the page) is neither.
        """
        found: set[tuple[int, int]] = set()
        loose = 0
        for number, page in enumerate(self._reader.pages):
            within: list[int | None] = []
            for operands, operator in ContentStream(page.get_contents(), self._reader).operations:
                if operator in (b"BDC", b"BMC"):
                    told = operands[1] if operator == b"BDC" else {}
                    decoration = operands[0] == "/Artifact"
                    within.append(
                        -1 if decoration else told.get("/MCID") if isinstance(told, DictionaryObject) else None
                    )
                elif operator == b"EMC":
                    within.pop()
                elif operator in _SHOWN:
                    marks = [mark for mark in within if mark is not None]
                    loose += not marks
                    found |= {(number, int(mark)) for mark in marks[-1:] if mark >= 0}
        return found, loose
