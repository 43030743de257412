"""A server on a Unix socket that follows a script: what it says first, and what it answers to each line."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

Answer = Callable[[str], str | None]
"""Text to send back for a received line; None closes the connection."""


@contextmanager
def serving(path: Path, answer: Answer, greeting: str = "") -> Iterator[list[str]]:
    """Serve one connection after the other on `path`; yields the lines received so far."""
    received: list[str] = []
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_PATH)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)
    listener.listen()
    thread = threading.Thread(target=_serve, args=(listener, answer, greeting, received), daemon=True)
    thread.start()
    try:
        yield received
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        listener.close()


def _serve(listener: socket.socket, answer: Answer, greeting: str, received: list[str]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rw") as lines:
            _converse(lines, answer, greeting, received)


def _converse(stream: TextIO, answer: Answer, greeting: str, received: list[str]) -> None:
    stream.write(greeting)
    stream.flush()
    for line in stream:
        received.append(line.strip())
        reply = answer(line.strip())
        if reply is None:
            return
        stream.write(reply)
        stream.flush()
