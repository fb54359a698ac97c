"""The one kind of question that is asked before something is done: a sheet on the window, and nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import base
from app.ui.widgets.buttons import Button
from app.ui.widgets.words import Ground, Label

_WIDTH = 440


class Question(QDialog):
    """A sentence that ends with a question mark, what follows from a yes, and two answers.

    The answer that changes nothing has the keyboard: Return and Esc give it.
    """

    def __init__(
        self, window: QWidget, *, name: str, title: str, sentence: str, detail: str, answers: tuple[str, str]
    ) -> None:
        """`answers` are the words for yes and for no."""
        super().__init__(window)
        base.identify(self, name, sentence)
        self.setAccessibleDescription(detail)
        self.setWindowTitle(title)
        self.sentence, self.detail = sentence, detail
        ground = Ground("surface")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ground)
        column = ground.column(24, 12)
        column.addWidget(Label(sentence, weight=theme.STRONG, wrap=True))
        for paragraph in detail.split("\n\n"):
            column.addWidget(Label(paragraph, "body", wrap=True))
        self.yes = Button(answers[0], name="confirm_yes", kind="danger")
        self.no = Button(answers[1], name="confirm_no")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.setContentsMargins(0, 8, 0, 0)
        row.addStretch(1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        column.addLayout(row)
        self.yes.setAutoDefault(False)
        self.no.setDefault(True)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        width = theme.px(_WIDTH)
        self.resize(width, column.totalHeightForWidth(width))

    def ask(self, act: Callable[[], object]) -> Question:
        """Show it; `act` is called on yes."""
        self.accepted.connect(act)
        self.finished.connect(self.deleteLater)
        self.open()
        self.no.setFocus(Qt.FocusReason.TabFocusReason)
        return self
