"""German words for what happened: actions of the history, lines of the kept log, findings, reasons."""

from __future__ import annotations

from app.ui.wording import courier, hall

VERBS = {
    "create": "angelegt",
    "edit": "geändert",
    "delete": "gelöscht",
    "restore": "wiederhergestellt",
    "restore_value": "auf früheren Stand gesetzt",
    "import": "aus Datei übernommen",
    "move": "verschoben",
    "start": "begonnen",
    "stop": "beendet",
}
"""Second half of an action code, also with "_many" behind it; the first half is a kind."""

ACTIONS = {
    "measure.duplicate": "Maßnahme verdoppelt",
    "measure.publish": "Maßnahme veröffentlicht",
    "measure.adopt": "Maßnahme abgeguckt",
    "measure.take_over": "Vom Original übernommen",
    "measure.keep_own": "Eigene Fassung behalten",
    "measure.take_part": "Teil vom Original übernommen",
    "measure.merge": "Maßnahmen zusammengeführt",
    "measure.unmerge": "Zusammenführung aufgehoben",
    "measure.propose_merge": "Zusammenführung vorgeschlagen",
    "measure.withdraw_merge": "Vorschlag zurückgenommen",
    "measure.accept_merge": "Zusammenführung zugestimmt",
    "measure.keep_apart": "Als zwei Maßnahmen bestätigt",
    "term.rename": "Begriff umbenannt",
    "term.retire": "Begriff wird nicht mehr angeboten",
    "term.replace": "Begriff ersetzt",
    "term.write": "Begriff in Maßnahmen ersetzt",
    "change.lost": "Nicht mehr lesbare Änderung",
    "task.finish": "Aufgabe erledigt",
    "card.create": "Karte notiert",
    "card.create_many": "Mehrere Karten notiert",
    "contribution.promote": "Karte zu Maßnahme gemacht",
    "contribution.move": "Karte verschoben",
    "contribution.cluster": "Karten zugeordnet",
    "contribution.park": "In den Themenspeicher gelegt",
    "contribution.link": "Karte mit Maßnahme verknüpft",
    "contribution.unlink": "Karte von Maßnahme gelöst",
    "cluster.merge": "Cluster zusammengelegt",
    "cluster.dissolve": "Cluster aufgelöst",
    "vote_round.close": "Abstimmung geschlossen",
    "vote_round.reopen": "Abstimmung fortgesetzt",
    "vote_result.spend": "Budget verteilt",
    "vote_result.rank": "Stimmzettel abgegeben",
    "group_count.edit": "Teilnehmende gezählt",
    "vote_result.count": "Punkte vergeben",
    "minutes.write": "Mitschrift ergänzt",
    "minutes.release": "Protokoll freigegeben",
    "minutes.state": "Stand des Protokolls geändert",
    "version.decide": "Zwischen zwei Fassungen entschieden",
    "version.delete": "Gelöscht lassen",
    "version.keep": "Gelöschtes wieder aufgenommen",
    "version.reopen": "Entscheidung wieder aufgenommen",
    "import": "Aus Datei übernommen",
    "undo": "Rückgängig gemacht",
    "redo": "Wiederhergestellt",
}
"""Actions that a kind and a verb do not say well enough."""

