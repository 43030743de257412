"""Walk the TLVs of an LLDPDU (IEEE 802.1AB, 8.4) leniently: damage is named, never raised.

scapy's own LLDP layer is strict and stops at the first fault; a conformance check must go on and say what was wrong.
"""

from dataclasses import dataclass

_ORGANISATION_SPECIFIC = 127
_END = 0


@dataclass(frozen=True)
class OrganisationTlv:
    """One organisationally specific TLV."""

    oui: int
    subtype: int
    content: bytes
    """What follows the subtype."""


def organisation_tlvs(lldpdu: bytes) -> tuple[tuple[OrganisationTlv, ...], tuple[str, ...]]:
    """All organisationally specific TLVs up to the end TLV, and what is wrong with the LLDPDU in words."""
    found: list[OrganisationTlv] = []
    at = 0
    while at + 2 <= len(lldpdu):
        kind, length = lldpdu[at] >> 1, (lldpdu[at] & 1) << 8 | lldpdu[at + 1]
        value = lldpdu[at + 2 : at + 2 + length]
        if len(value) < length:
            return tuple(found), (f"TLV type {kind} claims {length} bytes, only {len(value)} follow",)
        if kind == _END:
            return tuple(found), ()
        if kind == _ORGANISATION_SPECIFIC:
            if length < 4:
                return tuple(found), (f"organisationally specific TLV of {length} bytes has no OUI and subtype",)
            found.append(OrganisationTlv(int.from_bytes(value[:3], "big"), value[3], value[4:]))
        at += 2 + length
    return tuple(found), ("the end TLV is missing",)
