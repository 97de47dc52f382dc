"""Which attachments the changes of a record name: rows that follow from its state alone.

1. What any head still names is named: two people who disagree lose no photo by it.
2. What is put back is named no longer, and no bytes of it are taken.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from server.attachments.tables import named_attachments
from server.records.rows import insert_rows, portions
from server.statements import Row
from sync.field_names import names_under
from sync.limits import HASH_BYTES, INTEGER_MAX, NAME_CHARACTERS_MAX
from sync.record import State
from sync.register import Head

FIELD: Final = "attachments."

COLUMNS: Final = ("record", "digest", "document", "type", "size", "taken", "seat")


def name_attachments(connection: sa.Connection, states: Iterable[State]) -> None:
    """Write what these records name over what stood there."""
    rows: list[Row] = []
    touched: list[bytes] = []
    for state in states:
        fields = names_under(state.registers, FIELD)
        if not fields:
            continue  # once named, a field stays in the state: nothing can stand there either
        touched.append(state.record)
        rows += [row for field in sorted(fields) if (row := _row_of(state, field)) is not None]
    for portion in portions(touched):
        stood = named_attachments.c.record.in_(portion)
        connection.execute(sa.delete(named_attachments).where(stood))
    insert_rows(connection, named_attachments, COLUMNS, rows)


def _row_of(state: State, field: str) -> Row | None:
    digest = _digest_of(field)
    heads = sorted(state.registers[field].heads, key=lambda head: (head.at, head.dot))
    for head in reversed(heads):
        said = _said(head)
        if digest is not None and said is not None:
            document, type_ = _text(said.get("document")), _text(said.get("type"))
            size, taken = _size(said.get("size")), _text(said.get("taken"))
            return (state.record, digest, document, type_, size, taken, head.dot.seat)
    return None


def _digest_of(field: str) -> bytes | None:
    """Read the digest in a field's name; a field with another name is kept and names nothing."""
    text = field.removeprefix(FIELD)
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        return None
    return digest if len(digest) == HASH_BYTES and digest.hex() == text else None


def _said(head: Head) -> dict[str, Any] | None:
    """Read what was said of an attachment: nothing if it was removed, or erased."""
    said = msgspec.msgpack.decode(head.value)
    return said if isinstance(said, dict) and not said.get("erased") else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= NAME_CHARACTERS_MAX else None


def _size(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= INTEGER_MAX else None
