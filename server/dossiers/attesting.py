"""Reads how a person stood by a dossier: signed, read back, helped, told of their data, compared.

Pure. What a phone wrote is not trusted to have any shape: what cannot be read is left out here, and
stands in the log as it was signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from server.desk.words import Language, say
from server.desk.writing import civil
from server.dossiers.reading import Reader

_CHECK: Final = "original_check."
_WAYS: Final = frozenset({"drawn", "signed_paper", "thumbprint", "witnesses"})
_ODD: Final = ("id-other-year", "id-other-gender", "old-personal-id", "unanswered")
_REASONS: Final = frozenset(
    {"on_paper", "confirmed", "being_corrected", "unknown", "later", "other"}
)
_ROLES: Final = frozenset({"community_team", "relative", "officer", "other"})


@dataclass(frozen=True)
class Attested:
    """One thing that was done: the field, what it is called, what was said."""

    path: str
    label: str
    words: str


def attested(values: Mapping[str, object], reader: Reader, language: Language) -> list[Attested]:
    """Give what was done before sealing, in the order in which it is done."""
    return [line for line in _lines(values, reader, language) if line.words]


def _lines(values: Mapping[str, object], reader: Reader, language: Language) -> Iterator[Attested]:
    def line(path: str, words: str) -> Attested:
        return Attested(path, say(language, f"desk.attest.{path.rpartition('.')[2]}"), words)

    for path in ("intake.read_back", "intake.notice"):
        yield line(path, _word(values.get(path)))
    yield line("intake.signing", _signing(values.get("intake.signing"), language))
    yield line("intake.help", _help(values.get("intake.help"), language))
    for path in ("intake.card_read", "intake.taken_over"):
        told = values.get(path)
        names = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
        yield line(path, ", ".join(reader.label(name).words for name in names))
    yield line("intake.passed", "; ".join(_passed(values.get("intake.passed"), reader, language)))
    for path in sorted(path for path in values if path.startswith(_CHECK)):
        paper = reader.label(f"papers.{path.removeprefix(_CHECK)}").words
        label = say(language, "desk.attest.original_check", paper=paper)
        yield Attested(path, label, _word(values[path]))


def _word(value: object) -> str:
    match value:
        case {"by": str(by), "at": str(at)}:
            return f"{by}, {civil(at)}"
    return ""


def _signing(value: object, language: Language) -> str:
    match value:
        case {"way": str(way)} if way in _WAYS:
            names = ", ".join(_witnesses(value))
            words = say(language, f"desk.attest.way.{way}")
            return f"{words}: {names}" if names else words
    return ""


def _witnesses(value: object) -> Iterator[str]:
    match value:
        case {"witnesses": list(listed)}:
            yield from filter(None, map(_witness, listed))


def _witness(value: object) -> str:
    match value:
        case {"name": str(name), "number": str(number)} if number:
            return f"{name} ({number})"
        case {"name": str(name)}:
            return name
    return ""


def _passed(value: object, reader: Reader, language: Language) -> Iterator[str]:
    """What was odd and let pass, or left open: the answer, what of it, the reason, who gave it."""
    for one in value if isinstance(value, list) else []:
        match one:
            case {
                "name": str(name),
                "codes": list(codes),
                "reason": str(reason),
                "words": str(told),
            } if reason in _REASONS:
                odd = [say(language, f"desk.attest.odd.{code}") for code in codes if code in _ODD]
                why = say(language, f"desk.attest.reason.{reason}")
                yield ". ".join(
                    part.rstrip(".")
                    for part in (reader.label(name).words, *odd, why, told, _word(one))
                    if part
                )


def _help(value: object, language: Language) -> str:
    match value:
        case {"name": str(name), "role": str(role)} if role in _ROLES:
            return f"{name} ({say(language, f'desk.attest.role.{role}')})"
    return ""
