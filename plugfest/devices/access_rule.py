"""Which packets an access list of a switch is about, whatever its vendor calls it."""

from typing import Annotated

from pydantic import Field

from plugfest.inventory.fields import IpAddress
from plugfest.packets.opcodes import ROCE_UDP_PORT
from plugfest.records import Record

PortNumber = Annotated[int, Field(ge=0, le=65_535)]


class AccessRule(Record):
    """UDP packets that are dropped where they enter the switch; what is None may have any value."""

    source: IpAddress | None = None
    destination: IpAddress | None = None
    source_port: PortNumber | None = None
    destination_port: PortNumber = ROCE_UDP_PORT
    dscp: Annotated[int, Field(ge=0, le=63)] | None = None

    def __str__(self) -> str:
        ends = f"UDP {self.source or 'any'} → {self.destination or 'any'} port {self.destination_port}"
        narrower = {"source port": self.source_port, "DSCP": self.dscp}
        return ", ".join([ends, *(f"{name} {value}" for name, value in narrower.items() if value is not None)])
