"""Recordings of the questions that are read to citizens, for phones without a voice (UX-74).

An office puts them into its data folder, `clips/<language>/<question>.<ending>`, as
`clips/vi/applicant_full_name.mp3`; they count from the next start. What is no recording there stops
the start with a sentence: nobody would hear that one is missing.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from server.settings import SettingsRefused

FOLDER: Final = "clips"

TYPES: Final = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}

CLIP_BYTES_MAX: Final = 512 * 1024
"""Half a minute as a telephone sounds; a question is read in five seconds."""

CLIPS_BYTES_MAX: Final = 24 * 1024 * 1024
"""All of them: what a phone keeps beside its dossiers, and this office in its memory."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_QUESTION: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


class BadClip(SettingsRefused):
    """A file among the recordings that cannot be handed to phones."""

    def __init__(self, path: Path, why: str) -> None:
        """Build the sentence."""
        super().__init__(f"{path} is no recording for phones: {why}")


@dataclass(frozen=True)
class Clip:
    """One recording; `digest` is the SHA-256 of its bytes in hex, by which it is fetched."""

    language: str
    id: str
    type: str
    digest: str
    content: bytes


def office_clips(data: Path) -> list[Clip]:
    """Read the recordings of a data folder, mostly none. Raises BadClip."""
    folder = data / FOLDER
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    clips = [_read(path, folder) for path in paths if not path.name.startswith(".")]
    if sum(len(clip.content) for clip in clips) > CLIPS_BYTES_MAX:
        raise BadClip(folder, f"all together are more than {CLIPS_BYTES_MAX >> 20} MiB")
    return clips


def _read(path: Path, folder: Path) -> Clip:
    media_type = TYPES.get(path.suffix.lower())
    if media_type is None:
        raise BadClip(path, f"its name must end with {', '.join(TYPES)}")
    if path.parent.parent != folder or not _LANGUAGE.fullmatch(path.parent.name):
        raise BadClip(path, "it must lie in a folder of its language, as vi")
    if not _QUESTION.fullmatch(path.stem):
        raise BadClip(path, "it must be named after a question, as applicant_full_name")
    if path.stat().st_size > CLIP_BYTES_MAX:
        raise BadClip(path, f"it has more than {CLIP_BYTES_MAX >> 10} KiB")
    content = path.read_bytes()
    digest = sha256(content).hexdigest()
    return Clip(path.parent.name, path.stem, media_type, digest, content)
