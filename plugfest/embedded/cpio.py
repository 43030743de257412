"""Archives in the "new ASCII" cpio format that the Linux kernel unpacks as initramfs.

Source: Linux ``Documentation/driver-api/early-userspace/buffer-format.rst``.
"""

import stat
from collections.abc import Iterable
from typing import NamedTuple


class Entry(NamedTuple):
    """A file or folder of the archive, owned by root."""

    path: str
    """Path without leading slash."""
    mode: int
    """Permission bits."""
    content: bytes | None
    """None makes a folder."""


def archive(entries: Iterable[Entry]) -> bytes:
    """The archive with `entries` in the given order; folders that they are in are added before them."""
    parts: list[bytes] = []
    folders: set[str] = {""}
    for entry in entries:
        for folder in _parents(entry.path):
            if folder not in folders:
                parts.append(_member(len(parts), Entry(folder, 0o755, None)))
                folders.add(folder)
        if entry.content is None:
            folders.add(entry.path)
        parts.append(_member(len(parts), entry))
    return b"".join([*parts, _member(0, Entry("TRAILER!!!", 0, b""))])


def _parents(path: str) -> list[str]:
    names = path.split("/")[:-1]
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]


def _member(inode: int, entry: Entry) -> bytes:
    kind = stat.S_IFDIR if entry.content is None else stat.S_IFREG
    content = entry.content or b""
    name = entry.path.encode() + b"\0"
    links = 2 if entry.content is None else 1
    #        inode  mode               uid gid links time size        device  rdevice  name size  check
    fields = [inode, kind | entry.mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name), 0]
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(header + name) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
