"""Speaks to Firefox over Marionette: JSON in netstrings, `[0, id, name, parameters]` each."""

import json
import socket
from typing import Any

from tests.engines.wire import NEW_SESSION, Command, Refused

ANSWER_SECONDS_MAX = 120
"""Longer than a browser on two busy cores ever thought; then something is wrong."""


class Marionette:
    """One connection, which is one session."""

    def __init__(self, port: int) -> None:
        """Connect, and begin a session. Raises OSError where nobody listens yet."""
        self._socket = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS_MAX)
        self._reader = self._socket.makefile("rb")
        self._last = 0
        self._read()  # it says who it is
        self.ask(NEW_SESSION, capabilities={})

    def close(self) -> None:
        """Hang up."""
        self._reader.close()
        self._socket.close()

    def ask(self, command: Command, **parameters: Any) -> Any:
        """Have a command done; answers its value or raises Refused."""
        self._last += 1
        message = json.dumps([0, self._last, command.name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, answered, refusal, answer = self._read()
        assert answered == self._last
        if refusal:
            raise Refused(refusal)
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def _read(self) -> Any:
        length = b""
        while (byte := self._reader.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox has hung up")
            length += byte
        return json.loads(self._reader.read(int(length)))
