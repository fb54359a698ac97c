"""Words that often stand inside or at the end of compounds in the language of towns and projects."""

from __future__ import annotations

from app.domain.folding import fold

_WORDS = """
abend abfall abgabe ablauf abrechnung abschluss abstimmung abteilung achse akademie akte akteur aktion
alarm allee alltag alter altstadt amt analyse anbau anbieter anbindung anfrage angebot anlage anleitung
anliegen anmeldung annahme anpassung anreiz anschluss ansicht antrag anwendung anzeige app arbeit
architektur archiv arzt assistent aufgabe aufklärung auflage aufnahme auftrag aufwand aufzug ausbau
ausbildung ausgabe ausgleich auskunft ausleihe ausschreibung ausschuss ausstattung ausstellung austausch
auswahl ausweis auswertung auto automat autor
bahn bahnhof balken band bank barriere basis bauer baum bedarf bedienung befragung begegnung begleitung
begrünung behörde beirat beitrag beleuchtung beratung bereich berg bericht beruf bescheid beschluss
beschreibung bestand betrag betreuung betrieb bett bewegung bewerbung bewertung bewirtschaftung bewohner
beziehung bibliothek bild bilder bildschirm bildung bindung blatt blick boden bogen bohrung börse
botschaft box brand breitband brief brücke buch buchung bude budget bühne bund bündel bürger büro
camp campus center chance charta chat check cloud computer container
dach dashboard datei daten dauer decke denkmal dialog dichte dienst digital display dokument
dokumentation dorf druck drucker
ebene ehrenamt eigen einbau einfahrt eingabe eingang einheit einkauf einrichtung einsatz einstieg
einwohner einzelhandel eltern empfang energie engagement entscheidung entsorgung entwicklung entwurf
erfahrung erfassung ergebnis erhebung erkennung erlebnis erneuerung eröffnung ersatz erweiterung erwerb
evaluation export
fabrik fach fahrer fahrplan fahrrad fahrt fahrzeug faktor fall familie farbe feier feld fenster ferien
fest feuerwehr film finanz finanzierung firma fläche flug fluss folge förderung form format formular
forschung forst forum foto frage frau freizeit freund frist führung fund funk funktion fuß
galerie gang garage garten gast gateway gebäude gebiet gebühr gefahr gehweg geist gelände geld gemeinde
gemeinschaft generation gerät gericht geschäft geschichte gesellschaft gesetz gespräch gestalter
gestaltung gesundheit gewässer gewerbe gewinn gipfel glas gleis graben grad grenze größe grund gruppe
gut
hafen halle halt haltestelle hand handel handlung handwerk haupt haus haushalt heft heim heimat heizung
helfer herkunft hilfe hinweis hitze hochschule hochwasser höhe holz hotel hotspot hund
idee impuls index indikator industrie infrastruktur inhalt initiative innenstadt innovation insel
instrument integration internet investition
jahr jugend
kabel kalender kamera kammer kampagne kanal kapital karte kasse katalog kataster kauf kaufhaus keller
kennzahl kette kind kinder kino kirche kiste klasse klima klimaschutz knoten kohle kommune kommunikation
kompetenz konferenz konsum kontakt konto kontrolle konzept koordination kosten kraft kranken kreis
kreislauf kreuzung küche kultur kunde kunst kurs
labor laden ladepunkt ladesäule lage lager lampe land landschaft lärm last laster lauf leben lehre
lehrer leistung leit leiter leitfaden leitlinie leitung lernen lernort leser leuchte licht liebe liefer
lieferung linie liste lizenz logistik lohn lösung lotse lücke luft
mail makler management mangel mann marketing markt maschine masse material mauer maßnahme medien medizin
meister melder meldung menge mensch messe messung methode miete mieter mitglied mitte mittel mobil
mobilität modell modul monat monitor monitoring motor müll museum musik mut mutter
nachbar nachbarschaft nachhaltigkeit nachmittag nachricht nacht nachweis name natur netz netzwerk niveau
note notruf nummer nutzer nutzung
objekt öffentlichkeit ordner ordnung organisation orte
papier park parkhaus parkplatz partner partnerschaft pass pause pegel pendler person personal pfad
pflanze pflege pilot pioniere plan planer planung platte plattform platz politik portal post potenzial
praxis preis presse prinzip programm projekt protokoll prozess prüfung publikum punkt
qualität quartier quelle quittung quote
rahmen rand rate rathaus raum rechner rechnung recht rede regel regen region regional reich reihe
reinigung reise rennen reparatur reserve ressource rettung rhythmus richtlinie ring risiko roboter
robotik rohr rolle route rückbau rückmeldung ruf runde
saal sache sammlung sanierung satz säule schaden schalter schatten schein schicht schiene schild schirm
schlag schloss schluss schlüssel schnitt schrank schreiben schrift schritt schule schüler schulung
schutz schwerpunkt see seite sektor selbst senior sensor sensorik server service sicherheit sicherung
sicht siedlung signal sitz sitzung skizze software sorge spar spaziergang speicher sperre spiel spieler
spielplatz sport sprache sprecher stab stadt städte stamm stand standort start station statistik stätte
status stau steckbrief steg stein stelle steller stellung steuer steuerung stift stiftung stil stimme
stoff stollen strahl strand strategie straße strecke streifen strom struktur stück studie studium stufe
stunde sturm suche system szenario szene
tabelle tafel tagung takt taler tank tarif tasche taste taxi technik technologie teil teilhabe teilnahme
telefon termin terminal test text theater thema themen therapie ticket tier tisch titel tod ton tor tour
tourismus träger transfer transport treffen treffpunkt trend treppe tunnel turm twin
übergabe übersicht übertragung überwachung übung ufer umbau umfeld umfrage umgebung umsatz umsetzung
umwelt unfall union universität unterhaltung unterlage unternehmen unterricht unterschrift unterstützung
urlaub ursache urteil
vater verband verbindung verbrauch verbund verein vereinbarung verfahren verfassung vergabe vergleich
verhalten verkauf verkehr verleih vermeidung vermietung vermittlung vernetzung verordnung versammlung
versand verschleiß versicherung version versorgung verstetigung versuch vertrag vertreter vertretung
verwaltung verwendung verzeichnis video vision volk vorhaben vorlage vorschlag vorsorge vorstand vorteil
vortrag
wache wachstum wagen wahl wald wand wanderung ware wärme warnung wartung wasser wechsel weg wege wehr
weise welt wende werbung werk werker werkstatt wert wesen westfalen wettbewerb wetter wiese winter
wirkung wirtschaft wissen wissenschaft woche wohnen wohnung wolke workshop wort wunsch
zahl zähler zählstelle zahlung zählung zaun zebrastreifen zeichen zeit zeitung zelle zentrum zettel ziel
zimmer zins zone zufahrt zug zugang zukunft zusage zusammenarbeit zustand zustimmung zuwendung zweck
zwilling
"""
_SHORT_WORDS = """
amt app arm art bad bau bus chor eck ende hof hut kfz kur lab mut ort öl pass rad rat rast see tag
takt tal tier tor tour tür uhr weg werk zoo zug
"""

PARTS = frozenset(word for word in map(fold, _WORDS.split()) if len(word) >= 4)
"""Parts of four letters and more, wherever they stand after the third letter."""

SHORT_PARTS = frozenset(
    form
    for word in map(fold, _SHORT_WORDS.split())
    for form in (word, word + "e", word + "en", word + "er", word + "es", word + "s", word + "n")
)
"""Short parts, which count only at the end of a word, there also inflected."""
