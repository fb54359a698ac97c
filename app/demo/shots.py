"""Pictures of every screen, for the README and for review: full, empty, wrong, with long words, in every look."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import Profile
from app.demo.agency import DemoAgency
from app.demo.client import Client
from app.demo.launch import has_display
from app.demo.stage import Cast, raise_region
from app.domain.partial_date import PartialDate
from app.models.queries import records, roots
from app.services import measures, today, workshops

if TYPE_CHECKING:
    from app.ui.pictures import Camera, Look

SCREENS = (
    *("today", "measures", "board", "timeline", "measure", "measure-cell", "history", "earlier", "lineage"),
    *("workshops", "workshop-calendar", "workshop", "workshop-wall", "workshop-hall", "workshop-paper"),
    *("workshop-details", "region", "region-measure", "region-compare", "sync", "versions", "log", "settings"),
    *("search", "commands", "keys"),
)
MAIN = (
    *("today", "measures", "board", "timeline", "measure", "workshops", "workshop-calendar", "workshop"),
    *("workshop-wall", "workshop-paper", "workshop-details", "region", "sync", "versions", "settings", "search"),
)
"""Where somebody works all day; taken in the tight looks too."""
OF_THE_AGENCY = ("agency", "agency-twins", "agency-devices")
EMPTY = (
    *("today", "measures", "board", "timeline", "workshops", "workshop-calendar", "region", "sync", "versions"),
    *("log", "settings"),
)
WITHOUT_CARDS = ("workshop", "workshop-wall", "workshop-paper", "workshop-details")
WRONG = ("measure-error", "search-nothing", "region-error", "sync-error")
LONG = (
    *("today", "measures", "board", "timeline", "measure", "history", "workshops", "workshop", "workshop-wall"),
    *("workshop-hall", "workshop-paper", "workshop-details", "workshop-calendar", "region"),
    *("sync", "log", "settings", "search", "commands", "precedents"),
)
BIG = "200-prozent"
SIZES = ((1440, 900), (1366, 768), (1920, 1080))


def run(out: Path) -> int:
    """Raises the region, makes a small mess of open questions and pending changes, takes the pictures."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.ui.pictures import Camera

    folder = Path(tempfile.mkdtemp(prefix="masswerk-shots-"))
    agency = DemoAgency(folder / "agency")
    cast: Cast | None = None
    try:
        agency.start()
        cast = raise_region(folder, agency)
        _fill_the_day(cast)
        _disagree(cast)
        cast.office.sync()
        camera = Camera(out)
        for look in looks():
            _shoot(camera, OF_THE_AGENCY, cast.office, look)
        agency.stop()
        for look in looks():
            _shoot(camera, SCREENS, cast.katrin, look)
            print(f"· {look.name}: {len(SCREENS)} Bilder.", flush=True)
        for look in tight_looks():
            _shoot(camera, MAIN, cast.katrin, look)
            print(f"· {look.name}: {len(MAIN)} Bilder.", flush=True)
        for look in looks()[:2]:
            _shoot(camera, WRONG, cast.katrin, look, mark="fehler-")
            _shoot(camera, OF_THE_AGENCY[:1], cast.office, look, mark="fehler-")
        _shoot_alone(camera)
        _shoot_client(camera, EMPTY, _beginner(folder), "leer-")
        _shoot_client(camera, WITHOUT_CARDS, _host(folder), "leer-")
        _shoot_client(camera, LONG, _long_winded(folder), "lang-")
    finally:
        if cast is not None:
            cast.close()
        agency.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def looks() -> tuple[Look, ...]:
    """Every size in light and dark, and 200 %."""
    from app.ui.pictures import Look

    made = [
        Look(f"{width}x{height}{'-dunkel' if dark else ''}", (width, height), dark)
        for width, height in SIZES
        for dark in (False, True)
    ]
    return (*made, Look(BIG, text_size=200))


def tight_looks() -> tuple[Look, ...]:
    """200 % where it is hardest: in the dark, and in the smallest window."""
    from app.ui.pictures import Look

    small = SIZES[1]
    return (
        Look(f"{BIG}-dunkel", dark=True, text_size=200),
        Look(f"{BIG}-{small[0]}x{small[1]}", small, text_size=200),
    )


def _shoot(camera: Camera, screens: Sequence[str], client: Client, look: Look, mark: str = "") -> None:
    named = [(f"{mark}{screen}", screen) for screen in screens]
    camera.shoot_all(named, client.workspace, client.profile, look, client.line.engine)


