"""The manifest names only pictures that are there, each as large as it says."""

import json
import struct
from pathlib import Path
from typing import Any, Final

import pytest

PUBLIC: Final = Path(__file__).parents[1] / "pwa" / "public"
MANIFEST: Final[dict[str, Any]] = json.loads((PUBLIC / "manifest.webmanifest").read_text("utf-8"))
PICTURES: Final = [
    *MANIFEST["icons"],
    *MANIFEST["screenshots"],
    *(icon for shortcut in MANIFEST["shortcuts"] for icon in shortcut["icons"]),
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture["src"])
def test_a_picture_is_there_and_as_large_as_told(picture: dict[str, str]) -> None:
    content = (PUBLIC / picture["src"].removeprefix("/app/")).read_bytes()

    if picture["type"] == "image/svg+xml":
        assert picture["sizes"] == "any"
        assert content.lstrip().startswith(b"<svg")
    else:
        width, height = struct.unpack(">II", content[16:24])
        assert picture["sizes"] == f"{width}x{height}"


def test_it_is_one_app_whatever_becomes_of_its_first_page() -> None:
    assert MANIFEST["id"] == MANIFEST["scope"] == "/app/"
    addresses = [MANIFEST["start_url"], *(one["url"] for one in MANIFEST["shortcuts"])]
    assert all(address.startswith("/app/#/") for address in addresses)
    assert {icon["purpose"] for icon in MANIFEST["icons"]} == {"any", "maskable"}
