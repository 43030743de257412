"""Unix sockets in folders of any depth: the address of one may have 107 bytes only, a folder's descriptor has few."""

import os
import socket
from pathlib import Path


def connect(path: Path, timeout: float) -> socket.socket:
    """A stream socket connected to `path`, with `timeout` in seconds; raises OSError as `socket.connect` does."""
    folder = os.open(path.parent, os.O_PATH)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(f"/proc/self/fd/{folder}/{path.name}")
    except BaseException:
        connection.close()
        raise
    finally:
        os.close(folder)
    return connection
