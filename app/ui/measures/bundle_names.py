"""What the bundles are called: in the agency's words where it has written some, else as the sources say."""

from __future__ import annotations

from app.domain.bundles import BUNDLES
from app.models.queries.reader import Reader
from app.models.queries.terms import bundle_terms
from app.ui.widgets.choice import Choice

_written: dict[str, str] = {}


def learn(reader: Reader) -> None:
    """Read what the agency calls them now; whoever shows a measure asks first."""
    told = {code: term.label for code, term in bundle_terms(reader).items()}
    _written.clear()
    _written.update(told)


def bundle_words(code: str) -> str:
    """ "M09 Digitaler Kompetenzaufbau", or the number alone."""
    bundle = BUNDLES.get(code)
    title = _written.get(code) or (bundle.title if bundle else None)
    return f"{code} {title}" if title else code


def bundle_choices() -> list[Choice]:
    """The sixteen bundles; those without a title by their number alone."""
    return [Choice(None, "Kein Bündel"), *(Choice(code, bundle_words(code)) for code in BUNDLES)]
