"""All that the office's HTML and JSON doors take: routes, parameters, and fields of forms.

The routes are asked of the application itself, the fields of its pages, so nothing new is left out.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.support.desk import Desk

DEVICES_DOORS: Final = "/sync/"
ALWAYS_FIELDS: Final = frozenset({"csrf", "language", "next", "reason", "words", "page"})


@dataclass(frozen=True)
class Route:
    """One address and how it may be asked."""

    template: str
    methods: frozenset[str]

    @property
    def path(self) -> str:
        """The template as OpenAPI writes it: names without types."""
        return re.sub(r"\{(\w+):\w+\}", r"{\1}", self.template)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and types of what stands in the path."""
        return re.findall(r"\{(\w+):(\w+)\}", self.template)

    @property
    def to_fill(self) -> str:
        """The template with types in the place of names."""
        return re.sub(r"\{\w+:(\w+)\}", r"{\1}", self.template)


def routes_of(app: Litestar) -> list[Route]:
    """Give the routes of pages and JSON; the devices' doors have fuzzers of their own."""
    return [
        Route(route.path_format if "{" not in route.path else route.path, frozenset(route.methods))
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith(DEVICES_DOORS)
    ]


def fields_of(desk: Desk, pages: list[str]) -> list[str]:
    """Read the names of all fields that these pages show."""
    names = set(ALWAYS_FIELDS)
    for page in pages:
        names |= {unescape(name) for name in re.findall(r'name="([^"]+)"', desk.get(page).text)}
    return sorted(names)


def openapi_of(routes: list[Route], fields: list[str]) -> dict[str, Any]:
    """Describe the doors, as a client that knows nothing else would want it."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = paths.setdefault(route.path, {})
        for method in sorted(route.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            operations[method.lower()] = _operation(route, method, fields)
    return {
        "openapi": "3.1.0",
        "info": {"title": "An office's doors", "version": "1"},
        "paths": paths,
    }


def _operation(route: Route, method: str, fields: list[str]) -> dict[str, Any]:
    kinds = {
        "int": {"type": "integer"},
        "uuid": {"type": "string", "format": "uuid"},
    }
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": kinds.get(kind, {"type": "string", "minLength": 1}),
        }
        for name, kind in route.parameters
    ]
    parameters += [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in ("area", "page")
    ]
    operation: dict[str, Any] = {
        "parameters": parameters,
        "responses": {"default": {"description": "a page, or a problem"}},
    }
    if method == "POST":
        shape = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
        kinds_of_form = ("application/x-www-form-urlencoded", "multipart/form-data")
        operation["requestBody"] = {"content": {kind: {"schema": shape} for kind in kinds_of_form}}
    return operation
