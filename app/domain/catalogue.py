"""The closed lists of the programme: codes that are stored and sent; their German labels live in ``app.ui.labels``.

The order of the members is the order in which a person meets them (a life cycle, a scale, a list).
What the programme itself has not settled (Visionsbilder, tags, local fields) is editable text, not an enum.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class MeasureStatus(StrEnum):
    """Umsetzungsstand of a measure."""

    IDEA = "idea"
    IN_REVIEW = "in_review"
    PLANNED = "planned"
    FUNDING_REVIEW = "funding_review"
    REWORK_REQUIRED = "rework_required"
    APPROVED = "approved"
    PROCUREMENT = "procurement"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    COMPLETED = "completed"
    IN_OPERATION = "in_operation"
    REJECTED = "rejected"


class Phase(StrEnum):
    """Phase of the programme or of one measure."""

    STRATEGY = "strategy"
    IMPLEMENTATION = "implementation"
    CONSOLIDATION = "consolidation"


class Maturity(StrEnum):
    """Scaling step of a solution."""

    PROOF_OF_VALUE = "proof_of_value"
    PROOF_OF_CONCEPT = "proof_of_concept"
    PROTOTYPE = "prototype"
    MVP = "mvp"
    VERTICAL_SCALING = "vertical_scaling"
    CONSOLIDATION = "consolidation"
    HORIZONTAL_SCALING = "horizontal_scaling"


class TrafficLight(StrEnum):
    """Ampel: how a measure runs against its plan."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Priority(StrEnum):
    """Priority of a measure."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class FieldOfAction(StrEnum):
    """Handlungsfeld of the programme."""

    ADMINISTRATION_PARTICIPATION = "administration_participation"
    VALUE_CREATION_INNOVATION = "value_creation_innovation"
    URBAN_DESIGN = "urban_design"
    EDUCATION_CULTURE_TOURISM = "education_culture_tourism"
    NEW_WORK = "new_work"
    ENERGY = "energy"
    ENVIRONMENT_CLIMATE = "environment_climate"
    MOBILITY = "mobility"
    OTHER = "other"


class Dna(StrEnum):
    """The three strands of the Südwestfalen-DNA."""

    DIGITAL = "digital"
    SUSTAINABLE = "sustainable"
    AUTHENTIC = "authentic"


class CharterGuideline(StrEnum):
    """The four guidelines of the Smart City Charta (2017)."""

    GOALS_STRUCTURES = "goals_structures"
    TRANSPARENCY_PARTICIPATION = "transparency_participation"
    INFRASTRUCTURE_DATA_SERVICES = "infrastructure_data_services"
    RESOURCES_COMPETENCES = "resources_competences"


class Sdg(IntEnum):
    """The seventeen sustainable development goals of the United Nations, by number."""

    NO_POVERTY = 1
    ZERO_HUNGER = 2
    GOOD_HEALTH = 3
    QUALITY_EDUCATION = 4
    GENDER_EQUALITY = 5
    CLEAN_WATER = 6
    CLEAN_ENERGY = 7
    DECENT_WORK = 8
    INDUSTRY_INNOVATION = 9
    REDUCED_INEQUALITIES = 10
    SUSTAINABLE_CITIES = 11
    RESPONSIBLE_CONSUMPTION = 12
    CLIMATE_ACTION = 13
    LIFE_BELOW_WATER = 14
    LIFE_ON_LAND = 15
    PEACE_JUSTICE = 16
    PARTNERSHIPS = 17


class StakeholderGroup(StrEnum):
    """Akteursgruppe of a workshop, also the target group of a measure."""

    CITIZENS = "citizens"
    BUSINESS = "business"
    POLITICS = "politics"
    EDUCATION_SCIENCE = "education_science"
    ADMINISTRATION = "administration"
    CIVIL_SOCIETY = "civil_society"
    UNKNOWN = "unknown"


class SpatialScope(StrEnum):
    """Raumbezug of a measure, from wide to narrow."""

    REGION = "region"
    DISTRICT = "district"
    INTERMUNICIPAL = "intermunicipal"
    MUNICIPALITY = "municipality"
    QUARTER = "quarter"
    SITE = "site"


class CostType(StrEnum):
    """Kostenart of a cost item."""

    PERSONNEL = "personnel"
    MATERIAL = "material"
    INVESTMENT = "investment"
    EXTERNAL_SERVICES = "external_services"
    PUBLIC_RELATIONS = "public_relations"
    OPERATION = "operation"


class FundingSource(StrEnum):
    """Where money comes from."""

    KFW_436 = "kfw_436"
    STATE_NRW = "state_nrw"
    EU = "eu"
    OWN_SHARE = "own_share"
    DISTRICT = "district"
    THIRD_PARTY = "third_party"


class FundingStatus(StrEnum):
    """How far one funding item is."""

    PLANNED = "planned"
    APPLIED = "applied"
    APPROVED = "approved"
    CALLED = "called"
    PROVEN = "proven"
    REJECTED = "rejected"


class IndicatorLevel(StrEnum):
    """Step of the effect chain that an indicator measures."""

    INPUT = "input"
    OUTPUT = "output"
    OUTCOME = "outcome"
    IMPACT = "impact"


class DependencyKind(StrEnum):
    """How one measure depends on another; ``requires`` must stay free of cycles."""

    REQUIRES = "requires"
    BUILDS_ON = "builds_on"
    RELATES_TO = "relates_to"


class Transferability(StrEnum):
    """How well a measure can be taken over elsewhere."""

    DIRECT = "direct"
    WITH_ADAPTATION = "with_adaptation"
    LIMITED = "limited"
    NOT_ASSESSED = "not_assessed"


class Visibility(StrEnum):
    """Who may see a record, from narrow to wide."""

    PRIVATE = "private"
    MUNICIPALITY = "municipality"
    CONSORTIUM = "consortium"
    SCHOOL = "school"
    PUBLIC = "public"


class WorkshopFormat(StrEnum):
    """Format of a workshop."""

    WORKSHOP = "workshop"
    FUTURE_WORKSHOP = "future_workshop"
    WORLD_CAFE = "world_cafe"
    DESIGN_THINKING = "design_thinking"
    CITIZEN_DIALOGUE = "citizen_dialogue"
    LIVING_LAB = "living_lab"
    OPEN_SPACE = "open_space"
    FISHBOWL = "fishbowl"
    PLANNING_CELL = "planning_cell"
    CITIZENS_COUNCIL = "citizens_council"
    FOCUS_GROUP = "focus_group"
    ROUND_TABLE = "round_table"
    CITY_WALK = "city_walk"
    SCENARIO = "scenario"
    HACKATHON = "hackathon"
    SURVEY = "survey"
    PARCOURS = "parcours"
    CONFERENCE = "conference"
    SCHOOL_SESSION = "school_session"
    WORKING_MEETING = "working_meeting"
    STEERING = "steering"
    OTHER = "other"


class WorkshopMode(StrEnum):
    """Whether people meet in a room, online, or both."""

    ONSITE = "onsite"
    ONLINE = "online"
    HYBRID = "hybrid"


class MinutesKind(StrEnum):
    """Protokollart."""

    RESULTS = "results"
    VERBATIM_FLOW = "verbatim_flow"
    PHOTO = "photo"


class MinutesState(StrEnum):
    """How far minutes are; ``released`` freezes them."""

    DRAFT = "draft"
    IN_COORDINATION = "in_coordination"
    RELEASED = "released"


class ContributionKind(StrEnum):
    """Kind of a card in the Mitschrift."""

    IDEA = "idea"
    NEED = "need"
    HINT = "hint"
    STRENGTH = "strength"
    WEAKNESS = "weakness"
    CRITICISM = "criticism"
    QUESTION = "question"
    RESULT = "result"
    DECISION = "decision"
    QUOTE = "quote"


class VoteMethod(StrEnum):
    """How a room votes."""

    DOTS = "dots"
    BUDGET = "budget"
    RANKING = "ranking"
    SCALE = "scale"
    SHOW_OF_HANDS = "show_of_hands"


class TaskStatus(StrEnum):
    """How far a task is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


