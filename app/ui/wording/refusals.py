"""German words for every error: one sentence what happened, one what to do.

Keys are codes, or code and reason with a slash where the reason asks for another remedy. In braces stand
parameters of the error; ``{field}`` is the German name of the field.
"""

from __future__ import annotations

from app.ui.wording import accounts, courier, hall, merging

Said = tuple[str, str]

UNKNOWN: Said = (
    "Es ist etwas geschehen, das Maßwerk nicht vorgesehen hat ({code}).",
    "Ihre gespeicherten Daten sind nicht betroffen. Bitte versuchen Sie es erneut und melden Sie den Fehler.",
)

INPUT: dict[str, Said] = {
    "user": ("Diese Eingabe kann so nicht übernommen werden.", "Bitte prüfen Sie die Eingabe."),
    "field": ("„{field}“ kann so nicht übernommen werden.", "Bitte prüfen Sie den Wert."),
    "blank": ("„{field}“ ist leer.", "Bitte füllen Sie das Feld aus; ein Leerzeichen genügt nicht."),
    "shared": (
        "Was andere schon sehen, lässt sich nicht mehr auf dieses Gerät zurückziehen.",
        "Bitte eine andere Sichtbarkeit wählen.",
    ),
    "term_known": ("Diesen Begriff gibt es im Katalog schon.", "Bitte wählen Sie eine andere Bezeichnung."),
    "term_itself": ("Ein Begriff kann sich nicht selbst ersetzen.", "Bitte wählen Sie einen anderen Begriff."),
    "end_before_start": ("Das Ende liegt vor dem Beginn.", "Bitte ändern Sie Beginn oder Ende."),
    "too_large": (
        "„{field}“ ist zu lang: {size} Zeichen, erlaubt sind {limit}.",
        "Bitte kürzen Sie den Text, oder legen Sie ihn als Anlage ab.",
    ),
    "range": ("Die Zahl in „{field}“ liegt außerhalb des Erlaubten.", "Bitte prüfen Sie die Zahl."),
    "type": ("Der Wert passt nicht zu „{field}“.", "Bitte geben Sie ihn neu ein."),
    "format": ("„{field}“ ist anders geschrieben, als erwartet.", "Bitte prüfen Sie die Schreibweise."),
    "code": (
        "Der Wert steht nicht in der Liste von „{field}“.",
        "Bitte wählen Sie einen Wert aus der Liste.",
    ),
    "import_line": (
        "Zeile {line}, Spalte {column} kann nicht gelesen werden.",
        "Bitte berichtigen Sie die Zelle in der Datei; alle übrigen Zeilen werden übernommen.",
    ),
    "cell_count": (
        "Zeile {line} hat {found} Zellen, die Kopfzeile aber {expected}.",
        "Bitte prüfen Sie in der Datei, ob ein Semikolon fehlt oder zu viel ist.",
    ),
    "line_garbled": (
        "Zeile {line} ist nicht lesbar.",
        "Bitte prüfen Sie in der Datei die Anführungszeichen dieser Zeile.",
    ),
    "line_double": (
        "Zeile {line} wiederholt Zeile {other}: „{value}“.",
        "Bitte löschen Sie in der Datei eine der beiden Zeilen.",
    ),
    "word_unknown": (
        "„{value}“ in „{header}“ steht nicht in der Liste der erlaubten Wörter.",
        "Bitte schreiben Sie das Wort so, wie Maßwerk es anzeigt.",
    ),
    "unreadable_file": (
        "Die Datei „{path}“ kann nicht gelesen werden.",
        "Bitte speichern Sie sie als CSV mit Semikolon und öffnen Sie sie erneut.",
    ),
    "boundaries_unreadable": (
        "Die Datei „{path}“ ist keine GeoJSON-Datei.",
        "Bitte wählen Sie eine Datei mit Gemeindegrenzen in WGS 84, Endung .geojson oder .json.",
    ),
    "boundaries_elsewhere": (
        "In „{path}“ steht keine Kommune der Region.",
        "Bitte wählen Sie eine Datei, deren Flächen den Gemeindeschlüssel (AGS) nennen.",
    ),
    "boundaries_in_metres": (
        "Die Grenzen in „{path}“ sind in Metern angegeben, nicht in Grad.",
        "Bitte speichern Sie die Datei im GIS mit dem Bezugssystem WGS 84 (EPSG:4326).",
    ),
    "file_missing": (
        "Die Datei „{path}“ ist nicht da oder darf nicht gelesen werden.",
        "Bitte prüfen Sie Ort und Rechte der Datei.",
    ),
    "file_too_large": (
        "Die Datei „{path}“ ist größer als erlaubt.",
        "Bitte teilen Sie sie in mehrere Dateien auf.",
    ),
    "file_empty": ("Die Datei „{path}“ ist leer.", "Bitte wählen Sie eine Datei mit Kopfzeile und Zeilen."),
    "file_not_text": (
        "Die Datei „{path}“ ist keine CSV-Datei.",
        "Bitte speichern Sie sie in der Tabellenkalkulation als CSV und öffnen Sie sie erneut.",
    ),
    "attachment_empty": (
        "Die Datei „{path}“ ist leer (0 Bytes).",
        "Bitte prüfen Sie, ob sie vollständig gespeichert wurde.",
    ),
    "attachment_too_large": (
        "Die Datei „{path}“ ist zu groß: {size} MB, erlaubt sind {limit} MB.",
        "Bitte verkleinern oder teilen Sie die Datei.",
    ),
    "attachment_twice": (
        "„{path}“ hängt schon hier, unter dem Namen „{name}“.",
        "Es muss nichts getan werden.",
    ),
    "picture_not_cleanable": (
        "Aus „{path}“ lassen sich Aufnahmeort und Kameradaten nicht entfernen.",
        "Bitte hängen Sie das Bild nur an, wenn alle, die es sehen, auch den Ort erfahren dürfen.",
    ),
    "attachment_changed": (
        "Die Datei „{path}“ hat sich während des Lesens geändert.",
        "Bitte schließen Sie sie in anderen Programmen und fügen Sie sie erneut hinzu.",
    ),
    "no_title_column": (
        "In der Datei „{path}“ fehlt eine Spalte „Titel“.",
        "Bitte ergänzen Sie eine Kopfzeile mit „Titel“.",
    ),
    "quota_exceeded": (
        "Das ist mehr, als auf einmal gespeichert werden kann: {size}, erlaubt sind {limit}.",
        "Bitte teilen Sie es auf mehrere Schritte auf.",
    ),
    "not_allowed": (
        "Das dürfen Sie mit Ihrer Rolle hier nicht ändern.",
        "Bitte wenden Sie sich an die federführende Kommune oder an die Agentur.",
    ),
    **merging.REFUSALS,
    "left_scope": (
        "Dieser Eintrag ist für Ihr Gerät nicht mehr freigegeben.",
        "Ihre Arbeit ist nicht verloren: Übergeben Sie sie der Agentur als Vorschlag.",
    ),
    "not_found": (
        "Diesen Eintrag gibt es auf diesem Gerät nicht oder nicht mehr.",
        "Bitte suchen Sie ihn über die Suche, oder holen Sie ihn mit einem Abgleich.",
    ),
}

