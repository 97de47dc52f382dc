"""Phones come back after months: what version 1 wrote is read for ever (FAULT-41)."""

import msgspec

from sync import exchange
from sync.page import Page

# A request as version 1 wrote it, byte for byte.
REQUEST_OF_VERSION_1 = bytes.fromhex(
    "8da870726f746f636f6c01a66f6666696365ab746573742d6f6666696365a664657669636502a66e756d6265"
    "7207a474696d65cf000001a3185c5000a565706f636801a46c6f67739183a47365617403a46c61737401a468"
    "656164c4205f9eb98e266cb9ead949e0aea0dad2b3846b84e37032d34901f09ee44315820ea7626174636865"
    "739186a870726f746f636f6c01a47365617403a5666972737402a76368616e67657392c4509801030201c410"
    "01900000000070008000000000000001a7646f737369657292cf000001a3185c50020081a16e91930301c408"
    "912c6b351560755992c410000000000000000000000000000000009101c4509801030302c410019000000000"
    "70008000000000000001a7646f737369657292cf000001a3185c50030081a16e91930302c408b0ae716844ba"
    "0e9f92c410000000000000000000000000000000009102a468656164c4202f31b1c07f0027161777c27cfa1d"
    "e19e25c7e3b066058457aece3879ed9bdf3ba97369676e6174757265c44029578acafe894cade418f45f7aa2"
    "b0c75fc1876b5d2c18c78236666599189820f33803439ad972bc1395f830a88f3ba8806d98ce9a9e0ec054fb"
    "4319c417a0d6a47365617403a7637572736f727382a531303434310ca5303936363100a477616e74ce000100"
    "00a96469726563746f727904ab6170705f76657273696f6ea5302e312e30"
)


def test_a_request_of_version_1_is_read_and_has_none_of_the_newer_things() -> None:
    envelope = exchange.Envelope(REQUEST_OF_VERSION_1, bytes(64))

    request = exchange.read_message(envelope, exchange.ExchangeRequest)

    assert (request.protocol, request.office, request.device, request.number) == (
        1,
        "test-office",
        2,
        7,
    )
    assert len(request.batches) == 1
    assert not any([request.receipts, request.sealed, request.offered, request.shown])
    assert request.lists == exchange.ListsHeld()
    assert request.leases == []
    assert request.order == 0


def test_what_a_newer_version_adds_is_ignored_by_this_one() -> None:
    request = msgspec.msgpack.decode(REQUEST_OF_VERSION_1)
    envelope = exchange.Envelope(msgspec.msgpack.encode(request | {"later": [1]}), bytes(64))

    assert exchange.read_message(envelope, exchange.ExchangeRequest).number == 7


def test_an_answer_to_version_1_leaves_nothing_out() -> None:
    answer = exchange.ExchangeResponse(
        protocol=1,
        office="test-office",
        device=2,
        number=7,
        epoch=1,
        time=1,
        reference="",
        min_version="0",
        pages={"10441": Page(cursor=3)},
    )

    said = msgspec.msgpack.decode(exchange.encode_message(answer))

    assert {"receipts", "refusals", "dropped", "directory", "findings", "leases"} <= said.keys()
    assert said["pages"]["10441"].keys() >= {"entries", "cursor", "more"}
    assert (said["receipts"], said["token"]) == ([], None)
