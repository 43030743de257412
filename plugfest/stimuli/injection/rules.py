"""Writes events as one nftables table for the port by which the packets leave the hop.

The table first recognises: each event sets its own bit of the packet's mark if this transmission is meant.  Then it
acts, bit by bit, dropping last, so that several events on one packet do not hide it from each other.  Which
transmission of a PSN a packet is, is known from sets that remember what has passed: a PSN not yet in set *n* passes
for the *n*-th time.
"""

import re
from collections.abc import Iterator, Sequence

from plugfest.errors import UsageError
from plugfest.packets.opcodes import ROCE_UDP_PORT
from plugfest.packets.serial import PSN_MASK
from plugfest.stimuli.injection.events import (
    Action,
    AddressedEvent,
    Corrupt,
    Delay,
    Drop,
    Duplicate,
    Event,
    HeaderField,
    MarkCe,
    Rewrite,
)

PSN, OPCODE, DESTINATION_QP, SYNDROME = "@th,136,24", "@th,64,8", "@th,104,24", "@th,160,8"
"""BTH and AETH fields as bits after the start of the UDP header: offset, length."""
MOST_EVENTS = 24
COPY = 0x80000000
"""Mark of a copy made here: it passes without being looked at again."""
REMEMBERED = 1 << 20
"""PSNs that a set of passed packets can hold."""
_ORDER = (Rewrite, MarkCe, Corrupt, Delay, Duplicate, Drop)


def table_name(port: str) -> str:
    """Name of the injection table of a port."""
    return "plugfest_inject_" + re.sub(r"\W", "_", port)


def counter_name(index: int) -> str:
    """Counter of how often event number `index` happened."""
    return f"event{index}_happened"


def passed_name(index: int) -> str:
    """Counter of all transmissions of the packets that event number `index` is about."""
    return f"event{index}_passed"


def script(port: str, events: Sequence[AddressedEvent]) -> str:
    """The table as nftables input; loading it replaces an earlier one.  UsageError if it cannot be expressed."""
    if not 1 <= len(events) <= MOST_EVENTS:
        raise UsageError(f"expected 1 to {MOST_EVENTS} events at one port, got {len(events)}")
    lines = [
        *_fresh(table_name(port)),
        f"table netdev {table_name(port)} {{",
        *(f"  {line}" for index, item in enumerate(events) for line in _objects(index, item)),
        *(f"  {line}" for index, item in enumerate(events) for line in _recognition(index, item.event)),
        "  chain leaving {",
        f'    type filter hook egress device "{port}" priority 0; policy accept;',
        f"    meta mark & {COPY:#x} != 0 accept",
        "    meta mark set 0",
        *(f"    {_address(index, item)} jump event{index}" for index, item in enumerate(events)),
        *(f"    {line}" for line in _actions(port, events)),
        "  }",
        "}",
    ]
    return "\n".join(lines)


def removal(port: str) -> str:
    """Input that removes the table; not an error if it is gone already."""
    return "; ".join(_fresh(table_name(port)))


def delays(events: Sequence[AddressedEvent]) -> dict[int, int]:
    """The band of the port's queueing discipline for each delaying event, by its number; band 0 does not wait."""
    waiting = [index for index, item in enumerate(events) if isinstance(item.event.action, Delay)]
    return {index: band for band, index in enumerate(waiting, 1)}


def _fresh(table: str) -> tuple[str, str]:
    # `add` makes sure that there is something to delete.
    return f"add table netdev {table}", f"delete table netdev {table}"


def _objects(index: int, item: AddressedEvent) -> Iterator[str]:
    yield f"counter {counter_name(index)} {{ }}"
    yield f"counter {passed_name(index)} {{ }}"
    intervals = item.event.psns.intervals(item.flow.first_psn)
    if intervals != ((0, PSN_MASK),):
        elements = ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in intervals)
        yield f"set event{index}_psns {{ typeof {PSN}; flags interval; elements = {{ {elements} }}; }}"
    for transmission in _remembered(item.event):
        yield f"set event{index}_sent{transmission} {{ typeof {PSN}; size {REMEMBERED}; flags dynamic; }}"


def _remembered(event: Event) -> range:
    return range(1, max(event.nth) + 1) if event.nth else range(0)


def _recognition(index: int, event: Event) -> Iterator[str]:
    hit = f"counter name {counter_name(index)} meta mark set meta mark | {_bit(index):#x}"
    yield f"chain event{index} {{"
    yield f"  counter name {passed_name(index)}"
    for transmission in _remembered(event):
        sent = f"@event{index}_sent{transmission}"
        consequence = f"{hit} return" if event.nth and transmission in event.nth else "return"
        yield f"  {PSN} != {sent} add {sent} {{ {PSN} }} {consequence}"
    if event.nth is None:
        yield f"  {hit}"
    yield "}"


def _address(index: int, item: AddressedEvent) -> str:
    family = "ip6" if item.flow.ipv6 else "ip"
    parts = [f"{family} daddr {item.flow.destination} udp dport {ROCE_UDP_PORT}"]
    parts.append(f"{DESTINATION_QP} {item.flow.destination_qp:#x}")
    if opcodes := item.event.packets.opcodes:
        parts.append(f"{OPCODE} {{ {', '.join(f'{opcode:#04x}' for opcode in opcodes)} }}")
    if (syndrome := item.event.packets.syndrome) is not None:
        parts.append(f"{SYNDROME} & 0x60 == {syndrome:#04x}")
    if item.event.psns.offsets is not None:
        parts.append(f"{PSN} @event{index}_psns")
    return " ".join(parts)


def _actions(port: str, events: Sequence[AddressedEvent]) -> Iterator[str]:
    bands = delays(events)
    for kind in _ORDER:
        for index, item in enumerate(events):
            if isinstance(item.event.action, kind):
                statement = _statement(port, item.event.action, item.flow.ipv6, bands.get(index, 0))
                yield f"meta mark & {_bit(index):#x} != 0 {statement}"


def _statement(port: str, action: Action, ipv6: bool, band: int) -> str:
    match action:
        case Drop():
            return "drop"
        case MarkCe():
            return f"{_field(HeaderField.ECN, ipv6)} set ce"
        case Corrupt():
            return f"{_field(HeaderField.IDENTIFICATION, ipv6)} set ip id ^ 0xffff"
        case Duplicate():
            return f'meta mark set meta mark | {COPY:#x} dup to "{port}"'
        case Delay():
            return f"meta priority set 1:{band + 1}"
        case Rewrite():
            return f"{_field(action.field, ipv6)} set {action.value:#x}"


def _field(field: HeaderField, ipv6: bool) -> str:
    if not ipv6 or not field.startswith("ip "):
        return field
    if field is HeaderField.IDENTIFICATION:
        raise UsageError("the IPv4 identification cannot be changed in IPv6, which has none")
    return "ip6 hoplimit" if field is HeaderField.TTL else field.replace("ip ", "ip6 ", 1)


def _bit(index: int) -> int:
    return 1 << index
