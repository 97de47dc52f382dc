"""Speaks to a WebDriver program over HTTP."""

from typing import Any

import httpx

from tests.engines.wire import NEW_SESSION, Command, Refused

ANSWER_SECONDS_MAX = 120
"""Longer than a browser on two busy cores ever thought; then something is wrong."""


class WebDriver:
    """One session."""

    def __init__(self, address: str, capabilities: dict[str, Any]) -> None:
        """Begin a session."""
        self._http = httpx.Client(base_url=address, timeout=ANSWER_SECONDS_MAX, trust_env=False)
        self._session = ""
        begun = self.ask(NEW_SESSION, capabilities={"alwaysMatch": capabilities})
        self._session = f"/session/{begun['sessionId']}"

    def close(self) -> None:
        """Hang up; the session ends with its browser."""
        self._http.close()

    def ask(self, command: Command, **parameters: Any) -> Any:
        """Have a command done; answers its value or raises Refused."""
        path = self._session + command.path.format(id=parameters.pop("id", ""))
        body = None if command.method == "DELETE" else parameters
        answer = self._http.request(command.method, path, json=body)
        value = answer.json()["value"]
        if answer.is_error:
            raise Refused(value)
        return value
