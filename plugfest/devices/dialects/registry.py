"""Every dialect we know, by name."""

from importlib import import_module

from plugfest.devices.dialects.dialect import Dialect
from plugfest.errors import UsageError
from plugfest.inventory.dialects import EMBEDDED_DIALECT, KNOWN_DIALECTS

NAMES = tuple(name for name in KNOWN_DIALECTS if name != EMBEDDED_DIALECT)
"""Network operating systems with a command line of their own, in the order of the documentation."""

HOSTS = {
    **{
        family: f"plugfest.accelerators.{family}"
        for family in (
            "ascend",
            "cambricon",
            "hygon",
            "metax",
            "moore_threads",
            "iluvatar",
            "enflame",
            "kunlunxin",
            "thead_ppu",
            "biren",
            "nvidia",
            "amd",
        )
    },
    "rdma_host": "plugfest.nics.dialect",
}
"""Modules of what hosts answer: one dialect an accelerator family, and one for NICs, RDMA and Linux."""
BENCHMARKS = {"collective": "plugfest.stimuli.collectives.dialect"}
"""Modules of what benchmarks print that hosts run."""


def dialect(name: str) -> Dialect:
    """The dialect of that name; UsageError lists the names."""
    names = (*NAMES, *HOSTS, *BENCHMARKS)
    if name not in names:
        raise UsageError(f"{name!r} is not a dialect: choose one of {', '.join(names)}")
    found: Dialect = import_module((HOSTS | BENCHMARKS).get(name, f"plugfest.devices.dialects.{name}")).DIALECT
    return found


def dialects() -> tuple[Dialect, ...]:
    """All dialects of switches, in the order of the documentation."""
    return tuple(dialect(name) for name in NAMES)


def host_dialects() -> tuple[Dialect, ...]:
    """All dialects of hosts and their benchmarks, in the order of the documentation."""
    return tuple(dialect(name) for name in (*HOSTS, *BENCHMARKS))
