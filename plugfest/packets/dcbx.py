"""DCBX: the TLVs of IEEE 802.1Qaz (annex D) inside LLDP, and recognition of the older CEE and CIN forms."""

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

from plugfest.errors import ParseError
from plugfest.packets.lldp_tlv import OrganisationTlv, organisation_tlvs
from plugfest.records import Record

if TYPE_CHECKING:
    from scapy.packet import Packet

IEEE_OUI = 0x0080C2
CEE_OUI = 0x001B21
_CEE_SUBTYPES = {1: "CIN", 2: "CEE"}
TSA_STRICT, TSA_CREDIT_BASED, TSA_ETS, TSA_VENDOR = 0, 1, 2, 255
"""Transmission selection algorithms (table 8-5)."""
SELECTOR_ETHERTYPE, SELECTOR_TCP, SELECTOR_UDP, SELECTOR_TCP_OR_UDP, SELECTOR_DSCP = 1, 2, 3, 4, 5
"""What the protocol id of an application priority means (table D-9)."""


class _Tlv(Record):
    subtype: ClassVar[int]
    content_bytes: ClassVar[int | None]
    """Length after the subtype; None where it varies."""

    @abstractmethod
    def encode(self) -> bytes:
        """The bytes after OUI and subtype."""

    @classmethod
    @abstractmethod
    def decode(cls, content: bytes) -> Self:
        """Read the bytes after OUI and subtype, whose length has been checked."""

    def layer(self) -> "Packet":
        """The TLV as a scapy layer, to be stacked between the mandatory LLDP TLVs and the end."""
        from scapy.contrib.lldp import LLDPDUGenericOrganisationSpecific

        return LLDPDUGenericOrganisationSpecific(org_code=IEEE_OUI, subtype=self.subtype, data=self.encode())


class _EtsTables(_Tlv):
    priority_assignment: tuple[int, ...]
    """Traffic class of each of the eight priorities."""
    bandwidth: tuple[int, ...]
    """Percent of each of the eight traffic classes; those of ETS classes add up to 100."""
    selection: tuple[int, ...]
    """Transmission selection algorithm of each of the eight traffic classes."""

    def _encode_tables(self) -> bytes:
        nibbles = zip(self.priority_assignment[::2], self.priority_assignment[1::2], strict=True)
        return bytes(high << 4 | low for high, low in nibbles) + bytes(self.bandwidth) + bytes(self.selection)


def _decode_tables(content: bytes) -> dict[str, tuple[int, ...]]:
    assignment = tuple(nibble for byte in content[1:5] for nibble in (byte >> 4, byte & 15))
    return {
        "priority_assignment": assignment,
        "bandwidth": tuple(content[5:13]),
        "selection": tuple(content[13:21]),
    }


class EtsConfiguration(_EtsTables):
    """Enhanced transmission selection as the sender runs it (D.2.8)."""

    subtype = 0x09
    content_bytes = 21
    willing: bool
    credit_based_shaper: bool = False
    max_traffic_classes: int
    """How many traffic classes the sender supports; 0 on the wire means eight."""

    def encode(self) -> bytes:
        """The bytes after OUI and subtype."""
        flags = self.willing << 7 | self.credit_based_shaper << 6 | self.max_traffic_classes & 7
        return bytes([flags]) + self._encode_tables()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read the bytes after OUI and subtype."""
        flags, classes = content[0], content[0] & 7 or 8
        tables = _decode_tables(content)
        return cls.model_validate(
            {
                "willing": bool(flags & 128),
                "credit_based_shaper": bool(flags & 64),
                "max_traffic_classes": classes,
                **tables,
            }
        )


class EtsRecommendation(_EtsTables):
    """Enhanced transmission selection the sender would like its peer to run (D.2.9)."""

    subtype = 0x0A
    content_bytes = 21

    def encode(self) -> bytes:
        """The bytes after OUI and subtype."""
        return b"\0" + self._encode_tables()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read the bytes after OUI and subtype."""
        return cls.model_validate(_decode_tables(content))


