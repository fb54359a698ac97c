"""German words for signing in with an account of the agency's house."""

from __future__ import annotations

REFUSED: dict[str, tuple[str, str]] = {
    "not_own_device": (
        "Dieses Gerät können Sie nicht abmelden: Es ist keines Ihrer anderen Geräte.",
        "Fremde Geräte meldet die Agentur ab.",
    ),
    "sign_in_unknown": (
        "Diese Agentur lässt niemanden mit einem Konto herein.",
        "Bitte benutzen Sie Ihren Einladungscode.",
    ),
    "sign_in_refused": (
        "Die Anmeldung wurde nicht anerkannt.",
        "Bitte melden Sie sich noch einmal an; hilft das nicht, prüft die Agentur ihre Einstellungen.",
    ),
    "sign_in_not_staff": (
        "Dieses Konto gehört nicht zur Agentur.",
        "Bitte wenden Sie sich an die Agentur, oder benutzen Sie Ihren Einladungscode.",
    ),
    "sign_in_away": (
        "Die Agentur kann ihren Anmeldedienst nicht erreichen.",
        "Bitte versuchen Sie es später, oder benutzen Sie einen Einladungscode.",
    ),
    "sign_in_cancelled": ("Sie sind nicht angemeldet.", "Sie können es jederzeit noch einmal versuchen."),
    "sign_in_late": (
        "Im Browser hat sich niemand angemeldet.",
        "Bitte versuchen Sie es noch einmal; dafür sind fünf Minuten Zeit.",
    ),
}
