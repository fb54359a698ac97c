"""The sums under the costs: what is planned and funded, and what is left to pay oneself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.money import Cents, format_money
from app.ui import theme
from app.ui.measures.sums import Sums, sums
from app.ui.theme import Themed
from app.ui.widgets import base
from app.ui.widgets.forms import FieldLine


class Amount(Themed, QWidget):
    """A sum that is derived and therefore not edited."""

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__()
        base.identify(self, name, accessible)
        self._words, self._muted = "", True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_amount(self, cents: Cents | None, none: str) -> None:
        """Show an amount, or the word for none."""
        self._words, self._muted = (none, True) if cents is None else (format_money(cents), False)
        self.setAccessibleDescription(self._words)
        self.update()

    def text(self) -> str:
        """What is shown."""
        return self._words

    def sizeHint(self) -> QSize:
        """A field's height."""
        return QSize(theme.px(120), theme.grow(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of what cannot be edited, and the amount."""
        painter = base.crisp(QPainter(self))
        base.box(painter, self.rect(), 6, theme.color("sunken"))
        ink = theme.color("muted" if self._muted else "text")
        base.text(painter, self.rect().adjusted(8, 0, -10, 0), self._words, ink, right=True, tabular=True)


class MoneySums(Themed, QWidget):
    """Rows for what others pay and for the own share."""

    def __init__(self) -> None:
        super().__init__()
        self.funded = Amount("measure_funded", self.tr("Mittel von Dritten"))
        self.own = Amount("measure_own_share", self.tr("Eigenanteil"))
        self._rows = [
            FieldLine(self.tr("Mittel Dritter"), self.funded, name="measure_funded_row", history=False),
            FieldLine(self.tr("Eigenanteil"), self.own, name="measure_own_share_row", history=False),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for row in self._rows:
            column.addWidget(row)

    def show_sums(
        self,
        total: Cents | None,
        costs: Iterable[Mapping[str, object]],
        funding: Iterable[Mapping[str, object]],
    ) -> Sums:
        """Add up and show; more money than cost is pointed out."""
        costs, funding = list(costs), list(funding)
        found = sums(total, costs, funding)
        self.funded.show_amount(found.funded if funding else None, "–")
        self.own.show_amount(found.own_share, self.tr("unbekannt"))
        planned, told = "", format_money(found.planned).replace(" ", "\u00a0")
        if costs and total is not None and found.planned != total:
            planned = self.tr("Die Kostenposten ergeben {0}.").format(told)
        elif costs and total is None:
            planned = self.tr("Aus den Kostenposten: {0}.").format(told)
        over = self.tr("Die Mittel übersteigen die Kosten.") if found.is_overfunded else ""
        words = " ".join(one for one in (planned, over) if one)
        self._rows[1].set_note(words, "warning" if over else "muted")
        return found
