"""German words for the exchange by courier file: what went wrong with one, and what came of an answer."""

from __future__ import annotations

REFUSED: dict[str, tuple[str, str]] = {
    "courier_alone": (
        "Dieses Profil gehört zu keiner Agentur; eine Kurierdatei hätte kein Ziel.",
        "Bitte treten Sie zuerst mit einem Einladungscode einer Agentur bei.",
    ),
    "courier_no_keys": (
        "Dieses Gerät und die Agentur kennen die Schlüssel des anderen noch nicht.",
        "Bitte gleichen Sie ein einziges Mal über das Netz ab; danach geht es auch ohne.",
    ),
    "courier_exists": (
        "Die Datei „{path}“ gibt es schon; Kurierdateien werden nie überschrieben.",
        "Bitte wählen Sie einen anderen Namen.",
    ),
    "courier_not_written": (
        "Die Datei „{path}“ konnte nicht geschrieben werden; es ist nichts von ihr übrig.",
        "Bitte prüfen Sie, ob der Stick noch steckt und beschrieben werden darf.",
    ),
    "courier_disk_full": (
        "Auf dem Stick ist zu wenig Platz; von „{path}“ ist nichts übrig.",
        "Bitte schaffen Sie Platz, oder nehmen Sie einen anderen Stick.",
    ),
    "courier_foreign": (
        "„{path}“ ist keine Kurierdatei.",
        "Bitte wählen Sie eine Datei mit der Endung „.mwkurier“.",
    ),
    "courier_newer": (
        "Die Kurierdatei „{path}“ hat eine neuere Fassung von Maßwerk geschrieben.",
        "Bitte aktualisieren Sie Maßwerk und lesen Sie die Datei dann ein.",
    ),
    "courier_direction": (
        "„{path}“ geht in die andere Richtung: Geräte lesen Antworten, die Agentur liest Kurierdateien.",
        "Bitte wählen Sie die Datei mit „Antwort“ im Namen, oder bringen Sie diese hier zur Agentur.",
    ),
    "courier_too_large": (
        "Die Kurierdatei „{path}“ ist größer als erlaubt; sie wurde nicht geöffnet.",
        "Bitte lassen Sie sich eine neue schreiben.",
    ),
    "courier_damaged": (
        "Die Kurierdatei „{path}“ ist beschädigt oder unvollständig; nichts davon wurde übernommen.",
        "Bitte kopieren Sie sie noch einmal, oder lassen Sie sich eine neue schreiben.",
    ),
    "courier_content": (
        "Der Inhalt der Kurierdatei „{path}“ passt nicht zu dieser Fassung von Maßwerk.",
        "Bitte aktualisieren Sie Maßwerk auf beiden Seiten und schreiben Sie eine neue Datei.",
    ),
    "courier_other_agency": (
        "Die Kurierdatei „{path}“ gehört zu einer anderen Agentur; nichts davon wurde übernommen.",
        "Bitte prüfen Sie, ob es die richtige Datei ist.",
    ),
    "courier_other_device": (
        "Die Antwort „{path}“ ist für ein anderes Gerät; nur jenes kann sie lesen.",
        "Bitte lesen Sie sie auf dem Gerät ein, das die Kurierdatei geschrieben hat.",
    ),
    "courier_stranger": (
        "Die Kurierdatei „{path}“ kommt von einem Gerät, das die Agentur nicht kennt.",
        "Bitte melden Sie das Gerät mit einem Einladungscode an.",
    ),
    "courier_old_epoch": (
        "Die Antwort „{path}“ gilt einem Stand der Agentur, den es nicht mehr gibt; nichts davon wurde übernommen.",
        "Bitte schreiben Sie eine neue Kurierdatei; Ihre Änderungen sind alle noch hier.",
    ),
}

LOG = {
    "courier.written": "Kurierdatei mit {changes|Änderung|Änderungen} geschrieben; noch nicht übertragen.",
    "courier.taken": "Antwort auf eine Kurierdatei eingelesen: {sent|Änderung|Änderungen} quittiert,"
    " {received|Eintrag|Einträge} geholt.",
    "courier.gap": "Antwort auf eine Kurierdatei nur teilweise eingelesen; die nächste holt alles Fehlende nach.",
    "courier.restored": "Antwort auf eine Kurierdatei eingelesen: Die Agentur braucht eine neue.",
}

ANSWERS = {
    "taken": "{confirmed|Änderung|Änderungen} quittiert, {received|Eintrag|Einträge} geholt.",
    "repeated": "Diese Antwort war schon eingelesen; es gab nichts Neues.",
    "overtaken": "Diese Antwort ist überholt: Sie haben inzwischen Neueres von der Agentur. Es fehlt nichts.",
    "gap": "Die Antwort passt nur teilweise zu diesem Gerät. Bitte schreiben Sie eine neue Kurierdatei;"
    " sie holt alles Fehlende nach.",
    "restored": "Die Agentur arbeitet mit einem früheren Stand. Bitte schreiben Sie eine neue Kurierdatei;"
    " {resent|Änderung geht|Änderungen gehen} damit noch einmal auf den Weg.",
}
"""What reading an answer did, by verdict."""

MORE = "Die Agentur hat noch mehr für Sie; die nächste Kurierdatei bringt es."
AGAIN = (
    "{resent|Änderung geht|Änderungen gehen} noch einmal auf den Weg; bitte schreiben Sie dafür eine neue Kurierdatei."
)
