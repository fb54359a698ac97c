"""Saved views as tabs beside the quick ones: opening, naming, renewing, deleting them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.ids import new_id
from app.errors import MasswerkError
from app.models.queries.saved_views import SavedView, saved_views
from app.services.saved_views import delete_view, keep_view
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.measures import sentences
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.inputs import LineEdit
from app.ui.widgets.popover import Popover
from app.ui.widgets.tabs import TabBar

_LONGEST = 40


class NamePrompt(QWidget):
    """A line for a name and the button that takes it; `given` carries the name."""

    given = Signal(str)

    def __init__(self, name: str, accessible: str, button: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.line = LineEdit(name="view_name", accessible=accessible, placeholder=self.tr("Name der Ansicht"))
        self.line.setMaxLength(_LONGEST)
        self.line.setText(name)
        self.line.selectAll()
        self.button = Button(button, name="view_name_keep", kind="primary")
        self.button.setEnabled(bool(name.strip()))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        column.addWidget(self.line)
        column.addLayout(row)
        self.line.textChanged.connect(self._on_typed)
        self.line.returnPressed.connect(self._give)
        self.button.clicked.connect(self._give)

    def _on_typed(self, words: str) -> None:
        self.button.setEnabled(bool(words.strip()))

    def _give(self) -> None:
        if self.line.text().strip():
            self.given.emit(self.line.text().strip())


class SavedViews(IconButton):
    """The button at the end of the tabs with the menu of saved views.

    `capture` gives what is shown now, without key and name. `told` carries a sentence and what takes it back
    (a callable, or None).
    """

    told = Signal(str, object)

    def __init__(self, workspace: Workspace, tabs: TabBar, capture: Callable[[], SavedView]) -> None:
        super().__init__("bookmark-simple", name="saved_views", accessible=self.tr("Gespeicherte Ansichten"))
        self._workspace, self._tabs, self._capture = workspace, tabs, capture
        self.views: dict[str, SavedView] = {}
        for view in saved_views(workspace.reader):
            self._add(view)
        self.clicked.connect(self._on_pressed)
        tabs.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tabs.customContextMenuRequested.connect(self._on_context)

    def current(self) -> SavedView | None:
        """The saved view that is on, None on a quick one."""
        return self.views.get(self._tabs.key())

    def _add(self, view: SavedView) -> None:
        self.views[view.key] = view
        self._tabs.add(view.key, view.name)

    # The menu

    def menu_of(self) -> QMenu:
        """What can be done with what is shown now, and with the view that is on."""
        menu = QMenu(self)
        menu.setObjectName("saved_views_menu")
        entries: list[tuple[str, Callable[[], object]]] = [(self.tr("Als Ansicht speichern …"), self.ask_new)]
        view = self.current()
        if view is not None:
            entries += [
                (self.tr("„{0}“ auf diesen Stand bringen").format(view.name), self.renew),
                (self.tr("„{0}“ umbenennen …").format(view.name), self.ask_rename),
                (self.tr("„{0}“ löschen").format(view.name), self.delete),
            ]
        for words, act in entries:
            action = QAction(words, menu)
            action.triggered.connect(act)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _on_pressed(self) -> None:
        self.menu_of().popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _on_context(self, at: QPoint) -> None:
        tab = self._tabs.tabAt(at)
        if tab >= 0:
            self._tabs.setCurrentIndex(tab)
        self.menu_of().popup(self._tabs.mapToGlobal(at))

    # What it does

    def _ask(self, title: str, name: str, button: str, done: Callable[[str], None]) -> None:
        card = Popover(self.window(), name="view_prompt", accessible=title, title=title, padding=16)
        prompt = NamePrompt(name, title, button)
        card.set_body(prompt)

        def take(given: str) -> None:
            card.close_now()
            done(given)

        prompt.given.connect(take)
        card.open_at(self, width=theme.px(280))
        prompt.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def ask_new(self) -> None:
        """Ask for a name and keep what is shown now."""
        self._ask(self.tr("Ansicht speichern"), "", self.tr("Speichern"), self.save_as)

    def save_as(self, name: str) -> None:
        """Keep what is shown now under a name; its tab is on from now."""
        view = replace(self._capture(), key=new_id(), name=name)
        if not self._done(lambda: keep_view(self._workspace.store, view)):
            return
        self._add(view)
        self._tabs.choose(view.key)
        self.told.emit(self.tr("Ansicht „{0}“ gespeichert").format(name), None)

    def renew(self) -> None:
        """The view that is on shows from now on what is shown now."""
        before = self.current()
        if before is not None and self._keep(replace(self._capture(), key=before.key, name=before.name)):
            told = self.tr("Ansicht „{0}“ geändert").format(before.name)
            self.told.emit(told, lambda: self._keep(before))

    def ask_rename(self) -> None:
        """Ask for another name."""
        view = self.current()
        if view is not None:
            self._ask(self.tr("Ansicht umbenennen"), view.name, self.tr("Umbenennen"), self.rename)

    def rename(self, name: str) -> None:
        """Another name for the view that is on."""
        view = self.current()
        if view is not None and self._keep(replace(view, name=name)):
            self._tabs.rename(view.key, name)

    def delete(self) -> None:
        """Forget the view that is on; the way back puts it where it was."""
        view = self.current()
        if view is None:
            return
        place = list(self.views).index(view.key)
        if not self._done(lambda: delete_view(self._workspace.store, view.key)):
            return
        del self.views[view.key]
        self._tabs.remove(view.key)

        def put_back() -> None:
            if self._done(lambda: keep_view(self._workspace.store, view, place)):
                self._add(view)
                self._tabs.choose(view.key)

        self.told.emit(self.tr("Ansicht „{0}“ gelöscht").format(view.name), put_back)

    def _keep(self, view: SavedView) -> bool:
        if not self._done(lambda: keep_view(self._workspace.store, view)):
            return False
        self.views[view.key] = view
        return True

    def _done(self, act: Callable[[], None]) -> bool:
        """Store it; False if it could not be, and why is said."""
        try:
            act()
        except MasswerkError as error:
            self.told.emit(sentences.refusal(error), None)
            return False
        return True
