"""How the kernels are compiled: by numba, kept on disk under a key of everything they are made of.

Numba's own cache notices a change only in the file of the outermost function.  The kernels call each other across
files and honour NUMBA_BOUNDSCHECK, so the key holds the content of all of them and that switch.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from platformdirs import user_cache_path

from plugfest.packets import opcodes, serial

Function = TypeVar("Function", bound=Callable[..., Any])


def _key() -> str:
    here = Path(__file__).parent
    sources = [*sorted(here.glob("*.py")), here.parent / "columns.py", Path(serial.__file__), Path(opcodes.__file__)]
    digest = hashlib.sha256(f"{numba.__version__} {numba.config.BOUNDSCHECK}".encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


numba.config.CACHE_DIR = str(Path(numba.config.CACHE_DIR or user_cache_path("plugfest")) / "kernels" / _key())


def compiled(function: Function) -> Function:
    """Compile with numba on the first call; division by zero gives infinity as in numpy, never an exception."""
    return numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)  # type: ignore[no-any-return]


def inlined(function: Function) -> Function:
    """The same, and made part of its caller: for what happens once per packet, where a call would copy all tables."""
    return numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=True)(function)  # type: ignore[no-any-return]
