"""The grammar of the Mitschrift: what a typed line means, and that nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.capture import MARKS, Captured, read_line, read_lines, write_line
from app.domain.catalogue import ContributionKind
from app.domain.partial_date import PartialDate

TODAY = date(2026, 11, 26)

KINDS = {
    "Radständer mit Dach an der Kirche.": ("idea", "Radständer mit Dach an der Kirche."),
    "? Wer trägt den Strom der Säule?": ("question", "Wer trägt den Strom der Säule?"),
    "!Haltestelle Ortsmitte wird barrierefrei angemeldet": (
        "decision", "Haltestelle Ortsmitte wird barrierefrei angemeldet",
    ),
    "+ Fahrerinnen kennen alle": ("strength", "Fahrerinnen kennen alle"),
    "- Letzter Bus 17:48": ("weakness", "Letzter Bus 17:48"),
    "– Letzter Bus 17:48": ("weakness", "Letzter Bus 17:48"),
    "  ?  viele   Leerzeichen ": ("question", "viele Leerzeichen"),
    "-5 Grad im Schulbus": ("idea", "-5 Grad im Schulbus"),
    "+49 2751 123": ("idea", "+49 2751 123"),
    "-> siehe oben": ("idea", "-> siehe oben"),
    "\\?kein Fragezeichen": ("idea", "?kein Fragezeichen"),
    "\\\\wörtlich": ("idea", "\\\\wörtlich"),
    "?": ("question", ""),
    "": ("idea", ""),
}  # fmt: skip


@pytest.mark.parametrize("line", KINDS)
def test_the_mark_says_the_kind(line: str) -> None:
    found = read_line(line, TODAY)
    assert (found.kind, found.text) == KINDS[line]


def test_a_line_without_a_mark_takes_the_kind_it_had() -> None:
    assert read_line("Mehr Licht", TODAY, plain="need").kind == "need"
    assert not read_line("Mehr Licht", TODAY).marked
    assert read_line("! Mehr Licht", TODAY, plain="need").marked


def test_a_task_names_person_and_date() -> None:
    found = read_line("@Born Angebote für Mitfahrbank einholen bis KW 3", TODAY)
    assert found == Captured(
        "task", "Angebote für Mitfahrbank einholen", (), "Born", PartialDate.decode("2027-W03"), marked=True
    )


WHO = {
    "@Born: Angebote": ("Born", "Angebote"),
    "@Frau Born Angebote": ("Frau Born", "Angebote"),
    "@A. Born Angebote": ("A. Born", "Angebote"),
    "@Dr. Anna Angebote": ("Dr. Anna", "Angebote"),
    "@Born,Hellmann Angebote": ("Born,Hellmann", "Angebote"),
    "@Ada_Born Angebote": ("Ada Born", "Angebote"),
    '@"Freiwillige Feuerwehr" Angebote': ("Freiwillige Feuerwehr", "Angebote"),
    "@ Angebote einholen": (None, "Angebote einholen"),
    "@martin hoffmann Angebote": ("Martin Hoffmann", "Angebote"),
    "@Born": ("Born", ""),
}


@pytest.mark.parametrize("line", WHO)
def test_who_is_told_in_many_ways(line: str) -> None:
    found = read_line(line, TODAY, names=["Martin", "Martin Hoffmann"])
    assert (found.responsible, found.text) == WHO[line]


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("@Born bis 15.1. Angebote einholen", "2027-01-15"),
        ("@Born bis 15. Januar 2027: Angebote einholen", "2027-01-15"),
    ],
)
def test_a_deadline_may_be_said_before_the_task(line: str, due: str) -> None:
    found = read_line(line, TODAY)
    assert (found.responsible, found.text, found.due) == ("Born", "Angebote einholen", PartialDate.decode("2027-01-15"))
    assert read_line("@Born bis bald Angebote", TODAY).text == "bis bald Angebote"


def test_a_task_that_is_only_a_date_keeps_its_words() -> None:
    found = read_line("@Born bis 15.1.", TODAY)
    assert (found.text, found.due) == ("bis 15.1.", PartialDate.decode("2027-01-15"))


TAGS = {
    "Radständer #Rad #Kirche": ("Radständer", ("Rad", "Kirche")),
    "#Rad Ständer an der Kirche": ("Ständer an der Kirche", ("Rad",)),
    "Ständer an der #Kirche aufstellen": ("Ständer an der Kirche aufstellen", ("Kirche",)),
    "Punkt #3 und C# bleiben": ("Punkt #3 und C# bleiben", ()),
    "#Rad #rad #RAD": ("Rad rad RAD", ("Rad",)),
    "#E-Mobilität fördern": ("fördern", ("E-Mobilität",)),
    "Ständer #Rad.": ("Ständer Rad.", ("Rad",)),
}


@pytest.mark.parametrize("line", TAGS)
def test_tags_stand_anywhere(line: str) -> None:
    found = read_line(line, TODAY)
    assert (found.text, found.tags) == TAGS[line]


def test_a_pasted_list_loses_its_bullets_but_single_marks_count() -> None:
    assert [c.text for c in read_lines("• Eins\n• Zwei\n\n• Drei", TODAY)] == ["Eins", "Zwei", "Drei"]
    assert [c.kind for c in read_lines("- Eins\n- Zwei", TODAY)] == ["idea", "idea"]
    assert [c.kind for c in read_lines("- Eins\n+ Zwei\r\nDrei", TODAY)] == ["weakness", "strength", "idea"]
    assert [c.text for c in read_lines("1. Eins\n2. Zwei", TODAY)] == ["Eins", "Zwei"]
    assert read_lines("\n \n?\n", TODAY) == []


MARKED = ["?", "!", "+", "-", "@", "#", "\\", '"', "–", "#Rad", "Frau ", "A. ", "_", ",", ":"]
WORDS = [
    " ",
    "  ",
    "bis ",
    " bis KW 3",
    "Ende 2026",
    "morgen",
    "15.1.27",
    "Straße",
    "🚲",
    "\u0308",
    "Q3/2027",
    "\n",
    "5",
]
PIECES = st.sampled_from([*MARKED, *WORDS])
LINES = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join))


@given(LINES)
@example('@"" #Rad bis Winter')
def test_whatever_is_typed_there_is_an_answer(line: str) -> None:
    found = read_line(line, TODAY, names=["Born", "Ada Born", ""])
    assert found.kind in {k.value for k in ContributionKind} | {"task"}
    assert found.text == found.text.strip()
    read_lines(line, TODAY)


@given(LINES)
def test_nothing_typed_is_lost(line: str) -> None:
    found = read_line(line, TODAY)
    kept = " ".join([found.text, *found.tags, found.responsible or ""])
    if found.due:  # the words of the date have become the date
        return
    assert set(re.findall(r"\w+", line.replace("_", " "))) <= set(re.findall(r"\w+", kept.replace("_", " "))) or (
        {w.casefold() for w in re.findall(r"\w+", line.replace("_", " "))}
        <= {w.casefold() for w in re.findall(r"\w+", kept.replace("_", " "))}
    )


@given(LINES)
@example("@Frau _0")
def test_a_card_written_back_reads_as_the_same_card(line: str) -> None:
    found = read_line(line, TODAY)
    again = read_line(write_line(found), TODAY)
    assert (again.kind, again.text, again.tags, again.responsible, again.due) == (
        found.kind, found.text, found.tags, found.responsible, found.due,
    )  # fmt: skip


def test_every_mark_leads_to_its_kind_and_back() -> None:
    for mark, kind in MARKS.items():
        card = read_line(f"{mark} Etwas", TODAY)
        assert card.kind == kind
        assert write_line(card) == f"{mark} Etwas"
