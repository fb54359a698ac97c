"""A document as PDF and as pictures of its pages, set by typst from one template: what is seen is what is printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from app.reports.document import Document, encode

Standard = Literal["ua-1", "a-2a"]


_A4_POINTS = 841.89


@dataclass(frozen=True, slots=True)
class Place:
    """A page, counted from 0, and how far down on it: 0 at its upper edge, 1 at the lower one."""

    page: int
    down: float


@dataclass(frozen=True, slots=True)
class Press:
    """What pages are set with.

    Attributes:
        template: the typst file.
        fonts: folders with fonts; those of the system are not asked, so that every desk writes the same bytes.
    """

    template: Path
    fonts: tuple[Path, ...]

    def write_pdf(self, document: Document) -> bytes:
        """A tagged PDF: PDF/UA-1, and PDF/A-2a where the document has a day.

        A sign that the fonts do not have, such as a smiley, is no reason to refuse minutes: then the file is
        tagged all the same, but makes no claim to be archival.
        """
        wanted: list[Standard] = ["ua-1", "a-2a"] if document.day else ["ua-1"]
        try:
            return self._set(document, "pdf", wanted)[0]
        except typst.TypstError:
            return self._set(document, "pdf", [])[0]

    def draw_pages(self, document: Document, per_inch: float) -> list[bytes]:
        """Each page as a PNG with so many pixels per inch; A4 is 8.27 inches wide."""
        return self._set(document, "png", [], per_inch)

    def find_places(self, document: Document) -> list[Place]:
        """Where each of the document's `pieces` begins on the pages."""
        found = typst.query(
            self.template.read_bytes(),
            "<piece>",
            field="value",
            font_paths=_fonts(self.fonts),
            sys_inputs={"document": encode(document), "places": "yes"},
        )
        return [Place(page - 1, down / _A4_POINTS) for page, down in json.loads(found)]

    def _set(
        self,
        document: Document,
        form: Literal["pdf", "png"],
        standards: Sequence[Standard],
        per_inch: float | None = None,
    ) -> list[bytes]:
        made: bytes | list[bytes] = typst.compile(
            self.template.read_bytes(),
            font_paths=_fonts(self.fonts),
            format=form,
            sys_inputs={"document": encode(document)},
            pdf_standards=list(standards),
            ppi=per_inch,
        )
        # One page comes as it is, several as a list.
        return made if isinstance(made, list) else [made]


@cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Read once: looking through fonts takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in folders])
