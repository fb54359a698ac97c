"""German words for the closed lists of ``app.domain.catalogue``: full, and short for the narrow places."""

from __future__ import annotations

from enum import Enum

from app.domain import catalogue as c

Words = dict[str, str | tuple[str, str]]

_TABLES: dict[type[Enum], Words] = {
    c.MeasureStatus: {
        "idea": "Idee",
        "in_review": "In Prüfung",
        "planned": "Geplant",
        "funding_review": ("In Förderprüfung (BMWSB/KfW)", "Förderprüfung"),
        "rework_required": ("Nachqualifizierung", "Nachqualifiz."),
        "approved": "Beschlossen",
        "procurement": ("Ausschreibung/Vergabe", "Vergabe"),
        "in_progress": "In Umsetzung",
        "paused": "Pausiert",
        "completed": "Abgeschlossen",
        "in_operation": ("Im Betrieb/Verstetigt", "Im Betrieb"),
        "rejected": "Verworfen",
    },
    c.Phase: {
        "strategy": ("Strategiephase", "Strategie"),
        "implementation": ("Umsetzungsphase", "Umsetzung"),
        "consolidation": "Verstetigung",
    },
    c.Maturity: {
        "proof_of_value": ("Ideenfindung/Proof of Value", "Ideenfindung"),
        "proof_of_concept": ("Machbarkeit (PoC)", "Machbarkeit"),
        "prototype": "Prototyp",
        "mvp": ("MVP/Pilot", "Pilot"),
        "vertical_scaling": ("Vertikale Skalierung", "Vertikal"),
        "consolidation": "Verstetigung",
        "horizontal_scaling": ("Horizontale Skalierung", "Horizontal"),
    },
    c.TrafficLight: {
        "green": "Im Plan",
        "yellow": "Abweichung",
        "red": "Kritisch",
        "grey": "Keine Angabe",
    },
    c.Priority: {"high": "Hoch", "medium": "Mittel", "low": "Niedrig"},
    c.FieldOfAction: {
        "administration_participation": ("Verwaltung & Teilhabe", "Verwaltung"),
        "value_creation_innovation": ("Wertschöpfung & Innovation", "Wertschöpfung"),
        "urban_design": "Stadtgestaltung",
        "education_culture_tourism": ("Bildung, Kultur & Tourismus", "Bildung & Kultur"),
        "new_work": ("New Work – Neue Arbeitswelt", "New Work"),
        "energy": "Energie",
        "environment_climate": "Umwelt & Klima",
        "mobility": "Mobilität",
        "other": "Sonstiges",
    },
    c.Dna: {"digital": "Digitalisierung", "sustainable": "Nachhaltigkeit", "authentic": "Authentizität"},
    c.CharterGuideline: {
        "goals_structures": ("Ziele, Strategien und Strukturen", "Ziele"),
        "transparency_participation": ("Transparenz, Teilhabe und Mitgestaltung", "Teilhabe"),
        "infrastructure_data_services": ("Infrastrukturen, Daten und Dienstleistungen", "Infrastrukturen"),
        "resources_competences": ("Ressourcen, Kompetenzen und Kooperationen", "Ressourcen"),
    },
    c.Sdg: {
        "1": "Keine Armut",
        "2": "Kein Hunger",
        "3": ("Gesundheit und Wohlergehen", "Gesundheit"),
        "4": ("Hochwertige Bildung", "Bildung"),
        "5": ("Geschlechtergleichheit", "Gleichheit"),
        "6": ("Sauberes Wasser und Sanitäreinrichtungen", "Wasser"),
        "7": ("Bezahlbare und saubere Energie", "Energie"),
        "8": ("Menschenwürdige Arbeit und Wirtschaftswachstum", "Arbeit"),
        "9": ("Industrie, Innovation und Infrastruktur", "Innovation"),
        "10": ("Weniger Ungleichheiten", "Ungleichheiten"),
        "11": ("Nachhaltige Städte und Gemeinden", "Städte"),
        "12": ("Nachhaltiger Konsum und nachhaltige Produktion", "Konsum"),
        "13": ("Maßnahmen zum Klimaschutz", "Klimaschutz"),
        "14": ("Leben unter Wasser", "Meere"),
        "15": ("Leben an Land", "Land"),
        "16": ("Frieden, Gerechtigkeit und starke Institutionen", "Frieden"),
        "17": ("Partnerschaften zur Erreichung der Ziele", "Partnerschaften"),
    },
    c.StakeholderGroup: {
        "citizens": "Bürgerschaft",
        "business": "Wirtschaft",
        "politics": "Politik",
        "education_science": ("Bildung/Wissenschaft", "Bildung"),
        "administration": "Verwaltung",
        "civil_society": ("Zivilgesellschaft/Vereine", "Vereine"),
        "unknown": "Ohne Angabe",
    },
    c.SpatialScope: {
        "region": ("Gesamte Region", "Region"),
        "district": "Kreis",
        "intermunicipal": "Interkommunal",
        "municipality": "Gesamtstädtisch",
        "quarter": ("Ortsteil/Quartier", "Ortsteil"),
        "site": "Standort",
    },
    c.CostType: {
        "personnel": "Personal",
        "material": "Sachkosten",
        "investment": "Investition",
        "external_services": ("Externe Dienstleistungen", "Extern"),
        "public_relations": ("Öffentlichkeitsarbeit", "Öffentlichkeit"),
        "operation": ("Betrieb/Folgekosten", "Betrieb"),
    },
    c.FundingSource: {
        "kfw_436": ("Bund – MPSC/KfW 436", "KfW 436"),
        "state_nrw": ("Land NRW (u. a. REGIONALE, Digitale Modellregionen)", "Land NRW"),
        "eu": "EU",
        "own_share": "Eigenanteil",
        "district": "Kreis",
        "third_party": "Dritte",
    },
    c.FundingStatus: {
        "planned": "Geplant",
        "applied": "Beantragt",
        "approved": "Bewilligt",
        "called": "Abgerufen",
        "proven": "Nachgewiesen",
        "rejected": "Abgelehnt",
    },
    c.IndicatorLevel: {
        "input": "Input",
        "output": "Output",
        "outcome": ("Wirkung (Zielgruppe)", "Wirkung"),
        "impact": ("Wirkung (Stadtgesellschaft)", "Stadtgesellschaft"),
    },
    c.DependencyKind: {
        "requires": "Setzt voraus",
        "builds_on": "Baut auf auf",
        "relates_to": "Bezug zu",
    },
    c.Transferability: {
        "direct": ("Direkt übertragbar", "Direkt"),
        "with_adaptation": "Mit Anpassung",
        "limited": "Eingeschränkt",
        "not_assessed": ("Noch nicht bewertet", "Offen"),
    },
    c.Visibility: {
        "private": ("Nur dieses Gerät", "Nur hier"),
        "municipality": "Kommune",
        "consortium": ("Konsortium (5 + Agentur)", "Konsortium"),
        "school": ("Smart Cities: Schule (59)", "Region (59)"),
        "public": "Öffentlich",
    },
    c.WorkshopFormat: {
        "workshop": "Workshop",
        "future_workshop": "Zukunftswerkstatt",
        "world_cafe": "World Café",
        "design_thinking": "Design Thinking",
        "citizen_dialogue": "Bürgerdialog",
        "living_lab": "Reallabor",
        "open_space": "Open Space",
        "fishbowl": "Fishbowl",
        "planning_cell": "Planungszelle",
        "citizens_council": "Bürgerrat",
        "focus_group": "Fokusgruppe",
        "round_table": "Runder Tisch",
        "city_walk": "Stadtspaziergang",
        "scenario": ("Szenario-Workshop", "Szenario"),
        "hackathon": "Hackathon",
        "survey": "Online-Umfrage",
        "parcours": ("Parcours/Infostand", "Parcours"),
        "conference": "Konferenz",
        "school_session": "Smart Cities: Schule",
        "working_meeting": "Arbeitstreffen",
        "steering": "Steuerkreis",
        "other": "Anderes Format",
    },
    c.WorkshopMode: {"onsite": "Präsenz", "online": "Online", "hybrid": "Hybrid"},
    c.MinutesKind: {
        "results": "Ergebnisprotokoll",
        "verbatim_flow": "Verlaufsprotokoll",
        "photo": "Fotoprotokoll",
    },
    c.MinutesState: {
        "draft": "Entwurf",
        "in_coordination": "In Abstimmung",
        "released": "Freigegeben",
    },
    c.ContributionKind: {
        "idea": "Idee",
        "need": "Bedarf",
        "hint": "Hinweis",
        "strength": "Stärke",
        "weakness": "Schwäche",
        "criticism": "Kritik",
        "question": ("Offene Frage", "Frage"),
        "result": "Ergebnis",
        "decision": ("Beschluss/Empfehlung", "Beschluss"),
        "quote": ("Zitat (anonym)", "Zitat"),
    },
    c.VoteMethod: {
        "dots": "Punktabfrage",
        "budget": "Budgetverteilung",
        "ranking": "Rangfolge",
        "scale": "Skala",
        "show_of_hands": "Handzeichen",
    },
    c.TaskStatus: {
        "open": "Offen",
        "in_progress": "In Arbeit",
        "done": "Erledigt",
        "dropped": "Entfallen",
    },
    c.MilestoneStatus: {
        "open": "Offen",
        "reached": "Erreicht",
        "missed": "Verfehlt",
        "dropped": "Entfallen",
    },
    c.DecisionResult: {
        "approved": "Beschlossen",
        "approved_amended": ("Geändert beschlossen", "Geändert"),
        "rejected": "Abgelehnt",
        "postponed": "Vertagt",
        "noted": ("Zur Kenntnis genommen", "Kenntnis"),
    },
    c.AttachmentKind: {
        "photo": "Foto",
        "photo_minutes": "Fotoprotokoll",
        "plan": ("Plan oder Karte", "Plan"),
        "slides": ("Präsentation", "Folien"),
        "document": "Dokument",
        "other": "Sonstiges",
    },
    c.MunicipalityRole: {
        "pioneer": "Pionierkommune",
        "joining": "Mitmacherkommune",
        "model_project": ("Eigenes Modellprojekt", "Modellprojekt"),
        "other": "Weitere Kommune",
    },
    c.OrganisationKind: {
        "supporter": "Unterstützer",
        "agency": "Südwestfalen Agentur",
        "municipal_company": "Kommunales Unternehmen",
        "business": "Wirtschaft",
        "science": "Wissenschaft",
        "association": "Verein/Verband",
        "authority": "Behörde",
    },
    c.TermList: {
        "tag": "Schlagworte",
        "vision": "Visionsbilder",
        "local_field": ("Örtliche Themenfelder", "Themenfelder"),
        "bundle": "Maßnahmenbündel",
    },
    c.Role: {
        "coordinator": "Koordination",
        "facilitator": "Moderation",
        "consortium": "Konsortium",
        "reader": "Lesend",
        "agency": "Agentur",
    },
}

Key = tuple[type[Enum], object]
"""List and code: equal codes of two string lists are equal members, and yet their words differ."""

FULL: dict[Key, str] = {
    (values, member.value): words if isinstance(words, str) else words[0]
    for values, table in _TABLES.items()
    for member in values
    if (words := table.get(str(member.value)))
}
SHORT: dict[Key, str] = {
    (values, member.value): words if isinstance(words, str) else words[1]
    for values, table in _TABLES.items()
    for member in values
    if (words := table.get(str(member.value)))
}
TABLE_CODES: dict[type[Enum], frozenset[str]] = {v: frozenset(table) for v, table in _TABLES.items()}
"""The codes that have words, to find words left over from a code that is gone."""