STORE: dict[str, Said] = {
    "no_place_for_files": (
        "Dieses Profil hat keinen Ort für Dateien.",
        "Bitte öffnen Sie ein Profil, das in einem Ordner liegt.",
    ),
    "save_failed": (
        "„{path}“ konnte an diesem Ort nicht geschrieben werden.",
        "Bitte wählen Sie einen anderen Ordner, oder schaffen Sie Platz.",
    ),
    "file_not_here": (
        "Diese Datei liegt nicht auf diesem Gerät.",
        "Bitte holen Sie sie mit „Original holen“ von der Agentur.",
    ),
    "store": (
        "Die Daten konnten gerade nicht gespeichert werden.",
        "Bitte schließen Sie Maßwerk nicht; ein erneuter Versuch geschieht beim nächsten Speichern.",
    ),
    "no_profile": (
        "In „{folder}“ liegt kein Profil.",
        "Bitte nennen Sie einen anderen Ordner, oder legen Sie mit „masswerk new“ eines an.",
    ),
    "profile_exists": (
        "In diesem Ordner liegt schon ein Profil.",
        "Bitte wählen Sie einen leeren Ordner, oder öffnen Sie das vorhandene Profil.",
    ),
    "wrong_key": (
        "Der Schlüssel oder das Kennwort passt nicht zu diesen Daten.",
        "Bitte geben Sie das Kennwort erneut ein; an den Daten wurde nichts verändert.",
    ),
    "key_unavailable": (
        "Der Schlüssel zu Ihren Daten ist nicht erreichbar.",
        "Bitte melden Sie sich am Gerät neu an, oder öffnen Sie das Profil mit dem Kennwort.",
    ),
    "key_unavailable/passphrase": (
        "Ihre Daten sind mit einem Kennwort geschützt.",
        "Bitte geben Sie das Kennwort ein.",
    ),
    "key_unavailable/locked": (
        "Der Schlüsselbund dieses Geräts ist gesperrt.",
        "Bitte entsperren Sie den Schlüsselbund und starten Sie Maßwerk neu.",
    ),
    "key_unavailable/refused": (
        "Der Schlüsselbund dieses Geräts hat den Zugriff abgelehnt.",
        "Bitte erlauben Sie Maßwerk den Zugriff, oder vergeben Sie ein Kennwort.",
    ),
    "key_unavailable/missing": (
        "Der Schlüssel zu diesen Daten liegt nicht auf diesem Gerät.",
        "Bitte öffnen Sie es auf dem Gerät, auf dem es entstand, oder spielen Sie eine Sicherung ein.",
    ),
    "key_unavailable/damaged": (
        "Die Schlüsseldatei dieses Profils ist beschädigt.",
        "Bitte spielen Sie die Schlüsseldatei aus einer Sicherung zurück.",
    ),
    "damaged_file": (
        "Die Datenbank dieses Profils ist beschädigt oder keine Datenbank von Maßwerk.",
        "Bitte starten Sie Maßwerk neu: Es stellt das Profil aus der letzten Sicherung wieder her.",
    ),
    "no_way_back": (
        "Die Datenbank ist beschädigt, und auf diesem Gerät liegt keine brauchbare Sicherung.",
        "Bitte legen Sie eine Sicherung in den Ordner „backups“ des Profils, oder lassen Sie sich neu einladen.",
    ),
    "disk_full": (
        "Auf dem Datenträger ist kein Platz mehr; die letzte Änderung ist nicht gespeichert.",
        "Bitte schaffen Sie Platz und speichern Sie erneut; alles Frühere ist sicher.",
    ),
    "read_only_profile": (
        "In den Ordner dieses Profils darf nicht geschrieben werden.",
        "Bitte lassen Sie sich Schreibrechte geben, oder wählen Sie einen anderen Ordner.",
    ),
    "newer_schema": (
        "Diese Daten hat eine neuere Fassung von Maßwerk geschrieben.",
        "Bitte aktualisieren Sie Maßwerk; die Daten wurden nicht angerührt.",
    ),
    "migration_failed": (
        "Die Daten konnten nicht auf den neuen Stand gebracht werden.",
        "Sie sind unverändert: Bitte arbeiten Sie mit der vorigen Fassung weiter und melden Sie den Fehler.",
    ),
    "migration_failed/in_use": (
        "Die Daten sind gerade von einem anderen Programm geöffnet.",
        "Bitte schließen Sie es und starten Sie Maßwerk neu.",
    ),
    "profile_in_use": (
        "Dieses Profil ist schon in einem anderen Fenster von Maßwerk geöffnet.",
        "Bitte wechseln Sie zu jenem Fenster, oder schließen Sie es zuerst.",
    ),
    "content": (
        "Ein Inhalt ist nicht lesbar und wurde nicht übernommen.",
        "Ihre eigenen Daten sind unverändert. Bitte gleichen Sie erneut ab.",
    ),
    "garbled_text": (
        "Ein Stück einer Mitschrift kam beschädigt an und wurde nicht übernommen.",
        "Ihr Text ist unverändert. Bitte gleichen Sie erneut ab.",
    ),
    "garbled_change": (
        "Eine Änderung passt nicht zu dieser Fassung von Maßwerk und wurde nicht übernommen.",
        "Bitte aktualisieren Sie Maßwerk und gleichen Sie erneut ab.",
    ),
}

