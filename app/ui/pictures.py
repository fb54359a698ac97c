"""Pictures of the real windows, for the story, the README and reviews."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication

from app.config import Profile
from app.models.queries import lineage, lists, versions
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.application import make_application
from app.ui.demo import shipped_region
from app.ui.desktop import Desktop


class Camera:
    """Opens a real desktop for a workspace, goes to a screen and takes its picture."""

    def __init__(self, out: Path, size: tuple[int, int] = (1440, 900)) -> None:
        self._out = out
        self._size = QSize(*size)
        self._app: QApplication = make_application()
        self._region = shipped_region()
        out.mkdir(parents=True, exist_ok=True)

    def shoot(
        self, name: str, workspace: Workspace, profile: Profile, screen: str, dark: bool = False, text_size: int = 100
    ) -> Path:
        """Writes `name`.png; returns its path. Screens: the rooms by key, and what `_go` knows beside them."""
        theme.active().choose(scheme="dark" if dark else "light", text_size=text_size)
        desktop = Desktop(workspace, self._region, profile, lambda: None)
        desktop.window.resize(self._size)
        desktop.window.show()
        try:
            self._go(desktop, workspace, screen)
            for _ in range(6):
                self._app.processEvents()
            file = self._out / f"{name}.png"
            desktop.window.grab().save(str(file))
        finally:
            desktop.close()
            desktop.window.deleteLater()
            desktop.deleteLater()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return file

    def _go(self, desktop: Desktop, workspace: Workspace, screen: str) -> None:
        if screen.startswith("workshop") and screen != "workshops":
            self._go_to_a_workshop(desktop, workspace, screen.partition("-")[2])
            return
        if screen == "versions":
            desktop.window.show_page("sync")
            desktop.exchange.show_versions()
            return
        if screen == "measure":
            found = versions.questions(workspace.reader)
            ids = [q.root_id for q in found if q.root_kind == "measure"] or lists.measure_ids(
                workspace.reader, lists.MeasureFilter()
            )
            desktop.show_record("measure", ids[0])
            return
        if screen == "earlier":
            newest = lists.measure_ids(workspace.reader, lists.MeasureFilter(), (("changed", True),), limit=1)
            desktop.show_record("measure", newest[0])
            desktop.measures.pane.show_earlier()
            return
        if screen == "lineage":
            self._go_to_a_lineage(desktop, workspace)
            return
        if screen.startswith("region"):
            self._go_to_the_region(desktop, screen)
            return
        if screen in ("board", "timeline"):
            desktop.window.show_page("measures")
            desktop.measures.show_mode(screen)
            return
        desktop.window.show_page(screen)

    @staticmethod
    def _go_to_a_workshop(desktop: Desktop, workspace: Workspace, view: str) -> None:
        """The busiest one in one of its views, or all of them in the calendar."""
        if view == "calendar":
            desktop.window.show_page("workshops")
            desktop.workshops.listing.show_view("month")
            return
        lines = lists.workshop_lines(workspace.reader)
        busiest = max(lines, key=lambda line: (line.pending, line.cards), default=None)
        if busiest is None:
            return
        desktop.show_record("workshop", busiest.id)
        shown = desktop.workshops.view
        if shown is not None and view:
            shown.show_view(view)
            if view == "paper":
                shown.paper.wait()

    @staticmethod
    def _go_to_a_lineage(desktop: Desktop, workspace: Workspace) -> None:
        """A measure whose original says something new, or the room without one."""
        found = lineage.improved(workspace.reader)
        if not found:
            desktop.window.show_page("measures")
            return
        desktop.show_record("measure", found[0].measure)
        desktop.measures.pane.set_large(True)
        desktop.measures.pane.form.go_to("adopted_from")

    @staticmethod
    def _go_to_the_region(desktop: Desktop, screen: str) -> None:
        """The whole region, one measure of a municipality that shares much, or three side by side."""
        page = desktop.region
        desktop.window.show_page("region")
        page.wait()
        if screen == "region-compare":
            for place in ("05974040", "05958004", "05966024"):
                page.choose(place, more=True)
        elif screen == "region-measure":
            page.choose("05974040")
        page.wait()
        if screen == "region-measure" and page.shared.lines:
            page.show_measure(max(page.shared.lines, key=lambda line: (line.adopters, line.title)).id)
