"""What a Linux switch does to packets by itself: its access list and its marking are nftables rules that count.

A queue of Linux's own would mark by its length only; a switch whose thresholds are zero marks whatever it could mark.
"""

import re

from plugfest.devices.access_rule import AccessRule
from plugfest.devices.changes import Change, ReadBack

DROPPED, MARKED = "dropped", "marked"
"""Names of the counters."""


def drop_table(port: str) -> str:
    """Name of the table that holds the access list of a port."""
    return f"plugfest_access_{_word(port)}"


def mark_table(port: str) -> str:
    """Name of the table that marks at a port."""
    return f"plugfest_mark_{_word(port)}"


def drop_by_acl(device: str, port: str, rule: AccessRule) -> Change:
    """Drop what `rule` describes where it enters by `port`, and count it."""
    table = drop_table(port)
    lines = (f"counter {DROPPED} {{ }}", *_chain("ingress", port, f"{_match(rule)} counter name {DROPPED} drop"))
    return _table(device, table, f"access list at {device}:{port}: {rule}", lines)


def mark_all(device: str, port: str) -> Change:
    """Set *congestion experienced* on everything that is ECN-capable and leaves by `port`, and count it."""
    table = mark_table(port)
    marks = (f"{family} ecn {{ ect0, ect1 }} counter name {MARKED} {family} ecn set ce" for family in ("ip", "ip6"))
    lines = (f"counter {MARKED} {{ }}", *_chain("egress", port, *marks))
    return _table(device, table, f"{device}:{port} marks everything that is ECN-capable", lines)


def _match(rule: AccessRule) -> str:
    address = rule.source or rule.destination or ""
    family = "ip6" if ":" in address else "ip"
    parts = {
        f"{family} saddr": rule.source,
        f"{family} daddr": rule.destination,
        f"{family} dscp": rule.dscp,
        "udp sport": rule.source_port,
        "udp dport": rule.destination_port,
    }
    return " ".join(f"{name} {value}" for name, value in parts.items() if value is not None)


def _chain(hook: str, port: str, *rules: str) -> tuple[str, ...]:
    head = f'type filter hook {hook} device "{port}" priority 20; policy accept;'
    return ("chain packets {", f"  {head}", *(f"  {rule}" for rule in rules), "}")


def _table(device: str, table: str, description: str, lines: tuple[str, ...]) -> Change:
    gone = f"add table netdev {table}; delete table netdev {table}"
    body = "\n".join(f"  {line}" for line in lines)
    return Change(
        device=device,
        description=description,
        do=(("nft", f"{gone}\ntable netdev {table} {{\n{body}\n}}"),),
        undo=(("nft", gone),),
        read_back=ReadBack(
            ask=("nft", "list", "tables", "netdev"),
            made=rf"^table netdev {table}$",
            undone=rf"\A(?![\s\S]*^table netdev {table}$)",
        ),
    )


def _word(port: str) -> str:
    return re.sub(r"\W", "_", port)
