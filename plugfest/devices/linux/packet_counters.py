"""Named packet counters of nftables, from its JSON."""

from pydantic import TypeAdapter

from plugfest.devices.answers import Shape, read_json
from plugfest.sessions.result import CommandResult


def show_counters(table: str) -> tuple[str, ...]:
    """The command that `parse_counters` reads, for one table of the netdev family."""
    return ("nft", "-j", "list", "counters", "table", "netdev", table)


class _Counter(Shape):
    name: str
    packets: int


class _Item(Shape):
    counter: _Counter | None = None


class _Answer(Shape):
    nftables: list[_Item]


_ANSWER: TypeAdapter[_Answer] = TypeAdapter(_Answer)


def parse_counters(result: CommandResult) -> dict[str, int]:
    """Packets by counter name."""
    return {item.counter.name: item.counter.packets for item in read_json(result, _ANSWER).nftables if item.counter}
