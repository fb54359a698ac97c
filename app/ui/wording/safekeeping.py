"""How the backups stand, in words."""

from __future__ import annotations

from datetime import datetime

from app.models.queries.safekeeping import Kept
from app.ui.wording import refusals
from app.ui.wording.times import local_time, when


def sentences(kept: Kept, now: datetime) -> list[str]:
    """When the last one was made, whether one has been tried, and what went wrong last."""
    said = [f"{when(kept.last.at, now).capitalize()}." if kept.last else "Noch keine; die erste entsteht von selbst."]
    if kept.rehearsed_at:
        said.append(f"Probe bestanden {when(local_time(kept.rehearsed_at, now), now)}.")
    if kept.trouble:
        code = kept.trouble.rpartition("/")[2]
        said.append(refusals.SAID.get(code, refusals.UNKNOWN)[0].format(code=code, path=""))
    return said
