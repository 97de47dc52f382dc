"""Reads through whose hands a dossier went on one device before it was sealed.

Pure. What a phone wrote is not trusted to have any shape: what cannot be read is left out.
"""

from typing import Final

from server.desk.words import Language, say
from server.desk.writing import civil

HANDED_OVER: Final = "intake.handed_over"
"""A list of `{by, seat, at}`, in order: the first began it, each handed it on."""


def hands(value: object, language: Language) -> list[str]:
    """Say who began a dossier and handed it on before it was sealed, each in a sentence."""
    told: list[str] = []
    for one in value if isinstance(value, list) else []:
        match one:
            case {"by": str(by), "at": str(at)}:
                word = "desk.hands.went_on" if told else "desk.hands.began"
                told.append(say(language, word, name=by, time=civil(at)))
    return told
