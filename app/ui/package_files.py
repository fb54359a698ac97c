"""Where the data files of an installed package lie, found without importing the package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def folder(package: str) -> Path | None:
    """The folder of a package; in the frozen bundle also of one of which only the data travels."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None and (Path(bundle) / package).is_dir():
        return Path(bundle) / package
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places))) if places else None
