"""Where the shipped files lie: icons, theme tokens, report templates, the demo region.

The same call works in a source checkout or editable install (`resources/` beside `app/`), in an installed
wheel (`app/_resources/`, put there by the build) and in the frozen bundle (`resources/` beside `app/`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "_resources", _HERE.parent / "resources")


@cache
def root() -> Path:
    """The folder of all shipped files.

    Raises:
        FileNotFoundError: The installation is incomplete; there is nothing sensible to go on with.
    """
    for place in _PLACES:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"Maßwerk is installed without its resources: looked for {_PLACES[0]} and {_PLACES[1]}")


def path(*parts: str) -> Path:
    """The path of one shipped file or folder, for example `path("theme", "tokens.json")`.

    Raises:
        FileNotFoundError: There is no such shipped file: a mistake in the name or an incomplete installation.
    """
    found = root().joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"no shipped file resources/{'/'.join(parts)}")
    return found
