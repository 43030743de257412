"""Ask the processor for memory before it is needed."""

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from plugfest.captures.kernels.compiled import inlined

CACHE_LINE = 64


def _touch(typing: Any, address: Any) -> Any:
    """Prefetch for reading, into all cache levels; an address that is not mapped does no harm."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [pointer], ir.FunctionType(ir.VoidType(), [pointer, word, word, word])
        )
        constants = [ir.Constant(word, value) for value in (0, 3, 1)]
        builder.call(function, [builder.inttoptr(arguments[0], pointer), *constants])
        return context.get_dummy_value()

    return types.void(types.int64), generate


_prefetch: Any = intrinsic(_touch)


@inlined
def prefetch(data: Any, start: int, end: int) -> None:
    """Begin to load the cache lines of data[start:end], which may lie behind the end of the data."""
    for line in range(start, end, CACHE_LINE):
        _prefetch(np.int64(data.ctypes.data) + line)