AGENCY: dict[str, Said] = {
    "agency": (
        "Der Abgleich mit der Agentur ist nicht gelungen.",
        "Sie können weiterarbeiten; der nächste Versuch geschieht von selbst.",
    ),
    "agency_unreachable": (
        "Die Agentur ist nicht zu erreichen.",
        "Sie können weiterarbeiten; sobald ein Netz da ist, wird von selbst abgeglichen.",
    ),
    "agency_timeout": (
        "Die Agentur hat nicht rechtzeitig geantwortet.",
        "Sie können weiterarbeiten; der nächste Versuch geschieht mit kleineren Portionen.",
    ),
    "proxy_unreachable": (
        "Der Proxy, der zur Agentur führen soll, antwortet nicht.",
        "Bitte prüfen Sie unter Einstellungen, Agentur, den Proxy; Ihre Arbeit bleibt solange hier.",
    ),
    "proxy_refused": (
        "Der Proxy lässt Maßwerk nicht durch.",
        "Bitte prüfen Sie unter Einstellungen, Agentur, Benutzer und Kennwort, oder fragen Sie Ihre IT.",
    ),
    "tls_not_trusted": (
        "Die Verbindung zur Agentur ist nicht vertrauenswürdig und wurde abgebrochen.",
        "Bitte lassen Sie Ihre IT das Zertifikat der Agentur oder des Proxys prüfen.",
    ),
    "agency_busy": (
        "Die Agentur hat gerade viel zu tun.",
        "Sie können weiterarbeiten; in {retry_after} Sekunden wird es von selbst erneut versucht.",
    ),
    "agency_refused": (
        "Die Agentur hat den Abgleich abgelehnt.",
        "Ihre Änderungen bleiben hier gespeichert. Bitte fragen Sie bei der Agentur nach.",
    ),
    "agency_only": (
        "Das ist den Geräten der Agentur vorbehalten.",
        "Bitte lassen Sie dieses Gerät als Gerät der Agentur einladen.",
    ),
    "invite_invalid": (
        "Diese Einladung passt nicht: Gemeinde oder Workshop gibt es so nicht.",
        "Bitte wählen Sie Rolle und Gemeinde noch einmal.",
    ),
    "handover_reason": (
        "Wer eine Übergabe zurückgibt, nennt einen Grund.",
        "Bitte schreiben Sie einen Satz dazu; die Absenderin oder der Absender liest ihn.",
    ),
    "handover_unreadable": (
        "Diese Änderung ist nicht lesbar und lässt sich nicht übernehmen.",
        "Sie können sie mit einem Grund zurückgeben.",
    ),
    "no_reason": (
        "Zum Zurückgeben gehört ein Grund.",
        "Geben Sie ihn mit --reason an.",
    ),
    "token_revoked": (
        "Dieses Gerät ist bei der Agentur abgemeldet.",
        "Bitte melden Sie es mit einem neuen Einladungscode an; Ihre Änderungen bleiben erhalten.",
    ),
    "invitation_invalid": (
        "Dieser Einladungscode gilt nicht.",
        "Bitte prüfen Sie die Eingabe, oder lassen Sie sich einen neuen Code geben.",
    ),
    "invitation_invalid/expired": (
        "Dieser Einladungscode ist abgelaufen.",
        "Bitte lassen Sie sich einen neuen Code geben.",
    ),
    "invitation_invalid/used": (
        "Dieser Einladungscode ist schon benutzt worden.",
        "Bitte lassen Sie sich einen neuen Code geben.",
    ),
    "wrong_agency": (
        "Unter dieser Adresse antwortet eine andere Agentur als bisher.",
        "Es wurde nichts übertragen. Bitte prüfen Sie die Adresse in den Einstellungen.",
    ),
    "protocol_too_old": (
        "Die Agentur verlangt eine neuere Fassung von Maßwerk.",
        "Bitte aktualisieren Sie Maßwerk; bis dahin wird weiter alles hier gespeichert.",
    ),
    "request_too_large": (
        "Die Agentur nimmt so viel auf einmal nicht an.",
        "Es wird von selbst in kleineren Portionen übertragen.",
    ),
    "replica_fork": (
        "Die Agentur kennt dieses Gerät schon unter einer anderen Anmeldung oder von einer Kopie des Profils.",
        "Auch eine neue Kennung half nicht. Bitte wenden Sie sich an die Agentur; alles bleibt gespeichert.",
    ),
    "blob_unknown": (
        "Die Agentur hat diese Datei noch nicht.",
        "Sie kommt von selbst, sobald das andere Gerät sie übertragen hat.",
    ),
    "blob_offset": (
        "Die Agentur erwartet ein anderes Stück dieser Datei.",
        "Es wird von selbst an der richtigen Stelle weitergemacht.",
    ),
    "blob_quota": (
        "Der Platz für Anhänge dieses Geräts ist bei der Agentur aufgebraucht.",
        "Die Datei bleibt hier gespeichert. Bitte wenden Sie sich an die Agentur.",
    ),
    "blob_wrong_sum": (
        "Die Datei kam anders an, als sie gesendet wurde.",
        "Sie wird von selbst noch einmal übertragen.",
    ),
    "no_record": (
        "Zu diesem Eintrag hat die Agentur keinen Verlauf.",
        "Bitte gleichen Sie ab und versuchen Sie es erneut.",
    ),
    "agency_garbled": (
        "Die Antwort war nicht die einer Agentur; nichts davon wurde übernommen.",
        "Bitte prüfen Sie Adresse und Netz: Häufig antwortet die Anmeldeseite eines WLANs.",
    ),
    "too_much": (
        "Die Antwort der Agentur war größer als erlaubt; nichts davon wurde übernommen.",
        "Bitte versuchen Sie es erneut, und melden Sie es der Agentur, wenn es wiederkehrt.",
    ),
}

