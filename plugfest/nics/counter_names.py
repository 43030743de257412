"""PFC frames by priority under the names that drivers give them in ``ethtool -S``."""

import re
from collections.abc import Mapping

from plugfest.devices.qos_records import PfcCounters

PATTERNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?P<way>[rt]x)_prio(?P<priority>[0-7])_pause"),
    re.compile(r"mac_(?P<way>[rt]x)_pfc_pri(?P<priority>[0-7])_pkt_num"),
    re.compile(r"(?P<way>[rt]x)_pfc_ena_frames_pri(?P<priority>[0-7])"),
    re.compile(r"(?P<way>[rt]x)_priority_(?P<priority>[0-7])_xoff(?:_nic|\.nic)?"),
    re.compile(r"mac_(?P<way>[rt]x)_pfc_pri(?P<priority>[0-7])_pkts?"),
)
"""mlx5; hns3; bnxt_en; ice; hinic3.  Source: the drivers' tables of names in Linux."""


def pfc_frames(port: str, said: Mapping[str, int]) -> tuple[PfcCounters, ...]:
    """One record a priority that the driver counts; a direction that it does not count is None."""
    found: dict[int, dict[str, int]] = {}
    for name, value in said.items():
        match = next(filter(None, (pattern.fullmatch(name) for pattern in PATTERNS)), None)
        if match:
            found.setdefault(int(match["priority"]), {}).setdefault(f"{match['way']}_frames", value)
    return tuple(PfcCounters(port=port, priority=priority, **found[priority]) for priority in sorted(found))
