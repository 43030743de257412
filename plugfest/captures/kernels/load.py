"""Read integers out of the file's bytes.  Every caller has checked that the bytes are there.

Every result is a signed 64-bit integer: numba would make unsigned ones of shifted bytes, and floats of unsigned ones
that meet signed ones.
"""

# mypy: no-warn-return-any

from typing import Any

import numpy as np

from plugfest.captures.kernels.compiled import inlined

Bytes = Any
"""numpy array of bytes: the mapped file."""


@inlined
def signed(value: Any) -> int:
    """A column's value as a signed 64-bit integer."""
    return np.int64(value)  # type: ignore[return-value]


@inlined
def byte(data: Bytes, at: int) -> int:
    """One byte; the unsigned index spares numba the test for negative ones."""
    return signed(data[np.uint64(at)])


@inlined
def big16(data: Bytes, at: int) -> int:
    """Two bytes, most significant first."""
    return byte(data, at) << 8 | byte(data, at + 1)


@inlined
def big24(data: Bytes, at: int) -> int:
    """Three bytes, most significant first."""
    return byte(data, at) << 16 | byte(data, at + 1) << 8 | byte(data, at + 2)


@inlined
def big32(data: Bytes, at: int) -> int:
    """Four bytes, most significant first."""
    return byte(data, at) << 24 | byte(data, at + 1) << 16 | byte(data, at + 2) << 8 | byte(data, at + 3)


@inlined
def file16(data: Bytes, at: int, big_endian: int) -> int:
    """Two bytes in the byte order of the file."""
    return big16(data, at) if big_endian else byte(data, at + 1) << 8 | byte(data, at)


@inlined
def file32(data: Bytes, at: int, big_endian: int) -> int:
    """Four bytes in the byte order of the file."""
    if big_endian:
        return big32(data, at)
    return byte(data, at + 3) << 24 | byte(data, at + 2) << 16 | byte(data, at + 1) << 8 | byte(data, at)


@inlined
def file64(data: Bytes, at: int, big_endian: int) -> int:
    """Eight bytes in the byte order of the file, as a signed number."""
    if big_endian:
        return big32(data, at) << 32 | big32(data, at + 4)
    return file32(data, at + 4, 0) << 32 | file32(data, at, 0)