OPERATOR: dict[str, Said] = {
    "not_founded": ("Diese Agentur ist noch nicht eingerichtet.", "Richten Sie sie mit „init“ ein."),
    "device": ("Ein solches Gerät ist nicht angemeldet.", "Sehen Sie mit „devices“ nach, welche es gibt."),
    "ags": ("Diesen Gemeindeschlüssel gibt es nicht.", "Geben Sie acht Ziffern mit führender Null an."),
    "workshop": (
        "Dieser Workshop ist der Agentur nicht bekannt.",
        "Gleichen Sie zuerst das Gerät ab, das ihn angelegt hat.",
    ),
    "backup_postgres": ("PostgreSQL sichert sich nicht von hier.", "Verwenden Sie pg_dump."),
    "backup_exists": ("Die Zieldatei der Sicherung gibt es schon.", "Wählen Sie einen anderen Namen."),
    "no_quarantine": (
        "Unter dieser Nummer ist nichts zurückgestellt.",
        "Sehen Sie die Liste mit „quarantine“ an.",
    ),
    "unreadable": (
        "Die zurückgestellte Änderung ist nicht lesbar.",
        "Lassen Sie sie liegen und fragen Sie auf dem Gerät nach.",
    ),
    "masswerk": UNKNOWN,
    "unexpected": UNKNOWN,
}

