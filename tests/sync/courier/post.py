"""The way of a stick: a device writes, the agency reads and answers, the device reads."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from sqlalchemy import select

from app.models import tables as client_tables
from app.models.engine import reading
from app.models.store import Store
from app.server import tables as agency_tables
from app.server.courier import Answered, answer_file
from app.server.service import AgencyService
from app.sync.courier.read import ReadAnswer, read_answer
from app.sync.courier.write import write_file
from tests.sync.devices import Device


class Stick:
    """A folder that is carried to and fro; files on it keep lying there, so each can be read again."""

    def __init__(self, folder: Path, office: AgencyService) -> None:
        self.folder, self.office = folder, office
        self._numbers = count(1)
        folder.mkdir(exist_ok=True)

    def letter(self, device: Device) -> Path:
        """A fresh courier file of the device."""
        return write_file(device.store, self.folder).path

    def answer(self, letter: Path) -> Path:
        """The agency's answer to a file, under a new name."""
        return self.answered(letter)[0]

    def answered(self, letter: Path) -> tuple[Path, Answered]:
        """The same, with what the agency has to say about it."""
        path = self.folder / f"answer-{next(self._numbers)}.mwkurier"
        return path, answer_file(self.office, letter, path)

    def round(self, device: Device) -> ReadAnswer:
        """There and back."""
        return read_answer(device.store, self.answer(self.letter(device)))


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a profile's database."""
    with reading(store.engine) as connection:
        return {
            t.name: sorted((tuple(r) for r in connection.execute(select(t))), key=repr)
            for t in client_tables.metadata.sorted_tables
        }


def everything_at(office: AgencyService) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the agency's database."""
    with office.database.read() as connection:
        return {
            t.name: sorted((tuple(r) for r in connection.execute(select(t))), key=repr)
            for t in agency_tables.metadata.sorted_tables
        }
