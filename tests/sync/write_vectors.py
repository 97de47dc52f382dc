"""Writes sync/vectors/*.json from the Python core: `python -m tests.sync.write_vectors`.

The files are the contract with the TypeScript twin. A change of behaviour shows as a change of a
vector in review. Signatures differ at every signing, so one that still holds is kept.
"""

import json
from typing import Any

from tests.sync.cases.case import FOLDER, Case
from tests.sync.cases.logs import (
    batch_cases,
    chain_cases,
    change_cases,
    columns_cases,
    signature_cases,
)
from tests.sync.cases.messages import bundle_cases, exchange_cases, push_cases, receipt_cases
from tests.sync.cases.office_papers import code_cases, fingerprint_cases, order_cases, papers_cases
from tests.sync.cases.records import erasure_cases, join_cases, record_cases
from tests.sync.cases.values import clock_cases, kind_cases, value_cases, version_cases


def write_all() -> dict[str, dict[str, Any]]:
    """Give every vector file by its name."""
    files: dict[str, tuple[str, list[Case]]] = {
        "clock": ("tick and witness: [ms, counter]", clock_cases()),
        "value": ("whether a MessagePack value may stand in a field", value_cases()),
        "change": ("the bytes of a change, made from its parts", change_cases()),
        "chain": ("the heads of a log", chain_cases()),
        "signature": ("whether a signature holds for a purpose", signature_cases()),
        "batch": ("what a seat signs, and the batch as it travels", batch_cases()),
        "columns": ("the changes of a batch, and the same by columns", columns_cases()),
        "record": ("changes in the order of delivery, and the state they end in", record_cases()),
        "join": ("two states and what they join to, both ways", join_cases()),
        "erasure": ("a list of erasures, and a state before and after it", erasure_cases()),
        "receipt": ("what the office signs of a receipt", receipt_cases()),
        "exchange": ("messages as they travel, and what they say", exchange_cases()),
        "bundle": ("a bundle, made from its content with a given key and nonce", bundle_cases()),
        "app_version": ("whether an app is older than the least version", version_cases()),
        "codes": ("dossier codes as they are made, typed and counted", code_cases()),
        "papers": ("what the office signs for devices to show again", papers_cases()),
        "order": ("orders as they are signed, and what a device makes of them", order_cases()),
        "fingerprint": ("the six words of two keys", fingerprint_cases()),
        "push": ("wishes to be woken, and an answer", push_cases()),
        "kinds": ("whether a MessagePack value fits a field of a kind of record", kind_cases()),
    }
    return {name: {"about": about, "cases": cases} for name, (about, cases) in files.items()}


def as_text(content: dict[str, Any]) -> str:
    """Give a vector file as it is committed."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, file_content in write_all().items():
        (FOLDER / f"{file_name}.json").write_text(as_text(file_content), "utf-8")