PARSE: dict[str, Said] = {
    "parse": ("Das wurde nicht verstanden.", "Bitte prüfen Sie die Schreibweise."),
    "parse.too_long": ("Das ist zu lang für dieses Feld.", "Bitte geben Sie nur den einen Wert ein."),
    "parse.date_not_understood": (
        "Das wurde nicht als Datum verstanden.",
        "Möglich sind zum Beispiel 12.03.2026, 03/2026, Q3/2026, Ende 2026, KW 12.",
    ),
    "parse.date_no_such_day": ("Diesen Tag gibt es nicht.", "Bitte prüfen Sie Tag, Monat und Jahr."),
    "parse.date_year_out_of_range": (
        "Dieses Jahr liegt zu weit weg.",
        "Bitte schreiben Sie ein Jahr von 1900 bis 2199.",
    ),
    "parse.date_ambiguous": (
        "Das kann Tag und Monat oder Monat und Jahr sein.",
        "Bitte schreiben Sie 03.12. oder 03/2012.",
    ),
    "parse.date_needs_year": (
        "Bei diesem Datum fehlt das Jahr.",
        "Bitte ergänzen Sie das Jahr, zum Beispiel KW 12/2027.",
    ),
    "parse.date_two_dates": ("Das sind zwei Daten.", "Bitte geben Sie hier nur eines ein."),
    "parse.date_wrong_weekday": (
        "Der Wochentag passt nicht zum Datum.",
        "Bitte prüfen Sie beides, oder lassen Sie den Wochentag weg.",
    ),
    "parse.date_garbled": (
        "Ein gespeichertes Datum ist nicht lesbar.",
        "Bitte geben Sie das Datum neu ein.",
    ),
    "parse.money_not_understood": (
        "Das wurde nicht als Betrag verstanden.",
        "Möglich sind zum Beispiel 118.000,00, 340 T€, 1,5 Mio.",
    ),
    "parse.money_ambiguous": (
        "Dieser Betrag kann zweierlei bedeuten.",
        "Bitte schreiben Sie Tausender mit Punkt und Cent mit Komma: 1.234,00.",
    ),
    "parse.money_grouping": (
        "Punkte oder Kommas im Betrag stehen an unerwarteter Stelle.",
        "Bitte schreiben Sie zum Beispiel 1.234.567,89.",
    ),
    "parse.money_too_precise": (
        "Bruchteile von Cent lassen sich nicht festhalten.",
        "Bitte runden Sie auf zwei Stellen hinter dem Komma.",
    ),
    "parse.money_too_large": ("Dieser Betrag ist zu groß.", "Bitte prüfen Sie Stellen und Einheit."),
    "parse.ags_not_understood": (
        "Das ist kein Gemeindeschlüssel.",
        "Bitte geben Sie acht Ziffern ein, zum Beispiel 05958004.",
    ),
    "parse.ags_unknown": (
        "Dieser Gemeindeschlüssel gehört zu keiner Kommune der Region.",
        "Bitte prüfen Sie die Ziffern.",
    ),
    "parse.municipality_unknown": (
        "Diese Kommune gehört nicht zu Südwestfalen oder ist anders geschrieben.",
        "Bitte wählen Sie sie aus der Liste.",
    ),
    "parse.municipality_ambiguous": (
        "Dieser Name passt auf mehrere Kommunen.",
        "Bitte wählen Sie eine aus der Liste.",
    ),
    "parse.percent_not_understood": (
        "Das wurde nicht als ganze Prozent verstanden.",
        "Möglich ist zum Beispiel 65 %.",
    ),
    "parse.percent_out_of_range": ("Prozent gehen von 0 bis 100.", "Bitte prüfen Sie die Zahl."),
    "parse.region_table": (
        "Die mitgelieferte Liste der Kommunen ist nicht lesbar.",
        "Bitte installieren Sie Maßwerk neu; Ihre Daten sind nicht betroffen.",
    ),
}

SAID: dict[str, Said] = {
    **INPUT, **STORE, **AGENCY, **OPERATOR, **PARSE, **accounts.REFUSED, **courier.REFUSED, **hall.REFUSED
}  # fmt: skip
