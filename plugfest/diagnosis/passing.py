"""What passed a capture point in one direction, in numbers that must not change from point to point."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.records import Record

if TYPE_CHECKING:
    import numpy as np


class Passing(Record):
    """RoCEv2 packets for one destination at one place; sums over several ports can be compared with one port."""

    packets: int = 0
    octets: dict[str, int] = {}
    """Packets by traffic class octet."""
    source_ports: dict[str, int] = {}
    """Packets by UDP source port."""
    bad_icrc: int = 0
    copies: int = 0
    """Packets that passed before, identical down to the IPv4 identification."""
    late: int = 0
    """Packets behind a later one of their flow, other than retransmissions."""

    def __add__(self, other: "Passing") -> "Passing":
        """Both together."""
        return Passing(
            packets=self.packets + other.packets,
            octets=_sum(self.octets, other.octets),
            source_ports=_sum(self.source_ports, other.source_ports),
            bad_icrc=self.bad_icrc + other.bad_icrc,
            copies=self.copies + other.copies,
            late=self.late + other.late,
        )


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))


def passing(file: Path, destination: str) -> Passing:
    """Summarise one capture of whole frames for one direction."""
    import numpy as np

    from plugfest.captures.columns import Role
    from plugfest.captures.table import read_table

    table = read_table(file)
    rows = table.roce
    names = {int(number): table.address(int(number), int(rows["kind"][0])) for number in np.unique(rows["destination"])}
    wanted = [number for number, name in names.items() if name == destination]
    rows = rows[np.isin(rows["destination"], wanted)]
    return Passing(
        packets=rows.size,
        octets=_counted(rows["tos"]),
        source_ports=_counted(rows["source_port"]),
        bad_icrc=_bad(file, rows),
        copies=int(np.count_nonzero(rows["role"] == Role.DUPLICATE)),
        late=int(np.count_nonzero(rows["role"] == Role.REORDERED)),
    )


def _counted(values: Iterable[int]) -> dict[str, int]:
    return {str(value): count for value, count in sorted(Counter(int(value) for value in values).items())}


def _bad(file: Path, rows: "np.ndarray") -> int:
    """Frames with a wrong ICRC among those that were captured whole."""
    from plugfest.packets.icrc import is_correct

    content = file.read_bytes()
    places = ((int(row["frame"]), int(row["captured"])) for row in rows if row["captured"] == row["wire"])
    return sum(is_correct(content[start : start + length]) is False for start, length in places)
