"""Which proxy leads to the agency: the system's, none, or one of one's own with what it asks for."""

from __future__ import annotations

import re

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.services.connection import Exit, Way
from app.ui import theme
from app.ui.settings.passphrase import SecretLine
from app.ui.widgets.buttons import Button
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.segments import Segment, SegmentedControl
from app.ui.widgets.words import Label

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def proxy_address_of(typed: str) -> str:
    """The address as typed, http:// added; ValueError with a German sentence where it is none."""
    bare = typed.strip().rstrip("/")
    with_scheme = bare if _SCHEME.match(bare) else f"http://{bare}"
    url = QUrl(with_scheme, QUrl.ParsingMode.StrictMode)
    if not bare or not url.isValid() or not url.host() or url.scheme() not in ("http", "https"):
        raise ValueError("Bitte geben Sie Rechner und Anschluss an, zum Beispiel proxy.rathaus.de:8080.")
    if url.userInfo():
        raise ValueError("Benutzer und Kennwort gehören in die Felder darunter, nicht in die Adresse.")
    if url.port() < 1:
        raise ValueError("Es fehlt der Anschluss hinter der Adresse, zum Beispiel :8080.")
    return with_scheme


class WayEdit(QWidget):
    """`chosen` carries the way once it can be meant; without `keeps` it has no button and is only read."""

    chosen = Signal(object)

    def __init__(self, *, keeps: bool = True) -> None:
        super().__init__()
        self.exits = SegmentedControl(
            [
                Segment(Exit.SYSTEM.value, self.tr("Wie das System")),
                Segment(Exit.NONE.value, self.tr("Ohne Proxy")),
                Segment(Exit.OWN.value, self.tr("Eigener Proxy")),
            ],
            name="proxy_exit",
            accessible=self.tr("Proxy"),
        )
        self.address = LineEdit(
            name="proxy_address", accessible=self.tr("Adresse des Proxys"), placeholder="proxy.rathaus.de:8080"
        )
        self.user = LineEdit(name="proxy_user", accessible=self.tr("Benutzer des Proxys, falls er fragt"))
        self.secret = SecretLine(name="proxy_secret", accessible=self.tr("Kennwort des Proxys, falls er fragt"))
        self._problem = Label("", "small", role="danger", wrap=True)
        self._keep = Button(self.tr("Übernehmen"), name="proxy_keep", icon="check") if keeps else None
        self._own = QWidget()
        self._build()
        self.exits.chosen.connect(self._on_exit)
        if self._keep is not None:
            self._keep.clicked.connect(self.submit)
        for line in (self.address, self.user, self.secret):
            line.returnPressed.connect(self.submit)
        self.show_way(Way())

    def _build(self) -> None:
        grid = QGridLayout(self._own)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        address, user, secret = self.tr("Adresse"), self.tr("Benutzer"), self.tr("Kennwort")
        for row, words, line in ((0, address, self.address), (2, user, self.user), (3, secret, self.secret)):
            label = Label(words, "small", role="muted")
            label.setBuddy(line)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
        grid.addWidget(self._problem, 1, 1)
        if self._keep is not None:
            keep = QHBoxLayout()
            keep.addWidget(self._keep)
            keep.addStretch(1)
            grid.addLayout(keep, 4, 1)
        grid.setColumnStretch(1, 1)
        self._own.setMaximumWidth(theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row_of_exits = QHBoxLayout()
        row_of_exits.addWidget(self.exits)
        row_of_exits.addStretch(1)
        column.addLayout(row_of_exits)
        column.addWidget(self._own)

    def show_way(self, way: Way) -> None:
        """Show what is kept."""
        self.exits.set_value(way.exit.value)
        for line, words in ((self.address, way.address), (self.user, way.user), (self.secret, way.secret)):
            line.set_words(words)
        self._say("")
        self._own.setVisible(way.exit is Exit.OWN)

    def read(self) -> Way | None:
        """The way as it stands there; None with the mistake marked and the cursor in it."""
        chosen = Exit(self.exits.value())
        if chosen is not Exit.OWN:
            return Way(chosen)
        try:
            address = proxy_address_of(self.address.text())
        except ValueError as error:
            self._say(str(error))
            self.address.setFocus()
            return None
        self._say("")
        return Way(Exit.OWN, address, self.user.text().strip(), self.secret.text())

    def submit(self) -> None:
        """Tell the own proxy, or mark what is missing."""
        read = self.read()
        if read is not None:
            self.chosen.emit(read)

    def _on_exit(self, key: str) -> None:
        own = key == Exit.OWN.value
        self._own.setVisible(own)
        if own:
            self.address.setFocus()
        else:
            self.chosen.emit(Way(Exit(key)))

    def _say(self, sentence: str) -> None:
        self.address.set_error(sentence)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
