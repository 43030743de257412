"""Files that are either complete or absent, and their digests."""

import hashlib
import os
import re
from pathlib import Path

from plugfest.records import Record

LONGEST_NAME = 120
"""Characters of a file name; file systems allow 255 bytes."""


def sha256_of(path: Path) -> str:
    """Digest of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_bytes(content: bytes) -> str:
    """Digest of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it, not even after a kill."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def document(record: Record) -> bytes:
    """A record as it lies on disk."""
    return record.model_dump_json(indent=1).encode() + b"\n"


def plain_name(text: str) -> str:
    """A text as file name: letters, digits and ``._-``; long ones are cut."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:LONGEST_NAME] or "unnamed"


def bundle_name(test: str) -> str:
    """Folder name of a test's bundle: suite, function, parameters, and a digest that keeps names apart."""
    path, _, rest = test.partition("::")
    function, _, parameters = rest.partition("[")
    suite = Path(path).parent.name
    readable = ".".join(filter(None, [suite, function.removeprefix("test_"), parameters.removesuffix("]")]))
    return f"{plain_name(readable)}-{sha256_of_bytes(test.encode())[:8]}"
