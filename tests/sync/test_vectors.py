"""The committed vectors are what this core does; the TypeScript twin reads the same files."""

import json
from typing import Any

import msgspec
import pytest

from sync import batch, change, receipt, record, signature
from tests.sync.cases.case import FOLDER
from tests.sync.write_vectors import as_text, write_all

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def test_every_vector_file_is_written_by_the_core() -> None:
    assert sorted(write_all()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_core_still_does_what_the_vector_says(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text("utf-8") == as_text(write_all()[name])


def cases(name: str) -> list[dict[str, Any]]:
    """Give the committed cases of a file."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))["cases"]
    return found


def test_the_committed_batch_verifies_and_chains() -> None:
    (case,) = cases("batch")
    found = msgspec.msgpack.decode(bytes.fromhex(case["batch"]), type=batch.Batch)

    batch.verify_batch(found, case["office"], bytes.fromhex(case["public_key"]))
    linked = batch.link_changes(
        found.seat, found.first, found.changes, bytes.fromhex(case["before"])
    )
    assert linked[-1].head == found.head


def test_the_committed_receipt_verifies() -> None:
    (case,) = cases("receipt")
    found = msgspec.msgpack.decode(bytes.fromhex(case["receipt"]), type=receipt.Receipt)

    receipt.verify_receipt(found, bytes.fromhex(case["office_key"]))
    assert signature.is_public_key(bytes.fromhex(case["office_key"]))


def test_committed_states_survive_being_read_and_written() -> None:
    for case in cases("join"):
        for side in ("ours", "theirs", "joined"):
            stored = bytes.fromhex(case[side])
            assert record.encode_state(record.decode_state(stored)) == stored


def test_committed_changes_split_into_what_they_were_made_of() -> None:
    for case in cases("change"):
        written = bytes.fromhex(case["change"])
        skeleton, body = change.split(written)

        assert skeleton + body == written
        assert change.values_of(body) == case["values"]