class MilestoneStatus(StrEnum):
    """How a milestone ended, or that it has not."""

    OPEN = "open"
    REACHED = "reached"
    MISSED = "missed"
    DROPPED = "dropped"


class DecisionResult(StrEnum):
    """Result of a council or committee decision."""

    APPROVED = "approved"
    APPROVED_AMENDED = "approved_amended"
    REJECTED = "rejected"
    POSTPONED = "postponed"
    NOTED = "noted"


class MunicipalityRole(StrEnum):
    """Role of a municipality in the programme; one municipality may hold several."""

    PIONEER = "pioneer"
    JOINING = "joining"
    MODEL_PROJECT = "model_project"
    OTHER = "other"


class OrganisationKind(StrEnum):
    """Kind of a partner organisation."""

    SUPPORTER = "supporter"
    AGENCY = "agency"
    MUNICIPAL_COMPANY = "municipal_company"
    BUSINESS = "business"
    SCIENCE = "science"
    ASSOCIATION = "association"
    AUTHORITY = "authority"


class Role(StrEnum):
    """Role of the person at an installation."""

    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    AGENCY = "agency"


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
        "Führt die Daten der Kommunen an einer Stelle zusammen und macht sie nutzbar; offen für die ganze Region.",
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
        "Digitale Unterstützung für Ehrenamt und Vereine, von der Wissensbörse bis zu Lotsendiensten in der Pflege.",
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
