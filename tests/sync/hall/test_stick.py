"""From the hall onto a stick: what a courier file was written upon is believed, though its author is not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.queries import versions
from app.server.courier import answer_file
from app.services import workshops
from app.sync.courier import write
from tests.sync.hall.conftest import Hall
from tests.sync.hall.test_evening import agree


@pytest.mark.parametrize("tells", [True, False])
def test_words_written_upon_somebody_elses_become_no_question_when_they_come_by_stick(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tells: bool
) -> None:
    anna, olaf = hall.devices["Anna"], hall.devices["Olaf"]
    link = hall.join(olaf, hall.open(anna))
    card = hall.write(anna, "Bürgerbus")
    hall.meet(link)
    workshops.edit_part(olaf.store, "contribution", card, {"text": "Bürgerbus sonntags"})
    hall.meet(link)
    workshops.edit_part(anna.store, "contribution", card, {"text": "Bürgerbus, auch sonntags"})
    if not tells:
        monkeypatch.setattr(write, "_words", lambda _: [])
    answer_file(hall.office, write.write_file(anna.store, tmp_path / "a.mwkurier").path, tmp_path / "b.mwkurier")
    for device in (olaf, anna, olaf):
        device.sync()
    if tells:
        agree(hall, anna, olaf)
        assert hall.cards(olaf) == ["Bürgerbus, auch sonntags"]
    else:
        assert versions.questions(olaf.workspace.reader), "without Olaf's word it would be taken for a contradiction"
        workshops.edit_part(anna.store, "contribution", card, {"text": "Bürgerbus, auch sonntags"})
