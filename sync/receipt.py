"""The office's signed word that it holds a log up to a change.

`held`: stored durably. `safe`: covered by a verified backup; only below it may a device drop its
own copy. A receipt counts only where the device's own log has the same head at `held`.
"""

from hashlib import sha256
from typing import Annotated, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from msgspec import Meta

from sync import signature
from sync.change import Count, Place
from sync.limits import HASH_BYTES, NAME_CHARACTERS_MAX, SIGNATURE_BYTES

KEY_NAME_BYTES: Final = 8


class Receipt(msgspec.Struct, frozen=True):
    """`key` names the office key that signed, `epoch` the life of the office's database."""

    office: Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS_MAX)]
    key: str
    epoch: Count
    seat: Place
    held: Count
    safe: Count
    head: Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
    time: Count
    signature: Annotated[bytes, Meta(max_length=SIGNATURE_BYTES)]


def key_name(public_key: bytes) -> str:
    """Name an office key, so that receipts under a retired one can still be told apart."""
    return sha256(public_key).digest()[:KEY_NAME_BYTES].hex()


def signed_part(receipt: Receipt) -> bytes:
    """Give what the office signs of a receipt."""
    return msgspec.msgpack.encode(
        [
            receipt.office,
            receipt.key,
            receipt.epoch,
            receipt.seat,
            receipt.held,
            receipt.safe,
            receipt.head,
            receipt.time,
        ]
    )


def sign_receipt(key: EllipticCurvePrivateKey, unsigned: Receipt) -> Receipt:
    """Sign a receipt; whatever stood in its signature is replaced."""
    signed = signature.sign(key, signature.RECEIPT, signed_part(unsigned))
    return msgspec.structs.replace(unsigned, signature=signed)


def verify_receipt(receipt: Receipt, office_key: bytes) -> None:
    """Pass if the office signed this receipt, else raise BadSignature."""
    signature.verify(office_key, signature.RECEIPT, signed_part(receipt), receipt.signature)
