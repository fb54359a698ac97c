"""The closed lists of the programme: codes that are stored and sent; German labels are in ``app.ui.labels``.

The order of the members is the order in which a person meets them (a life cycle, a scale, a list).
What the programme itself has not settled (Visionsbilder, tags, local fields) is editable text, not an enum.
"""

from __future__ import annotations

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


class AttachmentKind(StrEnum):
    """What an attachment is to the record it hangs on."""

    PHOTO = "photo"
    PHOTO_MINUTES = "photo_minutes"
    PLAN = "plan"
    SLIDES = "slides"
    DOCUMENT = "document"
    OTHER = "other"


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
    CONSORTIUM = "consortium"
    READER = "reader"
    AGENCY = "agency"


class TermList(StrEnum):
    """Lists of the programme that its agency keeps: what is in them is words, not codes."""

    TAG = "tag"
    VISION = "vision"
    LOCAL_FIELD = "local_field"
    BUNDLE = "bundle"
