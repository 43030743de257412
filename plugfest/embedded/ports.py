"""Free loopback ports for the virtual machine, outside the range that the system hands out by itself."""

import random
import socket
from collections.abc import Iterator

_RANGE = range(20_000, 32_000)


def free_ports(count: int, kind: socket.SocketKind) -> list[int]:
    """`count` ports of 127.0.0.1 that nobody listens on right now (SOCK_STREAM or SOCK_DGRAM)."""
    candidates = _shuffled()
    return [next(port for port in candidates if _is_free(port, kind)) for _ in range(count)]


def _shuffled() -> Iterator[int]:
    return iter(random.sample(_RANGE, len(_RANGE)))


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
