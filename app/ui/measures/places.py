"""The municipalities as this room needs them: names by AGS, lead and others in one cell, choices."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.german import title_sort_key
from app.domain.region import Region
from app.ui.widgets.choices import Choice


@dataclass(frozen=True)
class Places:
    """Names by AGS. What is not of this region is shown by its key instead of being hidden."""

    region: Region

    def name(self, ags: str) -> str:
        """The official name, "Menden (Sauerland)"."""
        return self.region.name(ags)

    def short(self, ags: str) -> str:
        """Without its addition: "Menden"."""
        return self.region.short_name(ags)

    def of_line(self, lead: str, participating: tuple[str, ...]) -> str:
        """Lead and how many more: "Bad Berleburg +2"."""
        others = len(set(participating) - {lead})
        return f"{self.short(lead)} +{others}" if others else self.short(lead)

    def all_of(self, lead: str, participating: tuple[str, ...]) -> str:
        """Everybody by name, the lead first."""
        others = sorted((self.name(a) for a in set(participating) - {lead}), key=title_sort_key)
        return ", ".join([self.name(lead), *others])

    def choices(self) -> list[Choice]:
        """All of them by name."""
        return [Choice(place.ags, place.name) for place in sorted(self.region, key=lambda m: m.sort_key)]

    @property
    def consortium(self) -> frozenset[str]:
        """The pioneers."""
        return frozenset(place.ags for place in self.region.pioneers)
