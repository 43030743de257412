"""``hccn_tool -lldp``: the neighbour that a port of an Ascend NPU hears, TLV by TLV (IEEE 802.1AB, 8.5)."""

import re

from plugfest.accelerators.hccn import forms, port_name
from plugfest.devices.dialects import values
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.records import LldpNeighbor

HEADING = re.compile(r"(?P<name>\S.*?) TLV")
TYPED = re.compile(
    r"(?:Ifname|MAC|Local|IPv4|IPv6|Network Address|Interface alias|Chassis component)\s*: ?(?P<value>.*)"
)
TITLE = "LLDP Information"
FREE_TEXT = "System Description"
"""Its value may have many lines, of which only the first is indented."""
NAME = re.compile(
    r"(?:Chassis ID|Port ID|Time to Live|TTL|(?:Port|System) (?:Description|Name)|Management Address)\b.*"
)
"""How a heading begins: a line like this continues no value."""


def neighbor(output: Output) -> tuple[LldpNeighbor, ...]:
    """The neighbour; TLVs that are not kept may be of any form, as their names stand above them."""
    said: dict[str, list[str]] = {}
    name = ""
    for line in output.lines:
        found = HEADING.fullmatch(line.text)
        if found and found["name"] in ("Chassis ID", "Port ID", "System Name") and found["name"] in said:
            raise output.error("this TLV stands twice", line)
        if found:
            name = found["name"]
            said.setdefault(name, [])
        elif name and (line.text[:1].isspace() or (name == FREE_TEXT and _is_free_text(line.text))):
            said[name].append(line.text.strip())
        elif line.text and line.text != TITLE:
            raise output.error("expected a line 'NAME TLV' with its value indented below", line)
    if not said.keys() & {"Chassis ID", "Port ID", "System Name"}:
        raise output.error("no neighbour was found")
    for name in ("Chassis ID", "Port ID"):
        if any(not TYPED.fullmatch(text) for text in said.get(name, ())[:1]):
            raise output.error(f"expected the kind of the {name} before it, such as MAC or Ifname")
    ttl = _value(said, "Time to Live") or _value(said, "TTL")
    return (
        LldpNeighbor(
            local_port=port_name(output),
            chassis_id=_value(said, "Chassis ID"),
            system_name=_value(said, "System Name"),
            port_id=_value(said, "Port ID"),
            port_description=_value(said, "Port Description"),
            ttl=None if ttl is None else values.count(ttl.split()[0]),
            management_addresses=tuple(
                found["value"] for text in said.get("Management Address", ()) if (found := ADDRESS.fullmatch(text))
            ),
        ),
    )


def _is_free_text(text: str) -> bool:
    return text.isprintable() and not NAME.fullmatch(text)


ADDRESS = re.compile(r"IPv[46]\s*: ?(?P<value>[\da-fA-F.:]+)")


def _value(said: dict[str, list[str]], name: str) -> str | None:
    text = next(iter(said.get(name, ())), None)
    if text is None:
        return None
    found = TYPED.fullmatch(text)
    return (found["value"] if found else text).strip() or None


READINGS = (Reading(forms("lldp"), (Question.LLDP,), neighbor, Evidence.NONE),)
