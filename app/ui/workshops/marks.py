"""How the kinds of cards look: icon and tone, and the keys that make them."""

from __future__ import annotations

from app.domain.capture import MARKS, TASK
from app.domain.catalogue import ContributionKind, StakeholderGroup

ICONS = {
    "idea": "lightbulb",
    "need": "megaphone",
    "hint": "info",
    "strength": "plus-circle",
    "weakness": "minus-circle",
    "criticism": "warning-circle",
    "question": "question",
    "result": "flag",
    "decision": "circle-wavy-check",
    "quote": "quotes",
    TASK: "check-square",
}
TONES = {
    "strength": "ok",
    "weakness": "warning",
    "criticism": "warning",
    "question": "info",
    "decision": "accent",
    TASK: "text",
}
KINDS = (*(kind.value for kind in ContributionKind), TASK)
"""In the order in which a menu offers them."""

GROUPS = (
    StakeholderGroup.CITIZENS,
    StakeholderGroup.CIVIL_SOCIETY,
    StakeholderGroup.ADMINISTRATION,
    StakeholderGroup.POLITICS,
    StakeholderGroup.BUSINESS,
    StakeholderGroup.EDUCATION_SCIENCE,
)
"""The groups that are counted, the largest first as a rule."""

KEYS = (("?", "question"), ("!", "decision"), ("+", "strength"), ("-", "weakness"), ("@", TASK))
assert {mark for mark, _ in KEYS} == set(MARKS)


def icon_of(kind: str) -> str:
    """The icon of a kind; of one from a newer Maßwerk the idea's."""
    return ICONS.get(kind, "lightbulb")


def tone_of(kind: str) -> str:
    """The colour role of a kind; most are quiet."""
    return TONES.get(kind, "muted")


def initials(person: str) -> str:
    """Jonas Sauer is JS."""
    words = [word for word in person.replace("-", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()