def _shoot_client(camera: Camera, screens: Sequence[str], client: Client, mark: str) -> None:
    """In the small window, light and dark, and at 200 %: where words have the least room."""
    try:
        for look in (looks()[2], looks()[3], looks()[-1]):
            _shoot(camera, screens, client, look, mark)
    finally:
        client.close()


def _shoot_alone(camera: Camera) -> None:
    """What stands before the desktop, or beside it when something goes wrong."""
    from app.errors import WrongKey
    from app.ui import labels
    from app.ui.crash import CrashNotice, StartFailure
    from app.ui.demo import shipped_region
    from app.ui.settings.first_start import FirstStart
    from app.ui.settings.unlock import Unlock

    region = shipped_region()

    def step(number: int) -> FirstStart:
        made = FirstStart(region, needs_passphrase=True)
        made.who.person.setText("Katrin Brandt")
        made.who.device.setText("Rathaus-Laptop 2")
        for _ in range(number):
            made.go_on()
            if number > 1:
                made.where.choice.search.setText("Bad Berleburg")
        if number > 1:
            made.with_whom.show_way()
        return made

    def unlocked_wrong() -> Unlock:
        made = Unlock()
        made.show_error(" ".join(labels.error_words(WrongKey())))
        return made

    def unanswered() -> FirstStart:
        made = FirstStart(region)
        made.go_on()
        return made

    for look in (*looks()[:2], looks()[-1]):
        for number in (0, 1, 2):
            camera.shoot_window(f"start-{number + 1}", partial(step, number), look)
        camera.shoot_window("fehler-start", unanswered, look)
        camera.shoot_window("fehler-entsperren", unlocked_wrong, look)
        camera.shoot_window("fehler-profil", lambda: StartFailure(*labels.error_words(WrongKey())), look)
        camera.shoot_window("fehler-absturz", lambda: CrashNotice(None), look)


def _beginner(folder: Path) -> Client:
    """A person who has just begun."""
    return Client.create(Profile.at(folder / "empty"), "Katrin Brandt", "Rathaus-Laptop 2", "05970004")


def _host(folder: Path) -> Client:
    """A person with a workshop that nobody has said anything in yet."""
    client = Client.create(Profile.at(folder / "host"), "Katrin Brandt", "Rathaus-Laptop 2", "05970004")
    day = (datetime.now().astimezone().date() + timedelta(days=1)).isoformat()
    values = {"title": "Bürgerdialog Mobilität", "format": "citizen_dialogue", "starts_at": f"{day}T19:00"}
    workshops.create(client.store, values | {"ags": "05970004"}, ["Halle", "Markt"])
    return client


def _long_winded(folder: Path) -> Client:
    """The longest municipality of the region, and words as administrations make them."""
    client = Client.create(
        Profile.at(folder / "long"), "Wilhelmine-Charlotte von Schönburg-Waldenburg", "Gemeinschaftsarbeitsplatz 17",
        "05962044",
    )  # fmt: skip
    store = client.store
    made = [
        measures.create(store, values | {"lead_ags": "05962044", "responsible_unit": _UNIT, "tags": list(_TAGS)})
        for values in _LONG_MEASURES
    ]
    measures.add_part(store, made[0], "milestone", {"title": _LONG_PART, "due": "2026-Q4"})
    due = datetime.now().astimezone().date().isoformat()
    measures.add_part(store, made[0], "task", {"title": _LONG_PART, "due": due, "responsible": client.name})
    day = (datetime.now().astimezone().date() + timedelta(days=1)).isoformat()
    hall = workshops.create(
        store,
        {
            "title": "Bürgerinnen- und Bürgerbeteiligungsveranstaltung zur Straßenausbaubeitragssatzungsänderung",
            "format": "citizen_dialogue",
            "starts_at": f"{day}T19:00",
            "place_text": "Schützenhallengemeinschaftsraum der Schützenbruderschaft St. Hubertus Wiblingwerde e. V.",
            "ags": "05962044",
        },
        ["Verkehrsinfrastrukturfinanzierungsgesellschaft", "Nahversorgung", "Breitbandausbaukoordinierung"],
    )
    workshops.add_part(store, hall, "agenda_item", {"title": _LONG_PART, "minutes_planned": 20})
    station = records.children(client.workspace.reader, hall, "station")[0]
    for kind, words in (("idea", _LONG_CARD), ("question", _LONG_PART), ("strength", "Kurz."), ("decision", _UNIT)):
        workshops.add_card(store, hall, workshops.Card(kind, words, station.id))
    return client