LOG = {
    "record.sent": "„{title}“ übertragen, Quittung {receipt}.",
    "records.sent": "{count|weiterer Eintrag|weitere Einträge} übertragen, Quittung {receipt}.",
    "record.changed": "„{title}“ wurde von anderen geändert; übernommen.",
    "record.new": "„{title}“ ist neu hinzugekommen.",
    "records.received": "{count|weiterer Eintrag|weitere Einträge} übernommen.",
    "records.gone": "{count|Eintrag ist|Einträge sind} für dieses Gerät nicht mehr freigegeben.",
    "files.sent": "{count|Anhang|Anhänge} vollständig bei der Agentur.",
    "file.not_sent": "Ein Anhang von „{title}“ ließ sich nicht übertragen; es wird von selbst erneut versucht.",
    "file.not_fetched": "Ein Anhang von „{title}“ ließ sich nicht holen; es wird von selbst erneut versucht.",
    "sync.done": "Abgleich beendet: {sent|Änderung|Änderungen} quittiert, {received|Eintrag|Einträge} geholt.",
    "agency.restored": "Die Agentur arbeitet mit einem früheren Stand;"
    " {again|Änderung wird|Änderungen werden} noch einmal übertragen.",
    "agency.healed": "Der Agentur fehlte nach ihrer Wiederherstellung etwas;"
    " {count|Eintrag wurde|Einträge wurden} ihr von hier zurückgegeben.",
    "agency.kept_aside": "{count|Eintrag stand|Einträge standen} hier anders als bei der Agentur;"
    " der Stand von hier liegt dort zur Prüfung.",
    "records.differed": "Der Vergleich mit der Agentur fand {count|abweichenden Eintrag|abweichende Einträge};"
    " sie wurden einzeln nachgelesen.",
    "records.swept": "{count|Eintrag ist|Einträge sind} bei der Agentur für dieses Gerät nicht mehr freigegeben"
    " und wurden hier entfernt.",
    "change.quarantined": "Eine Änderung an „{title}“ wurde nicht übernommen und liegt bei der Agentur: {reason}",
    "change.returned": "Die Agentur gibt Ihre Änderung an „{title}“ zurück: {note}",
    "change.changed": "Die Agentur hat Ihre Änderung an „{title}“ in anderer Form übernommen. {note}",
    "version.opened": "„{title}“: zwei Fassungen. Beide liegen unter Zwei Fassungen.",
    "device.new_identity": "Dieses Profil war auch anderswo in Gebrauch. Dieses Gerät arbeitet unter neuer Kennung"
    " weiter; {again|Änderung wurde|Änderungen wurden} mitgenommen, nichts ging verloren.",
    "profile.rescued": "Die beschädigte Datenbank wurde wiederhergestellt:"
    " {again|Änderung|Änderungen} seit der Sicherung gerettet, {missing|nicht lesbare|nicht lesbare}.",
    "profile.restored": "Eine Sicherung wurde eingespielt; der Stand davor liegt bei den Sicherungen.",
    "participants.erased": "{count|Name|Namen} von Teilnehmenden am vorgesehenen Tag gelöscht.",
    "backup.failed": "Die tägliche Sicherung gelang nicht: {reason}",
    "backup.unusable": "Die Probe der letzten Sicherung misslang: {reason}",
    **courier.LOG,
    **hall.LOG,
}

LATE = {
    "record.sent": "„{title}“: Was bei der Agentur zur Prüfung lag, ist jetzt übernommen.",
    "records.sent": "{count|weiterer Eintrag|weitere Einträge}:"
    " Was bei der Agentur zur Prüfung lag, ist jetzt übernommen.",
}
"""The same without a receipt of its own: the one of the exchange that brought them to the agency covers them now."""

REASONS = {
    "not_allowed": "Diese Maßnahme darf von hier aus nicht geändert werden.",
    "returned": "Die Agentur gibt diese Änderung zurück.",
    "kind": "Die Agentur kennt diese Art von Eintrag noch nicht.",
    "garbled_text": "Ein Stück der Mitschrift kam beschädigt an.",
    "head": "Der Absender der Änderung ist nicht lesbar.",
    "too_large": "Ein Feld ist länger als erlaubt.",
    "range": "Eine Zahl liegt außerhalb des Erlaubten.",
    "type": "Ein Wert passt nicht zu seinem Feld.",
    "format": "Ein Wert ist anders geschrieben, als sein Feld es verlangt.",
    "code": "Ein Wert steht nicht in der Auswahlliste.",
}
"""Why the agency set a change aside."""

OTHER_REASON = "Der Inhalt passt nicht zu dem, was die Agentur erwartet."

FINDINGS = {
    "missing": "fehlt",
    "reason_needed": "braucht eine Begründung",
    "end_before_start": "liegt vor dem Beginn",
    "funding_above_cost": "liegt über den förderfähigen Kosten",
    "unusual_rate": "ist weder 65 % noch 90 %",
}
"""What a check says about a field, to stand behind its name."""
