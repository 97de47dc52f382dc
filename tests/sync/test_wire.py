"""The shape of every message is pinned: it changes only together with the protocol's version."""

import json
from hashlib import sha256

import msgspec

from sync import exchange, papers, push
from sync.batch import Batch
from sync.bundle import Bundle, BundleMessage, CarriedAttachment, SignedMessage
from sync.change import Skeleton
from sync.columns import Columns
from sync.page import Page
from sync.receipt import Receipt
from sync.register import Register
from sync.sent_batch import SentBatch

MESSAGES: list[type[msgspec.Struct]] = [
    Batch,
    SentBatch,
    Columns,
    Skeleton,
    Receipt,
    Register,
    exchange.Envelope,
    exchange.EnrolmentRequest,
    exchange.EnrolmentResponse,
    exchange.SeatRequest,
    exchange.SeatResponse,
    exchange.ExchangeResponse,
    exchange.ExchangeRequest,
    exchange.Shown,
    exchange.Lease,
    exchange.LeaseHeld,
    exchange.ListsHeld,
    exchange.OfferedState,
    Page,
    exchange.Finding,
    exchange.BatchRefusal,
    exchange.BundleOutcome,
    Bundle,
    BundleMessage,
    CarriedAttachment,
    SignedMessage,
    exchange.DirectoryEntry,
    exchange.SignedBytes,
    papers.Enrolment,
    papers.Certificate,
    papers.Revocation,
    papers.Revocations,
    push.Subscription,
    push.PushRequest,
    push.PushResponse,
]

# By protocol version: the digest of the names and types of all messages at its release.
# Version 1 had none of the messages from `Shown` on: it is held by `test_old_versions.py`.
DIGESTS = {3: "73515039cfa16632fbe6777b94b8766527caecfeab2d0975711a23be2cd404ef"}


def digest_of_messages() -> str:
    """Give a digest of the names, types and order of the fields of every message."""
    fields = [
        [
            message.__name__,
            [[field.name, str(field.type)] for field in msgspec.structs.fields(message)],
        ]
        for message in MESSAGES
    ]
    return sha256(json.dumps(fields).encode()).hexdigest()


def test_a_message_changes_only_with_the_version() -> None:
    assert digest_of_messages() == DIGESTS[exchange.PROTOCOL], (
        "a message has another shape: raise PROTOCOL, add a line to its history in "
        "docs/protocol.md, and write the new digest here"
    )
