"""What offices are forked from (`nursery.py`): it reads their code once, and waits to be asked."""

import gc
import json
import os
import signal
import socket
import sys
import threading
import traceback
from functools import cache
from unittest.mock import patch

from litestar import Litestar

import server.serving  # noqa: F401 -- what `run` reads before it serves
from server import built
from server.cli import main
from tests.support.nursery import REQUEST_BYTES_MAX


def serve(line: socket.socket) -> None:
    """Fork an office at every request, until nobody is there to ask."""
    signal.signal(signal.SIGCHLD, _bury)
    while True:
        words, descriptors, *_ = socket.recv_fds(line, REQUEST_BYTES_MAX, 1)
        if not words:
            return
        # Nobody is buried before we hold what tells of their end.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if not pid:
            line.close()
            _be_an_office(json.loads(words), descriptors[0])
        pidfd = os.pidfd_open(pid)
        socket.send_fds(line, [str(pid).encode()], [pidfd])
        for descriptor in (pidfd, *descriptors):
            os.close(descriptor)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _be_an_office(environment: dict[str, str], log: int) -> None:
    """Do as `luudong run` does in a process of its own; never returns."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for standard in (1, 2):
        os.dup2(log, standard)
    os.close(log)
    os.environ.clear()
    os.environ.update(environment)
    status = 1
    try:
        status = main(["run"])
    except BaseException:  # noqa: BLE001 -- whatever it is, it must not go on as a nursery
        traceback.print_exc()
    finally:
        os._exit(status)


def _bury(_signal: int, _frame: object) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass  # nobody is left


if __name__ == "__main__":
    # What it finds to load by itself is read when an application is first made.
    Litestar([], openapi_config=None, logging_config=None)
    # The built app is read and packed once for all offices; it does not change under them.
    patch.object(built, "read_built", cache(built.read_built)).start()
    built.app_handlers()
    built.desk_handlers()
    assert threading.active_count() == 1, "a process with threads cannot be forked"
    # What was made by now stays for good: offices share it, and need not look at it.
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
