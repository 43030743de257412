"""CRC-32 over file bytes: by a C library's function if there is one, else by tables, sixteen bytes at a step.

The C function is called through its address, which keeps the kernels cacheable on disk.
"""

# mypy: no-warn-return-any

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.load import byte

POLYNOMIAL = 0xEDB88320
STEP = 16


def _tables() -> np.ndarray:
    tables = np.zeros((STEP, 256), np.int64)
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = crc >> 1 ^ POLYNOMIAL * (crc & 1)
        tables[0, value] = crc
    for step in range(1, STEP):
        previous = tables[step - 1]
        tables[step] = previous >> 8 ^ tables[0, previous & 0xFF]
    return tables


TABLES = _tables()
"""TABLES[n, b]: CRC of byte b followed by n zero bytes."""


def _call_crc32(typing: Any, function: Any, crc: Any, address: Any, length: Any) -> Any:
    """Call ``uint32_t function(uint32_t crc, const void *bytes, size_t length)`` at that address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word, pointer, size = ir.IntType(32), ir.IntType(8).as_pointer(), ir.IntType(64)
        prototype = ir.FunctionType(word, [word, pointer, size])
        target = builder.inttoptr(arguments[0], prototype.as_pointer())
        crc32, start = builder.trunc(arguments[1], word), builder.inttoptr(arguments[2], pointer)
        return builder.zext(builder.call(target, [crc32, start, arguments[3]]), size)

    return types.int64(types.int64, types.int64, types.int64, types.int64), generate


call_crc32: Any = intrinsic(_call_crc32)


@compiled
def crc32_by_tables(crc: int, data: Any, start: int, end: int) -> int:
    """Continue `crc` over data[start:end]."""
    crc ^= 0xFFFFFFFF
    at = start
    while at + STEP <= end:
        following = 0
        for place in range(4):
            following ^= TABLES[15 - place, byte(data, at + place) ^ crc >> 8 * place & 0xFF]
        for place in range(4, STEP):
            following ^= TABLES[15 - place, byte(data, at + place)]
        crc, at = following, at + STEP
    while at < end:
        crc, at = TABLES[0, (crc ^ byte(data, at)) & 0xFF] ^ crc >> 8, at + 1
    return crc ^ 0xFFFFFFFF


@inlined
def crc32(function: int, crc: int, data: Any, start: int, end: int) -> int:
    """Continue `crc` over data[start:end], by the C function at that address, or by tables if it is 0."""
    if function:
        return call_crc32(function, crc, np.int64(data.ctypes.data) + start, end - start)
    return crc32_by_tables(crc, data, start, end)
