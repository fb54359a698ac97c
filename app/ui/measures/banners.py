"""The banners above a Steckbrief, each by its name."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from app.ui.widgets.notices import Banner, Level


class Banners(QVBoxLayout):
    """What has to be said about the measure that is shown, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(12, 4, 12, 4)
        self.setSpacing(4)

    def add(self, level: Level, sentence: str, name: str, detail: str = "", remedy: str = "") -> Banner:
        """One more, below the others."""
        banner = Banner(level, sentence, name=f"banner_{name}", detail=detail, remedy=remedy)
        self.addWidget(banner)
        banner.show()
        return banner

    def clear(self, name: str = "", keep: str = "") -> None:
        """Take away the one of a name, or all but one to keep."""
        for i in reversed(range(self.count())):
            item = self.itemAt(i)
            widget = item.widget() if item is not None else None
            known = widget.objectName().removeprefix("banner_") if widget is not None else keep
            if widget is not None and known != keep and (not name or known == name):
                self.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
