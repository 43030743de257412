"""What passed a capture point in one direction, in numbers that must not change from point to point."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from plugfest.packets.aeth import AethType
from plugfest.packets.opcodes import OPCODE_NAMES
from plugfest.records import Record

if TYPE_CHECKING:
    import numpy as np

NAK = "negative acknowledgements"


class Passing(Record):
    """RoCEv2 packets for one destination at one place; sums over several ports can be compared with one port."""

    packets: int = 0
    kinds: dict[str, int] = {}
    """Packets by opcode, negative acknowledgements apart."""
    octets: dict[str, int] = {}
    """Packets by traffic class octet."""
    source_ports: dict[str, int] = {}
    """Packets by UDP source port."""
    ttls: dict[str, int] = {}
    """Packets by TTL."""
    stations: dict[str, int] = {}
    """Packets by destination hardware address."""
    bad_icrc: int = 0
    copies: int = 0
    """Packets that passed before, identical down to the IPv4 identification."""
    late: int = 0
    """Packets behind a later one of their flow, other than retransmissions."""
    time_sum_ns: int = 0
    """Sum of the time stamps: the mean time between two points, if both saw the same packets by the same clock."""

    def __add__(self, other: "Passing") -> "Passing":
        """Both together."""
        return Passing(**{name: _sum(getattr(self, name), getattr(other, name)) for name in Passing.model_fields})


def _sum(one: object, other: object) -> object:
    if isinstance(one, dict) and isinstance(other, dict):
        return dict(Counter(one) + Counter(other))
    return one + other  # type: ignore[operator]  # every other field is a number


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
    content = file.read_bytes()
    return Passing(
        packets=rows.size,
        kinds=_counted(_kind(int(row["opcode"]), int(row["aeth"])) for row in rows),
        octets=_counted(rows["tos"]),
        source_ports=_counted(rows["source_port"]),
        ttls=_counted(rows["ttl"]),
        stations=_counted(content[start : start + 6].hex(":") for start in rows["frame"]),
        bad_icrc=_bad(content, rows),
        copies=int(np.count_nonzero(rows["role"] == Role.DUPLICATE)),
        late=int(np.count_nonzero(rows["role"] == Role.REORDERED)),
        time_sum_ns=sum(map(int, rows["time"])),
    )


def _kind(opcode: int, aeth: int) -> str:
    name = OPCODE_NAMES.get(opcode, f"opcode {opcode:#04x}")
    return NAK if name == "RC_ACKNOWLEDGE" and aeth >> 29 & 3 == AethType.NAK else name


def _counted(values: Iterable[object]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, values)).items()))


def _bad(content: bytes, rows: "np.ndarray") -> int:
    """Frames with a wrong ICRC among those that were captured whole."""
    from plugfest.packets.icrc import is_correct

    places = ((int(row["frame"]), int(row["captured"])) for row in rows if row["captured"] == row["wire"])
    return sum(is_correct(content[start : start + length]) is False for start, length in places)
