"""How each municipality stands: contact, what it has still to send, what lies still; pure, for table and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from app.domain.region import Region
from app.models.queries.oversight import PlaceFigures
from app.sync.office_wire import DeviceLine, OfficeReply


class Contact(Enum):
    """How long a municipality has been silent, against the days after which one wants to know."""

    NEVER = "never"
    LONG = "long"
    SILENT = "silent"
    HERE = "here"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """One row.

    Attributes:
        seen: latest contact of any of its devices; None before the first.
        days: whole days since then.
        waiting: changes its devices had still to send when they were here last; None if none has been here.
        version: oldest program in use there, "" if unknown.
        weeks: changes its devices have brought in each of the past weeks, the current one last; () if unknown.
    """

    ags: str
    name: str
    district: str
    contact: Contact
    seen: datetime | None
    days: int
    devices: int
    waiting: int | None
    version: str
    figures: PlaceFigures
    weeks: tuple[int, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look after it: silence of a town that takes part, or open questions."""
        return self.contact in (Contact.LONG, Contact.SILENT) or self.figures.questions > 0

    @property
    def urgency(self) -> tuple[int, int, int, str]:
        """For sorting: the longest silence first, then questions, then who has never been here, by name."""
        rank = {Contact.LONG: 0, Contact.SILENT: 1, Contact.HERE: 2, Contact.UNKNOWN: 2, Contact.NEVER: 3}
        return (rank[self.contact], -self.days, -self.figures.questions, self.name)


def places(
    region: Region, figures: Mapping[str, PlaceFigures], office: OfficeReply | None, now: datetime, alert_days: int
) -> list[Place]:
    """All municipalities of the region, the most urgent first."""
    devices: dict[str, list[DeviceLine]] = {}
    for device in office.devices if office else ():
        if device.ags and not device.revoked_at:
            devices.setdefault(device.ags, []).append(device)
    weeks = {line.ags: tuple(line.counts) for line in office.weeks} if office else {}
    none = (0,) * max(map(len, weeks.values()), default=0)
    found = []
    for municipality in region:
        own = devices.get(municipality.ags, [])
        seen = max((_instant(d.last_seen) for d in own if d.last_seen), default=None)
        days = max(0, (now - seen).days) if seen else 0
        been = [d for d in own if d.last_seen]
        found.append(
            Place(
                ags=municipality.ags,
                name=municipality.short_name,
                district=municipality.district.name,
                contact=Contact.UNKNOWN if office is None else contact_of(seen, now, alert_days),
                seen=seen,
                days=days,
                devices=len(own),
                waiting=sum(d.waiting for d in been) if been else None,
                version=min((d.app_version for d in been if d.app_version), key=_parts, default=""),
                figures=figures.get(municipality.ags, PlaceFigures(municipality.ags)),
                weeks=weeks.get(municipality.ags, none),
            )
        )
    return sorted(found, key=lambda place: place.urgency)


def contact_of(seen: datetime | None, now: datetime, alert_days: int) -> Contact:
    """How a silence counts; half as long again as one wants to be told after is a long one."""
    if seen is None:
        return Contact.NEVER
    days = (now - seen).days
    if days >= alert_days + alert_days // 2:
        return Contact.LONG
    return Contact.SILENT if days >= alert_days else Contact.HERE


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
