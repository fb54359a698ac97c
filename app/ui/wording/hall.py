"""German words for laptops that meet in a hall: what went wrong, what the log says, how a link stands."""

from __future__ import annotations

REFUSED: dict[str, tuple[str, str]] = {
    "hall_refused": (
        "Der andere Laptop hat die Verbindung abgelehnt.",
        "Bitte prüfen Sie, ob auf beiden dieselbe Fassung von Maßwerk läuft.",
    ),
    "hall_version": (
        "Auf dem anderen Laptop läuft eine andere Fassung von Maßwerk.",
        "Bitte aktualisieren Sie Maßwerk auf beiden; bis dahin arbeitet jeder für sich weiter.",
    ),
    "hall_address": (
        "Das ist keine Adresse, wie der andere Laptop sie anzeigt.",
        "Bitte tippen Sie die Zahlen ab, zum Beispiel 192.168.1.20.",
    ),
    "hall_away": (
        "Unter dieser Adresse antwortet kein Laptop.",
        "Bitte prüfen Sie die Adresse und ob beide im selben WLAN sind.",
    ),
    "hall_no_port": (
        "Dieser Laptop lässt keine Verbindungen aus dem Saal zu.",
        "Bitte erlauben Sie Maßwerk in der Firewall das private Netz, oder öffnen Sie auf einem anderen Laptop.",
    ),
    "hall_code": (
        "Der Code stimmt nicht.",
        "Bitte lesen Sie ihn am anderen Laptop noch einmal ab.",
    ),
    "hall_code_renewed": (
        "Der Code stimmte mehrmals nicht; der andere Laptop zeigt jetzt einen neuen.",
        "Bitte lesen Sie den neuen Code dort ab.",
    ),
    "hall_again": (
        "Die Anmeldung im Saal gilt nicht mehr.",
        "Bitte verbinden Sie sich neu; was hier geschrieben wurde, ist gespeichert.",
    ),
    "hall_full": (
        "Mit diesem Laptop sind schon so viele verbunden, wie er bedienen kann.",
        "Bitte trennen Sie dort einen anderen.",
    ),
    "hall_stranger": (
        "Der andere Laptop konnte sich nicht ausweisen, oder jemand steht dazwischen; es wurde nichts ausgetauscht.",
        "Bitte prüfen Sie Adresse und Netz. Beide Laptops müssen zur selben Agentur gehören.",
    ),
    "hall_same_device": (
        "Der andere Laptop trägt denselben Ausweis wie dieser; eines der Profile ist eine Kopie.",
        "Bitte melden Sie die Kopie mit einem eigenen Einladungscode an.",
    ),
    "hall_old_pass": (
        "Ein Laptop war seit über dreißig Tagen nicht bei der Agentur; sein Ausweis gilt nicht mehr.",
        "Bitte gleichen Sie ihn einmal mit der Agentur ab.",
    ),
    "hall_signed_off": (
        "Die Agentur hat diesen Laptop abgemeldet; es wurde ihm nichts gezeigt.",
        "Mit einem neuen Einladungscode der Agentur kann er wieder mitschreiben.",
    ),
    "hall_no_pass": (
        "Dieser Laptop hat von der Agentur noch keinen Ausweis für den Saal.",
        "Bitte gleichen Sie ihn einmal mit der Agentur ab; danach geht es auch ohne Netz.",
    ),
    "hall_not_ours": (
        "Dieser Laptop darf an diesem Workshop nicht mitschreiben.",
        "Die Agentur kann ihm den Workshop zum Mitleiten geben.",
    ),
    "hall_not_theirs": (
        "Der Laptop darf an diesem Workshop nicht mitschreiben; es wurde ihm nichts gezeigt.",
        "Die Agentur kann ihm den Workshop zum Mitleiten geben; danach muss er einmal abgleichen.",
    ),
}

LOG = {
    "letter.arrived": "Die Agentur hat bestätigt, was ein anderer Laptop aus dem Saal für Sie mitgenommen hat.",
    "letter.taken": "Die Post von {person} ({device}) ist bei der Agentur: {changes|Änderung|Änderungen}.",
    "letter.refused": "Die Agentur hat die Post von {person} ({device}) nicht angenommen: {reason}",
}

LETTER_REASONS = {
    "token_revoked": "Das Gerät ist abgemeldet.",  # nosec B105: words on screen
    "replica_fork": "Das Profil war auch anderswo in Gebrauch; das Gerät sendet selbst noch einmal.",
    "reset": "Die Agentur arbeitet mit einem früheren Stand; das Gerät sendet selbst noch einmal.",
    "courier_stranger": "Die Agentur kennt das Gerät nicht.",
}
"""Why the agency has not taken a letter that was carried for another device."""
OTHER_LETTER_REASON = "Die Post ist für die Agentur nicht lesbar; das Gerät sendet selbst noch einmal."

EARLIER_PROGRAM = (
    "Auf {device} ({person}) läuft eine ältere Fassung von Maßwerk. Was sie nicht kennt, steht dort erst nach dem"
    " Aktualisieren; verloren geht nichts."
)
LATER_PROGRAM = (
    "Auf {device} ({person}) läuft eine neuere Fassung von Maßwerk. Was diese hier nicht kennt, steht hier erst nach"
    " dem Aktualisieren; verloren geht nichts."
)
NOTHING_WAITS = "Von hier wartet nichts auf die Agentur."
