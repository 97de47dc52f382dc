"""What changes seldom: procedures, areas, the calendar, whom to call, and the key to seal to.

Signed, and fetched by its ETag.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from server.deadlines.days import Calendar
from server.keys import OfficeKeys
from server.procedures.areas import areas
from server.procedures.catalogue import catalogue
from server.procedures.clips import Clip
from sync import signature
from sync.exchange import Envelope

# The bundle's own layout: it is fetched by phones of every version alike.
LAYOUT: Final = 1


@dataclass(frozen=True)
class Reference:
    """The envelope as it is sent, plain and packed by gzip, and the tag of its message."""

    etag: str
    envelope: bytes
    packed: bytes


class Branch(msgspec.Struct, frozen=True):
    """The office as it is named on its papers; `hotline` is whom a citizen calls.

    Work that a phone has kept unsent for longer is shown there in amber, then in red (UX-39).
    """

    name_vi: str
    parent_vi: str
    hotline: str
    unsent_amber_hours: int = 8
    unsent_red_hours: int = 24


def make_reference(
    keys: OfficeKeys, calendar: Calendar, branch: Branch, clips: Sequence[Clip] = ()
) -> Reference:
    """Sign the bundle. The tag is of the message alone: a signature is another each time."""
    message = msgspec.msgpack.encode(
        {
            "protocol": LAYOUT,
            "version": catalogue().version,
            "catalogue": catalogue().raw,
            "areas": areas(),
            "calendar": msgspec.to_builtins(calendar),
            "branch": branch,
            "bundle_key": keys.bundle_key,
            "clips": [
                {
                    "language": clip.language,
                    "id": clip.id,
                    "type": clip.type,
                    "digest": clip.digest,
                    "size": len(clip.content),
                }
                for clip in clips
            ],
        },
        order="deterministic",
    )
    signed = signature.sign(keys.private_key, signature.REFERENCE, message)
    etag = sha256(message).hexdigest()[:32]
    envelope = msgspec.msgpack.encode(Envelope(message, signed))
    return Reference(etag, envelope, gzip.compress(envelope, mtime=0))
