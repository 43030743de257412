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


def dialect(name: str) -> Dialect:
    """The dialect of that name; UsageError lists the names."""
    if name not in NAMES:
        raise UsageError(f"{name!r} is not a dialect: choose one of {', '.join(NAMES)}")
    found: Dialect = import_module(f"plugfest.devices.dialects.{name}").DIALECT
    return found


def dialects() -> tuple[Dialect, ...]:
    """All dialects, in the order of the documentation."""
    return tuple(dialect(name) for name in NAMES)
