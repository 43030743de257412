"""Every dialect we know, by name."""

from importlib import import_module

from plugfest.devices.dialects.dialect import Dialect
from plugfest.errors import UsageError

NAMES = (
    "sonic",
    "huawei_vrp",
    "h3c_comware",
    "cumulus_nvue",
    "arista_eos",
    "cisco_nxos",
    "ruijie_rgos",
    "zte_zxros",
    "asternos",
    "centec",
)
"""Network operating systems."""

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


def dialect(name: str) -> Dialect:
    """The dialect of that name; UsageError lists the names."""
    if name not in (*NAMES, *HOSTS):
        raise UsageError(f"{name!r} is not a dialect: choose one of {', '.join((*NAMES, *HOSTS))}")
    found: Dialect = import_module(HOSTS.get(name, f"plugfest.devices.dialects.{name}")).DIALECT
    return found


def dialects() -> tuple[Dialect, ...]:
    """All dialects of switches, in the order of the documentation."""
    return tuple(dialect(name) for name in NAMES)


def host_dialects() -> tuple[Dialect, ...]:
    """All dialects of hosts, in the order of the documentation."""
    return tuple(dialect(name) for name in HOSTS)
