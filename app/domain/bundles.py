"""The sixteen Maßnahmenbündel of the joint strategy (November 2022), as far as sources name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasureBundle:
    """One of the sixteen Maßnahmenbündel of the joint strategy.

    Attributes:
        code: "M01" to "M16".
        title: None where no source names it.
        description: one or two sentences; None where unknown.
        letters: pioneers named for it, as their bundle letters (A, B, M, O, S).
        is_lead_project: formally agreed as Leitprojekt.
        total_cost_cents: as published; None where unknown.
        builds_on: codes of the bundles that it uses or refers to.
        code_is_inferred: the title is published, its number is not.
    """

    code: str
    title: str | None = None
    description: str | None = None
    letters: str = ""
    is_lead_project: bool = False
    total_cost_cents: int | None = None
    builds_on: tuple[str, ...] = ()
    code_is_inferred: bool = False


_BUNDLE_ROWS: tuple[MeasureBundle, ...] = (
    MeasureBundle(
        "M01",
        "Offene Regionale Datenplattform",
        "Führt die Daten der Kommunen zusammen und macht sie nutzbar; offen für die ganze Region.",
        "ABMOS",
        is_lead_project=True,
        builds_on=("M09",),
    ),
    MeasureBundle(
        "M02",
        "LoRaWAN",
        "Gemeinsames Konzept für Funknetze und Sensorik; jede Kommune betreibt ihr eigenes Netz.",
        "ABMOS",
        builds_on=("M01",),
    ),
    MeasureBundle(
        "M03",
        "Digitaler Zwilling",
        "Virtuelles Abbild der Städte auf der Datenplattform, unter anderem für Wald und Straßenzustand.",
        "ABMOS",
        builds_on=("M01", "M09"),
    ),
    MeasureBundle(
        "M04",
        "Stadtportale",
        "Apps, Portale und Terminals, über die eine Stadt informiert und Leistungen anbietet.",
        "ABOS",
        builds_on=("M01",),
    ),
    MeasureBundle(
        "M05",
        "Digitale Beteiligung",
        "Beteiligungsplattform, Mängelmelder, digitale Ratssitzung und ein Leitfaden für Beteiligung.",
        "ABO",
        builds_on=("M09",),
        code_is_inferred=True,
    ),
    MeasureBundle(
        "M06",
        "SWF-Labore",
        "Vier Stadtlabore und ein mobiles Labor als Orte zum Ausprobieren.",
        code_is_inferred=True,
    ),
    MeasureBundle("M07"),
    MeasureBundle("M08"),
    MeasureBundle(
        "M09",
        "Digitaler Kompetenzaufbau",
        "Wissen und Fertigkeiten, auf die andere Bündel aufbauen.",
        code_is_inferred=True,
    ),
    MeasureBundle("M10"),
    MeasureBundle(
        "M11",
        "Ehrenamt 4.0",
        "Hilfen für Ehrenamt und Vereine, von der Wissensbörse bis zu Lotsendiensten in der Pflege.",
        "AM",
        total_cost_cents=11_800_000,
    ),
    MeasureBundle("M12"),
    MeasureBundle(
        "M13",
        "Neue Technologien zur Effektivierung der Straßen- und Wegebewirtschaftung",
        "Straßen und Friedhöfe mit Sensorik, Robotik und lernender Auswertung erfassen.",
        builds_on=("M01", "M02", "M03"),
    ),
    MeasureBundle("M14", builds_on=("M09",)),
    MeasureBundle(
        "M15",
        "Smarte vernetzte Mobilität",
        "Mobilstationen, ein Fahrradparkhaus und vernetzte Angebote für Wege ohne eigenes Auto.",
        "ABM",
        total_cost_cents=34_000_000,
    ),
    MeasureBundle(
        "M16",
        "Nachhaltiger Konsum",
        "Ein Kaufhaus für Wiederverwendung und eine gebündelte Belieferung der Innenstadt.",
        "AS",
        total_cost_cents=50_000_000,
    ),
)

BUNDLES: dict[str, MeasureBundle] = {bundle.code: bundle for bundle in _BUNDLE_ROWS}
"""The sixteen bundles by code, in order."""
