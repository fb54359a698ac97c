"""Zwei Fassungen: seen side by side, decided by keyboard, taken up again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.region import Region
from app.models.queries import records, syncing
from app.models.queries import versions as asked
from app.services import history, measures
from app.ui.measures.places import Places
from app.ui.sync.diff_text import DiffText, FoldBar, MissingBox
from app.ui.sync.versions_tab import VersionsTab
from app.ui.widgets.buttons import Button
from tests.ui.sync.conftest import ARNSBERG, BERLEBURG, MENDEN, Desk, Town


class Pair:
    """Two desks that may both change one measure."""

    def __init__(self, town: Town, region: Region, qtbot: QtBot) -> None:
        self.mine = town.desk("Katrin Brandt", "Laptop Rathaus 2")
        self.other = town.desk("Martin Hoffmann", "Tablet Raumland", MENDEN)
        self._region, self._qtbot = region, qtbot

    def measure(self, **values: object) -> str:
        told = {"title": "Ortsmitten", "lead_ags": BERLEBURG, "participating_ags": [MENDEN], **values}
        made = measures.create(self.mine.workspace.store, told)
        self.exchange()
        return made

    def exchange(self) -> None:
        for desk in (self.mine, self.other, self.mine):
            desk.sync()

    def apart(self, measure: str, mine: dict[str, object], other: dict[str, object]) -> None:
        measures.edit(self.mine.workspace.store, measure, mine)
        measures.edit(self.other.workspace.store, measure, other)
        self.exchange()

    def tab(self, desk: Desk | None = None) -> VersionsTab:
        shown = VersionsTab((desk or self.mine).workspace, Places(self._region))
        self._qtbot.addWidget(shown)
        shown.resize(1278, 700)
        shown.show()
        shown.refresh()
        return shown

    def open(self, desk: Desk | None = None) -> list[asked.Question]:
        return asked.questions((desk or self.mine).workspace.reader)

    def value(self, measure: str, field: str) -> object:
        found = records.get_record(self.mine.workspace.reader, "measure", measure)
        assert found is not None
        return found.get(field)


@pytest.fixture
def pair(town: Town, region: Region, qtbot: QtBot) -> Pair:
    return Pair(town, region, qtbot)


STATE_MINE: dict[str, object] = {
    "status": "paused",
    "status_reason": "Bescheid fehlt; 9 von 23",
    "status_on": "2025-03-03",
}
STATE_OTHER: dict[str, object] = {
    "status": "in_progress",
    "status_reason": "Bescheid da; 11 von 23",
    "status_on": "2025-03-12",
}


def test_a_group_is_shown_whole_with_both_writers_and_only_what_differs_marked(pair: Pair) -> None:
    pair.apart(pair.measure(), STATE_MINE, STATE_OTHER)
    card = pair.tab().active_card()
    assert card is not None
    texts = list(card.findChildren(DiffText))
    assert ["fehlt; 9"] in [t.marked() for t in texts]
    assert ["da; 11"] in [t.marked() for t in texts]
    assert [w.words for w in card.options] == [
        "Meine behalten",
        "Fassung von Martin Hoffmann übernehmen",
        "Neu formulieren",
    ]
    assert "03.03.2025" in [t.text() for t in texts]
    assert "Pausiert" in [t.text() for t in texts]


def test_a_question_that_only_others_may_answer_is_seen_and_not_counted_as_own_to_do(pair: Pair, town: Town) -> None:
    reader = town.desk("Nora Lenz", "PC", ARNSBERG)
    pair.apart(pair.measure(visibility="consortium"), STATE_MINE, STATE_OTHER)
    reader.sync()
    told = [syncing.standing(desk.workspace.reader) for desk in (pair.mine, pair.other, reader)]
    assert [one.questions for one in told] == [1, 1, 1]
    assert [one.to_decide for one in told] == [1, 1, 0]


def test_the_other_version_is_taken_with_one_key(pair: Pair, qtbot: QtBot) -> None:
    measure = pair.measure()
    pair.apart(measure, STATE_MINE, STATE_OTHER)
    tab = pair.tab()
    with qtbot.waitSignal(tab.decided) as told:
        QTest.keyClick(tab.list, Qt.Key.Key_2)
    assert told.args == ["Ortsmitten: Fassung von Martin Hoffmann übernehmen"]
    assert pair.value(measure, "status") == "in_progress"
    pair.exchange()
    assert pair.open() == []
    assert pair.open(pair.other) == []


def test_return_decides_nothing(pair: Pair, qtbot: QtBot) -> None:
    pair.apart(pair.measure(), STATE_MINE, STATE_OTHER)
    tab = pair.tab()
    QTest.keyClick(tab.list, Qt.Key.Key_Return)
    card = tab.active_card()
    assert card is not None
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert len(pair.open()) == 1
    assert not any(way.isDefault() or way.autoDefault() for way in card.buttons)


def test_both_texts_are_kept_one_after_the_other_and_equal_paragraphs_fold(pair: Pair, qtbot: QtBot) -> None:
    text = "Gleich bleibt dieser Absatz.\nZwölf Pegel messen den Fluss."
    measure = pair.measure(description=text)
    pair.apart(
        measure,
        {"description": text.replace("Zwölf", "Dreizehn")},
        {"description": text.replace("Zwölf", "Vierzehn") + "\nDie Feuerwehr liest mit."},
    )
    tab = pair.tab()
    card = tab.active_card()
    assert card is not None
    bar = card.findChild(FoldBar)
    assert isinstance(bar, FoldBar)
    assert bar.text() == "Absatz 1 ist in beiden gleich"
    folded = [t for t in card.findChildren(DiffText) if t.text().startswith("Gleich")]
    assert all(t.isHidden() for t in folded)
    bar.click()
    assert not any(t.isHidden() for t in folded)
    assert card.findChildren(MissingBox)
    QTest.keyClick(card, Qt.Key.Key_3)
    kept = str(pair.value(measure, "description"))
    assert kept.count("Gleich bleibt") == 1
    assert all(word in kept for word in ("Dreizehn", "Vierzehn", "Feuerwehr"))


def test_a_new_wording_is_typed_in_the_card_and_digits_in_it_decide_nothing(pair: Pair, qtbot: QtBot) -> None:
    measure = pair.measure()
    pair.apart(measure, {"title": "Ortsmitten neu"}, {"title": "Dorfmitten"})
    tab = pair.tab()
    QTest.keyClick(tab.list, Qt.Key.Key_3)
    card = tab.active_card()
    assert card is not None
    assert card.rewrite is not None
    line = card.rewrite.editors[0].focus
    line.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(line, "Mitten 2")
    tab.refresh()
    assert card.rewrite is not None
    QTest.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pair.value(measure, "title") == "Mitten 2"
    assert pair.open() == []


def test_an_empty_title_is_refused_and_the_question_stays(pair: Pair) -> None:
    pair.apart(pair.measure(), STATE_MINE, STATE_OTHER)
    tab = pair.tab()
    card = tab.active_card()
    assert card is not None
    card.begin_rewrite()
    assert card.rewrite is not None
    card.rewrite.editors[1].focus.setText("viel")  # type: ignore[attr-defined]
    card.rewrite.save()
    assert len(pair.open()) == 1
    assert card.rewrite is not None


def test_deleted_but_edited_comes_back_or_goes_for_good(pair: Pair, qtbot: QtBot) -> None:
    first, second = pair.measure(), pair.measure()
    for measure in (first, second):
        measures.delete(pair.mine.workspace.store, measure)
        measures.edit(pair.other.workspace.store, measure, {"goals": "Ein Garten"})
    pair.exchange()
    tab = pair.tab()
    card = tab.active_card()
    assert card is not None
    assert [o.words for o in card.options] == ["Gelöscht lassen", "Wiederherstellen"]
    assert "Ein Garten" in [t.text() for t in card.findChildren(DiffText)]
    kept, gone = card.question.id, ({first, second} - {card.question.id}).pop()
    QTest.keyClick(tab.list, Qt.Key.Key_2)
    QTest.keyClick(tab.list, Qt.Key.Key_1)
    assert pair.open() == []
    pair.exchange()
    for desk in (pair.mine, pair.other):
        states = {m: records.get_record(desk.workspace.reader, "measure", m) for m in (kept, gone)}
        assert [(m, r.gone) for m, r in states.items() if r is not None] == [(kept, False), (gone, True)]


def test_a_part_of_a_deleted_measure_brings_its_measure_back(pair: Pair, qtbot: QtBot) -> None:
    measure = pair.measure()
    part = measures.add_part(pair.mine.workspace.store, measure, "milestone", {"title": "Vergabe"})
    pair.exchange()
    measures.delete(pair.mine.workspace.store, measure, [("milestone", part)])
    measures.edit_part(pair.other.workspace.store, "milestone", part, {"title": "Vergabe 2"})
    pair.exchange()
    tab = pair.tab()
    assert tab.show_question("measure", measure)
    card = tab.active_card()
    assert card is not None
    assert card.question.kind == "milestone"
    QTest.keyClick(tab.list, Qt.Key.Key_2)
    found = records.get_record(pair.mine.workspace.reader, "measure", measure)
    assert found is not None
    assert not found.gone


def test_arrows_walk_between_questions_and_a_decision_leads_to_the_next(pair: Pair, qtbot: QtBot) -> None:
    for number in range(3):
        pair.apart(pair.measure(title=f"M {number}"), {"goals": f"mein {number}"}, {"goals": f"dein {number}"})
    tab = pair.tab()
    titles = [q.title for q in pair.open()]
    QTest.keyClick(tab.list, Qt.Key.Key_Down)
    card = tab.active_card()
    assert card is not None
    assert card.question.title == titles[1]
    card.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(card, Qt.Key.Key_1)
    after = tab.active_card()
    assert after is not None
    assert after.question.title == titles[2]
    QTest.keyClick(after, Qt.Key.Key_Up)
    before = tab.active_card()
    assert before is not None
    assert before.question.title == titles[0]


def test_three_versions_stand_beside_each_other(pair: Pair, town: Town) -> None:
    third = town.desk("Sabine Krüger", "PC 12", "05958004")
    measure = pair.measure(participating_ags=[MENDEN, "05958004"])
    third.sync()
    for desk, title in ((pair.mine, "Eins"), (pair.other, "Zwei"), (third, "Drei")):
        measures.edit(desk.workspace.store, measure, {"title": title})
    third.sync()
    pair.exchange()
    card = pair.tab().active_card()
    assert card is not None
    assert len(card.question.versions) == 3
    assert card.options[0].words == "Meine behalten"
    assert {o.words for o in card.options[1:3]} == {
        "Fassung von Martin Hoffmann übernehmen", "Fassung von Sabine Krüger übernehmen",
    }  # fmt: skip


def test_a_decision_can_be_taken_up_again(pair: Pair, qtbot: QtBot) -> None:
    measure = pair.measure()
    pair.apart(measure, {"title": "Mein Titel"}, {"title": "Fremder Titel"})
    tab = pair.tab()
    QTest.keyClick(tab.list, Qt.Key.Key_1)
    entry = next(e for e in tab.list.model_.rows if e.decided is not None)
    assert entry.detail == "Titel: meine Fassung"
    assert tab.list.choose(entry.key)
    again = [b for b in tab.findChildren(Button) if b.objectName().startswith("reopen_") and b.isVisible()]
    again[0].click()
    assert pair.value(measure, "title") == "Fremder Titel"


def test_many_questions_are_decided_in_one_step_and_each_can_be_taken_up_again(pair: Pair, qtbot: QtBot) -> None:
    made = [pair.measure(title=f"M {number}") for number in range(3)]
    for number, measure in enumerate(made):
        pair.apart(measure, {"goals": f"mein {number}"}, {"goals": f"fremd {number}"})
    gone = pair.measure(title="Weg")
    measures.delete(pair.mine.workspace.store, gone)
    measures.edit(pair.other.workspace.store, gone, {"goals": "Doch"})
    pair.exchange()
    tab = pair.tab()
    assert [offer.words for offer in tab.offers()] == [
        "In 3 Fragen meine behalten", "In 3 Fragen die Fassung von Martin Hoffmann übernehmen",
    ]  # fmt: skip
    before = [pair.value(m, "goals") for m in made]
    tab.menu().actions()[1].trigger()
    assert [pair.value(m, "goals") for m in made] == ["fremd 0", "fremd 1", "fremd 2"]
    assert [q.title for q in pair.open()] == ["Weg"], "what is deleted is decided one by one"
    assert not tab.many.isVisible()
    decided = [entry.decided for entry in tab.list.model_.rows if entry.decided is not None]
    assert {d.id for d in decided} == set(made)
    pair.exchange()
    assert [q.title for q in pair.open(pair.other)] == ["Weg"]
    history.undo(pair.mine.workspace.store)
    assert [pair.value(m, "goals") for m in made] == before, "one step takes all of it back"
    tab.refresh()
    assert [offer.words for offer in tab.offers()] == [
        "In 3 Fragen meine behalten", "In 3 Fragen die Fassung von Martin Hoffmann übernehmen",
    ], "and asks again, with the same two people"  # fmt: skip
    assert not [e for e in tab.list.model_.rows if e.decided is not None]
    pair.exchange()
    assert len(pair.open(pair.other)) == 4


def test_who_may_not_change_a_record_sees_the_versions_without_buttons(pair: Pair, town: Town, qtbot: QtBot) -> None:
    measure = pair.measure(visibility="public")
    pair.apart(measure, {"title": "Eins"}, {"title": "Zwei"})
    guest = town.desk("Gast", "PC", "05958044")
    guest.sync()
    assert [q.id for q in pair.open(guest)] == [measure]
    tab = pair.tab(guest)
    card = tab.active_card()
    assert card is not None
    assert card.options == []
    QTest.keyClick(tab.list, Qt.Key.Key_1)
    assert len(pair.open(guest)) == 1
