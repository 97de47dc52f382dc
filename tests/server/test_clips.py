"""Recordings of questions that a branch hands to phones without a voice (UX-74)."""

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from server.office import branch_of
from server.procedures.clips import CLIP_BYTES_MAX, BadClip, office_clips
from server.procedures.reference import make_reference
from sync.exchange import Envelope
from tests.server.conftest import OpenOffice

SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt "


def put(data: Path, name: str, content: bytes = SOUND) -> None:
    path = data / "clips" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_recording_is_named_in_the_reference_data_and_fetched_by_its_digest(
    office: OpenOffice,
) -> None:
    opened = office.office
    put(opened.settings.data, "vi/applicant_full_name.mp3")
    put(opened.settings.data, "mnw/applicant_full_name.ogg", SOUND * 2)
    put(opened.settings.data, "vi/.DS_Store")
    clips = office_clips(opened.settings.data)

    made = make_reference(opened.keys, opened.calendar, branch_of(opened.settings), clips)

    message = msgspec.msgpack.decode(msgspec.msgpack.decode(made.envelope, type=Envelope).message)
    assert [(one["language"], one["id"], one["type"]) for one in message["clips"]] == [
        ("mnw", "applicant_full_name", "audio/ogg"),
        ("vi", "applicant_full_name", "audio/mpeg"),
    ]
    assert message["clips"][1]["digest"] == sha256(SOUND).hexdigest()
    assert message["clips"][1]["size"] == len(SOUND)


def test_only_what_was_there_at_the_start_is_given_out(office: OpenOffice) -> None:
    put(office.office.settings.data, "vi/applicant_full_name.wav")
    (clip,) = office_clips(office.office.settings.data)
    there = f"/sync/clips/{clip.digest}"
    assert office.http.get(there).status_code == 404

    office.office.clips[clip.digest] = clip
    answer = office.http.get(there)

    assert (answer.status_code, answer.content) == (200, SOUND)
    assert answer.headers["content-type"] == "audio/wav"
    assert "immutable" in answer.headers["cache-control"]
    assert office.http.get("/sync/clips/..%2Foffice.sqlite3").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vi/applicant_full_name.exe", SOUND),
        ("applicant_full_name.mp3", SOUND),
        ("vi/Họ tên.mp3", SOUND),
        ("tieng-viet/applicant_full_name.mp3", SOUND),
        ("vi/applicant_full_name.mp3", bytes(CLIP_BYTES_MAX + 1)),
    ],
)
def test_what_is_no_recording_stops_the_start_with_a_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    put(tmp_path, name, content)

    with pytest.raises(BadClip, match="is no recording for phones"):
        office_clips(tmp_path)


def test_all_together_are_bounded(tmp_path: Path) -> None:
    for number in range(49):
        put(tmp_path, f"vi/q{number}.mp3", bytes(CLIP_BYTES_MAX))

    with pytest.raises(BadClip, match="24 MiB"):
        office_clips(tmp_path)
