"""The least that an ASGI program can say, on the server that the office runs on.

python -m tests.bench.hello PORT
"""

import asyncio
import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answer whatever is asked."""
    assert scope["type"] == "http"
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})


def serve(port: int) -> None:
    """Serve it as the office is served."""
    server = Server(
        hello,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        backlog=1024,
        backpressure=1024,
    )
    asyncio.run(server.serve())


if __name__ == "__main__":
    serve(int(sys.argv[1]))