class PfcConfiguration(_Tlv):
    """Priority-based flow control as the sender runs it (D.2.10)."""

    subtype = 0x0B
    content_bytes = 2
    willing: bool
    macsec_bypass: bool = False
    capability: int
    """How many priorities may have PFC at the same time; 0 on the wire means eight."""
    enabled: tuple[int, ...]
    """Priorities with PFC."""

    def encode(self) -> bytes:
        """The bytes after OUI and subtype."""
        vector = sum(1 << priority for priority in self.enabled)
        return bytes([self.willing << 7 | self.macsec_bypass << 6 | self.capability & 15, vector])

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read the bytes after OUI and subtype."""
        flags, vector = content
        return cls(
            willing=bool(flags & 128),
            macsec_bypass=bool(flags & 64),
            capability=flags & 15 or 8,
            enabled=tuple(priority for priority in range(8) if vector >> priority & 1),
        )


class ApplicationPriority(Record):
    """One row of the application priority table."""

    priority: int
    selector: int
    """One of the SELECTOR constants."""
    protocol: int
    """EtherType, port number or DSCP, as the selector says."""


class ApplicationPriorities(_Tlv):
    """Which priority each application gets (D.2.11); UDP 4791 is RoCEv2."""

    subtype = 0x0C
    content_bytes = None
    table: tuple[ApplicationPriority, ...]

    def encode(self) -> bytes:
        """The bytes after OUI and subtype."""
        rows = (bytes([row.priority << 5 | row.selector]) + row.protocol.to_bytes(2, "big") for row in self.table)
        return b"\0" + b"".join(rows)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read the bytes after OUI and subtype.  Raises ParseError if the rows are not three bytes each."""
        if len(content) % 3 != 1:
            raise ParseError(f"application priority TLV: {len(content)} bytes are not 1 + 3 per row")
        rows = (content[at : at + 3] for at in range(1, len(content), 3))
        return cls(
            table=tuple(
                ApplicationPriority(priority=row[0] >> 5, selector=row[0] & 7, protocol=int.from_bytes(row[1:], "big"))
                for row in rows
            )
        )


class Dcbx(Record):
    """Everything about DCBX that one LLDPDU says.  None means that the TLV is absent."""

    ets: EtsConfiguration | None = None
    ets_recommendation: EtsRecommendation | None = None
    pfc: PfcConfiguration | None = None
    applications: ApplicationPriorities | None = None
    older_forms: tuple[str, ...] = ()
    """``CEE`` and ``CIN``, where TLVs of those pre-standard dialects are present."""
    faults: tuple[str, ...] = ()
    """TLVs a receiver must ignore, in words: wrong length, repeated."""


_KNOWN: dict[int, tuple[str, type[_Tlv]]] = {
    EtsConfiguration.subtype: ("ets", EtsConfiguration),
    EtsRecommendation.subtype: ("ets_recommendation", EtsRecommendation),
    PfcConfiguration.subtype: ("pfc", PfcConfiguration),
    ApplicationPriorities.subtype: ("applications", ApplicationPriorities),
}


def parse_dcbx(lldpdu: bytes) -> Dcbx:
    """Read the DCBX TLVs of an LLDPDU (the bytes after the LLDP EtherType); faulty ones are named and left out."""
    found: dict[str, _Tlv] = {}
    faults: list[str] = []
    tlvs, damage = organisation_tlvs(lldpdu)
    for tlv in tlvs:
        if tlv.oui == IEEE_OUI and tlv.subtype in _KNOWN:
            _take(tlv, found, faults)
    older = {_CEE_SUBTYPES[tlv.subtype] for tlv in tlvs if tlv.oui == CEE_OUI and tlv.subtype in _CEE_SUBTYPES}
    return Dcbx.model_validate({**found, "older_forms": tuple(sorted(older)), "faults": (*faults, *damage)})


def _take(tlv: OrganisationTlv, found: dict[str, _Tlv], faults: list[str]) -> None:
    name, kind = _KNOWN[tlv.subtype]
    if name in found:
        faults.append(f"{kind.__name__} TLV is repeated")
        return
    try:
        if kind.content_bytes is not None and len(tlv.content) != kind.content_bytes:
            raise ParseError(f"{kind.__name__} TLV has {len(tlv.content)} bytes, must have {kind.content_bytes}")
        found[name] = kind.decode(tlv.content)
    except ParseError as error:
        faults.append(str(error))
