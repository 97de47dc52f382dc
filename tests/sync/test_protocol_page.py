"""The bytes that docs/protocol.md works out are the bytes of the vectors."""

import json
import re
from pathlib import Path

from sync.change import split

ROOT = Path(__file__).parents[2]


def first_case(name: str) -> dict[str, object]:
    """Give the first case of a vector file."""
    found: dict[str, object] = json.loads(
        (ROOT / "sync" / "vectors" / f"{name}.json").read_text("utf-8")
    )["cases"][0]
    return found


def shown_bytes() -> list[str]:
    """Give every block of hex on the page, in order."""
    page = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    worked_out = page.split("## 10. Worked out, to the byte")[1]
    blocks = re.findall(r"(?:^    [0-9a-f]+\n)+", worked_out, re.MULTILINE)
    return ["".join(block.split()) for block in blocks]


def test_every_block_of_hex_is_what_the_vectors_say() -> None:
    change, chain = first_case("change"), first_case("chain")
    batch, receipt, bundle = first_case("batch"), first_case("receipt"), first_case("bundle")
    skeleton, body = split(bytes.fromhex(str(change["change"])))
    changes, heads = chain["changes"], chain["heads"]
    assert isinstance(changes, list)
    assert isinstance(heads, list)

    assert shown_bytes() == [
        skeleton.hex(),
        body.hex(),
        chain["public_key"],
        chain["start"],
        changes[0],
        heads[0],
        batch["signed_part"],
        batch["batch"],
        first_case("columns")["columns"],
        receipt["receipt"],
        receipt["signed_part"],
        bundle["message"],
        bundle["content"],
        bundle["office_key"],
        bundle["bundle"],
    ]
