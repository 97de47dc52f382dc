"""The catalogue of procedures, as it lies in `catalogue.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec


@dataclass(frozen=True)
class Catalogue:
    """One version of the catalogue; its entries are read as the JSON that they are."""

    version: str
    raw: Mapping[str, Any]
    procedures: Mapping[str, Mapping[str, Any]]

    def procedure(self, code: str | None) -> Mapping[str, Any] | None:
        """Find a procedure by its code."""
        return self.procedures.get(code) if code else None

    def name(self, code: str | None) -> str:
        """Give the short name of a procedure; its code where it is not ours."""
        found = self.procedure(code)
        return str(found["short_name_vi"]) if found else code or ""


@cache
def catalogue() -> Catalogue:
    """Read the catalogue, once."""
    raw = msgspec.json.decode(Path(__file__).with_name("catalogue.json").read_bytes())
    by_code = {procedure["code"]: procedure for procedure in raw["procedures"]}
    return Catalogue(raw["catalogue_version"], raw, by_code)
