"""The closed lists hold exactly the codes that are stored and sent, and the bundles what is published."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

from app.domain import catalogue
from app.domain.bundles import BUNDLES

LISTS = [
    found
    for found in vars(catalogue).values()
    if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum
]

FROZEN = {
    "MeasureStatus": "idea in_review planned funding_review rework_required approved procurement in_progress"
    " paused completed in_operation rejected",
    "Phase": "strategy implementation consolidation",
    "Maturity": "proof_of_value proof_of_concept prototype mvp vertical_scaling consolidation horizontal_scaling",
    "TrafficLight": "green yellow red grey",
    "Priority": "high medium low",
    "FieldOfAction": "administration_participation value_creation_innovation urban_design"
    " education_culture_tourism new_work energy environment_climate mobility other",
    "Dna": "digital sustainable authentic",
    "CharterGuideline": "goals_structures transparency_participation infrastructure_data_services"
    " resources_competences",
    "StakeholderGroup": "citizens business politics education_science administration civil_society unknown",
    "SpatialScope": "region district intermunicipal municipality quarter site",
    "CostType": "personnel material investment external_services public_relations operation",
    "FundingSource": "kfw_436 state_nrw eu own_share district third_party",
    "FundingStatus": "planned applied approved called proven rejected",
    "IndicatorLevel": "input output outcome impact",
    "DependencyKind": "requires builds_on relates_to",
    "Transferability": "direct with_adaptation limited not_assessed",
    "Visibility": "private municipality consortium school public",
    "WorkshopFormat": "workshop future_workshop world_cafe design_thinking citizen_dialogue living_lab"
    " open_space fishbowl planning_cell citizens_council focus_group round_table city_walk scenario hackathon"
    " survey parcours conference school_session working_meeting steering other",
    "WorkshopMode": "onsite online hybrid",
    "MinutesKind": "results verbatim_flow photo",
    "MinutesState": "draft in_coordination released",
    "ContributionKind": "idea need hint strength weakness criticism question result decision quote",
    "VoteMethod": "dots budget ranking scale show_of_hands",
    "TaskStatus": "open in_progress done dropped",
    "MilestoneStatus": "open reached missed dropped",
    "DecisionResult": "approved approved_amended rejected postponed noted",
    "AttachmentKind": "photo photo_minutes plan slides document other",
    "MunicipalityRole": "pioneer joining model_project other",
    "OrganisationKind": "supporter agency municipal_company business science association authority",
    "Role": "coordinator facilitator consortium reader agency",
    "TermList": "tag vision local_field bundle",
}
"""Codes are on other people's disks: one may be added, none renamed or taken away."""


def test_every_list_has_its_codes_in_the_agreed_order() -> None:
    assert {found.__name__: " ".join(found) for found in LISTS} == FROZEN


@pytest.mark.parametrize("values", LISTS, ids=lambda v: v.__name__)
def test_codes_are_plain_and_named_like_their_members(values: type[StrEnum]) -> None:
    for member in values:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", member.value)
        assert member.name == member.value.upper()


def test_the_goals_of_the_united_nations_are_seventeen() -> None:
    assert [int(goal) for goal in catalogue.Sdg] == list(range(1, 18))


def test_the_bundles_are_sixteen_and_unknown_ones_stay_nameless() -> None:
    assert list(BUNDLES) == [f"M{number:02}" for number in range(1, 17)]
    assert {code for code, bundle in BUNDLES.items() if bundle.title is None} == {
        "M07",
        "M08",
        "M10",
        "M12",
        "M14",
    }
    assert {code for code, bundle in BUNDLES.items() if bundle.code_is_inferred} == {"M05", "M06", "M09"}
    assert [code for code, bundle in BUNDLES.items() if bundle.is_lead_project] == ["M01"]


def test_bundles_refer_to_bundles_and_to_pioneers() -> None:
    for bundle in BUNDLES.values():
        assert set(bundle.builds_on) <= set(BUNDLES) - {bundle.code}
        assert set(bundle.letters) <= set("ABMOS")


def test_published_costs_are_in_cents() -> None:
    costs = {code: bundle.total_cost_cents for code, bundle in BUNDLES.items() if bundle.total_cost_cents}
    assert costs == {"M11": 118_000_00, "M15": 340_000_00, "M16": 500_000_00}
