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
_config: Any = numba.config
_njit: Any = numba.njit


def _key() -> str:
    here = Path(__file__).parent
    others = [here.parent / "columns.py", here.parent / "state.py", Path(serial.__file__), Path(opcodes.__file__)]
    digest = hashlib.sha256(f"{numba.__version__} {_config.BOUNDSCHECK}".encode())
    for source in [*sorted(here.glob("*.py")), *others]:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


FOLDER = Path(_config.CACHE_DIR or user_cache_path("plugfest")) / "kernels" / _key()
"""Where this version's machine code is kept."""
_config.CACHE_DIR = str(FOLDER)
# No kernel allocates.  Without numba's run time, passing an array to a function is free: more than twice the speed.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def compiled(function: Function) -> Function:
    """Compile on the first call; division by zero gives infinity as in numpy, never an exception."""
    kernel: Function = _njit(**_OPTIONS)(function)
    return kernel


def inlined(function: Function) -> Function:
    """The same, and made part of its caller: for what happens once per packet, where a call would copy all tables."""
    kernel: Function = _njit(**_OPTIONS, forceinline=True)(function)
    return kernel
