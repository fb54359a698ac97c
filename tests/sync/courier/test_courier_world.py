"""The random evenings of tests/sync with a stick: files late, twice, out of order, lost; the network in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.errors import UnreadableFile
from app.sync.courier.read import read_answer
from tests.sync.courier.post import Stick
from tests.sync.devices import Device
from tests.sync.test_world import EXAMPLES, WHO, Evening


class CourierEvening(Evening):
    """Whoever takes part ends well without the network: the last rounds go by stick alone."""

    def __init__(self) -> None:
        super().__init__()
        self.stick = Stick(self.folder / "stick", self.service)
        self.letters: list[Path] = []
        self.answers: list[tuple[int, Path]] = []
        self.writers: dict[Path, int] = {}

    @rule(who=WHO)
    def write_a_file(self, who: int) -> None:
        letter = self.stick.letter(self.people[who])
        self.letters.append(letter)
        self.writers[letter] = who

    @rule(which=st.integers(0, 30))
    def the_agency_reads_a_file(self, which: int) -> None:
        """Any of those on the stick: also an older one, also one that it has read before."""
        if self.letters:
            letter = self.letters[which % len(self.letters)]
            self.answers.append((self.writers[letter], self.stick.answer(letter)))

    @rule(which=st.integers(0, 30), wrong=st.booleans())
    def a_device_reads_an_answer(self, which: int, wrong: bool) -> None:
        """Any of them, in any order, as often as one likes; on the wrong laptop it opens for nobody."""
        if not self.answers:
            return
        who, answer = self.answers[which % len(self.answers)]
        if wrong:
            with pytest.raises(UnreadableFile):
                read_answer(self.people[(who + 1) % len(self.people)].store, answer)
        read_answer(self.people[who].store, answer)
        self._forget_expectations(who)

    def _exchange(self, person: Device) -> None:
        self.stick.round(person)


TestCourierEvening = CourierEvening.TestCase
TestCourierEvening.settings = settings(
    max_examples=max(5, EXAMPLES // 2),
    stateful_step_count=30,
    deadline=None,
    derandomize="MASSWERK_EVENINGS" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.slow]
