"""One person's Maßwerk without a window: a real profile, the real engine, a real address."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from app.config import Profile
from app.domain.merge import EntityState
from app.models.engine import KEY_BYTES
from app.models.opening import create_profile
from app.models.outbox import standing
from app.models.queries.identity import all_states, identity
from app.models.store import Store, wall_clock_ms
from app.services.workspace import Workspace
from app.sync.http_agency import HttpAgency
from app.sync.line import Line
from app.sync.membership import join
from app.sync.report import ProgressListener, Report


class Client:
    """A profile with its workspace; the key lives in memory and dies with the demo."""

    def __init__(self, profile: Profile, store: Store, name: str) -> None:
        self.profile = profile
        self.name = name
        self.store = store
        self.workspace = Workspace.of(store)
        self.line = Line(store)

    @classmethod
    def create(
        cls, profile: Profile, person: str, device: str, ags: str, clock: Callable[[], int] = wall_clock_ms
    ) -> Client:
        """A fresh profile for one person."""
        key = secrets.token_bytes(KEY_BYTES)
        return cls(profile, create_profile(profile, key, person, device, ags, clock=clock), person)

    def join(self, url: str, code: str) -> None:
        agency = HttpAgency(url)
        try:
            join(self.store, agency, url, code)
        finally:
            agency.close()

    def sync(self, url: str = "", listener: ProgressListener = lambda _: None) -> Report:
        """One exchange with the agency, optionally by another address. Raises AgencyError."""
        engine = self.line.engine(url)
        assert engine is not None, "join first"
        return engine.sync(listener)

    @property
    def replica(self) -> int:
        """The id this profile writes under."""
        return standing(self.store).replicas[-1]

    @property
    def change_number(self) -> int:
        """Number of the last change made here."""
        return identity(self.workspace.reader).n

    @property
    def address(self) -> tuple[str, str]:
        """The agency's address and this device's token."""
        membership = standing(self.store).membership
        return membership.url, membership.token

    def all_states(self) -> list[EntityState]:
        """Every record on this device, for comparing devices."""
        return all_states(self.workspace.reader)

    def close(self) -> None:
        self.line.close()
        self.store.close()