_UNIT = "Amt für Wirtschaftsförderung, Digitalisierungsangelegenheiten und Breitbandausbaukoordinierung"
_TAGS = ("Verkehrsinfrastrukturfinanzierung", "Barrierefreiheitsstärkungsgesetz", "Ehrenamt")
_LONG_PART = "Vergabekammernachprüfungsverfahrensabschlussbericht mit der Kommunalaufsichtsbehörde abstimmen"
_LONG_CARD = "Straßenbeleuchtungsdimmungszeitenanpassung nur, wenn die Anwohnerinnen und Anwohner zustimmen"
_LONG_MEASURES: tuple[dict[str, object], ...] = (
    {
        "title": "Straßenverkehrsordnungswidrigkeitenanzeigenbearbeitungssoftware für alle Ordnungsämter im Kreis",
        "status": "in_progress",
        "traffic_light": "yellow",
        "traffic_light_reason": "Die Ausschreibungsunterlagenveröffentlichungsfrist verlängert sich bis Jahresende.",
        "start": "2026-H1",
        "end": "2031-12-31",
        "total_cost_cents": 123_456_789_00,
    },
    {"title": "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung digital", "status": "planned"},
    {"title": "Rindfleischetikettierungsüberwachungsaufgabenübertragung Nachrodt-Wiblingwerde", "status": "paused"},
)


def _fill_the_day(cast: Cast) -> None:
    """Tasks that are due around today, a workshop this week, and what a colleague has changed since."""
    katrin, martin = cast.katrin, cast.martin
    day, own = datetime.now().astimezone().date(), roots.myself(katrin.workspace.reader).ags
    for title, root, days in (
        ("Verwendungsnachweis Phase A: Belege zusammenstellen", cast.different_fields, -3),
        ("Angebote für Mitfahrbank einholen", cast.same_field, 0),
        ("Vorlage für Haupt- und Finanzausschuss abstimmen", cast.same_field, 0),
        ("Statusabfrage Breitband an die Stadtwerke senden", cast.different_fields, 4),
    ):
        due = PartialDate.of_day(day + timedelta(days=days)).encode()
        measures.add_part(katrin.store, root, "task", {"title": title, "due": due, "responsible": "Katrin Brandt"})
    for title, place, days, groups in (
        ("Bürgerdialog Mobilität", "Dorfhalle Weidenhausen", 2, {"citizens": 34, "politics": 6}),
        ("Stationen Ortsmitte", "Schützenhaus Aue", 9, {"citizens": 25}),
    ):
        start = f"{(day + timedelta(days=days)).isoformat()}T19:00"
        values = {"title": title, "format": "citizen_dialogue", "starts_at": start, "ends_at": f"{start[:11]}20:45"}
        made = workshops.create(katrin.store, values | {"place_text": place, "ags": own}, ["Halle"])
        for group, count in groups.items():
            workshops.set_head_count(katrin.store, made, group, count)
    for client in (katrin, martin, katrin):
        client.sync()
    today.look(katrin.store, 0)
    measures.edit(martin.store, cast.same_field, {"total_cost_cents": 9_150_000})
    measures.edit(martin.store, cast.different_fields, {"maturity": "mvp", "responsible_unit": "Bauamt, N. Dickel"})
    light = {"traffic_light": "yellow", "traffic_light_reason": "Die Lieferung der Sensoren verzögert sich."}
    measures.edit(martin.store, cast.same_field, light)
    measures.add_part(martin.store, cast.same_field, "milestone", {"title": "Vergabe", "due": "2027-Q1"})
    for client in (martin, katrin):
        client.sync()


def _disagree(cast: Cast) -> None:
    """Two versions, a deletion of something edited, and a few changes that wait."""
    katrin, martin = cast.katrin, cast.martin
    measures.edit(katrin.store, cast.same_field, {"status": "paused", "status_reason": "Förderbescheid steht aus."})
    measures.edit(martin.store, cast.same_field, {"status": "in_progress", "status_reason": "Bescheid liegt vor."})
    measures.delete(katrin.store, cast.deleted_here)
    measures.edit(martin.store, cast.deleted_here, {"goals": "Treffpunkt für die Nachbarschaft."})
    for client in (martin, katrin, martin):
        client.sync()
    measures.edit(
        katrin.store,
        cast.different_fields,
        {"traffic_light": "yellow", "traffic_light_reason": "Lieferung verzögert sich."},
    )
    measures.edit(katrin.store, cast.different_fields, {"start": "2026-Q3", "end": "2027"})
