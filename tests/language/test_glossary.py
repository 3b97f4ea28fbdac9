"""Each language has one word for a thing, and speaks to people formally."""

import re

import pytest

from kiosk.language.catalogue import read_catalogue
from kiosk.language.language import CATALOGUES

TERMS = {
    "Purchase order": ("Bestellung", "Orden de compra", "Commande"),
    "Lot": ("Charge", "Lote", "Lot"),
    "Serial": ("Seriennummer", "Serie", "Série"),
    "Run": ("Auftrag", "Trabajo", "OF"),
    "A run": ("Ein Auftrag", "Un trabajo", "Un OF"),
    "A lot": ("Eine Charge", "Un lote", "Un lot"),
    "Location": ("Lagerort", "Ubicación", "Emplacement"),
    "Stock": ("Bestand", "Existencias", "Stock"),
    "Station": ("Station", "Estación", "Poste"),
    "Kiosk": ("Kiosk", "Kiosco", "Borne"),
    "Scanner": ("Scanner", "Escáner", "Lecteur"),
    "Scan": ("Scan", "Escaneo", "Scan"),
    "Badge": ("Ausweis", "Credencial", "Badge"),
    "Label": ("Etikett", "Etiqueta", "Étiquette"),
    "technician": ("Technik", "técnico", "technicien"),
    "lead": ("Leitung", "responsable", "responsable"),
    "History": ("Verlauf", "Historial", "Historique"),
    "Settings": ("Einstellungen", "Ajustes", "Réglages"),
    "Sign": ("Unterschrift", "Firmar", "Signer"),
    "Sign in": ("Anmelden", "Iniciar sesión", "S'identifier"),
    "Move": ("Umlagern", "Mover", "Déplacer"),
}
"""In German, Spanish and French."""
OTHER_WORDS = {
    "de": r"\b(Los|Lose|Lauf|Läufe|Arbeitsplatz|Terminal|Techniker|Labels?|Badge|Signieren|Scanfeld|Netz)\b",
    "es": r"\b(quiosco|lector|lectura|ejecución|tarjeta|ordenación|puesto de|operador|operadores|rótulo)\b",
    "fr": r"\b(kiosque|scanneur|exécution|code PIN|étiqueteuse|station|stations)\b|\u2019",
}
"""Words that would be a second one for the same thing."""
PLACE = re.compile(r"\{[^}]*\}|“[^”]*”|^[a-z_.]+ ?:")
"""What stands in a text that is not its own: a value, or what a manual or the file calls a setting."""
FAMILIAR = {
    "de": r"\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b",
    "es": r"\b([Tt]ú|[Tt]us?|[Tt]e|contigo)\b",
    "fr": r"\b([Tt]u|[Tt]on|[Tt]es|[Tt]oi)\b",
}
TWO_ALIKE = ("Cancel", "Void", "Take back", "Confirm", "Stop", "Remove", "Pause", "Print", "Save")
"""Buttons that may stand side by side."""


@pytest.mark.parametrize("number", range(3), ids=("de", "es", "fr"))
def test_a_thing_has_one_word(number: int) -> None:
    tag = ("de", "es", "fr")[number]
    catalogue = read_catalogue(CATALOGUES / f"{tag}.po")
    texts = catalogue.texts
    assert {english: texts[english] for english in TERMS} == {
        english: said[number] for english, said in TERMS.items()
    }
    own = [
        PLACE.sub("", said)
        for said in (*texts.values(), *catalogue.told.values(), *catalogue.faults.values())
    ]
    assert [said for said in own if re.search(OTHER_WORDS[tag], said)] == []
    assert [said for said in own if re.search(FAMILIAR[tag], said)] == []
    assert len({texts[english] for english in TWO_ALIKE}) == len(TWO_ALIKE)
