"""Shows lines such as "TOP 2  Wege im Dorf" as headings; the text itself stays plain."""

from __future__ import annotations

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from app.reports.document import is_point
from app.ui import theme


class Headings(QSyntaxHighlighter):
    """Sets headings in 600."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._format = QTextCharFormat()

    def restyle(self) -> None:
        """Take the weight from the theme."""
        self._format.setFont(theme.font("body", theme.STRONG))
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Called by Qt for every paragraph that changed."""
        if is_point(text):
            self.setFormat(0, len(text), self._format)
