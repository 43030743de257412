from hypothesis import given
from hypothesis import strategies as st
from scapy.contrib.lldp import (
    LLDPDUChassisID,
    LLDPDUEndOfLLDPDU,
    LLDPDUGenericOrganisationSpecific,
    LLDPDUPortID,
    LLDPDUTimeToLive,
)
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from plugfest.packets import dcbx

ETS = dcbx.EtsConfiguration(
    willing=True,
    max_traffic_classes=8,
    priority_assignment=(0, 0, 0, 1, 0, 0, 2, 0),
    bandwidth=(50, 50, 0, 0, 0, 0, 0, 0),
    selection=(dcbx.TSA_ETS, dcbx.TSA_ETS, dcbx.TSA_STRICT, 0, 0, 0, 0, 0),
)
PFC = dcbx.PfcConfiguration(willing=False, capability=8, enabled=(3,))
ROCE = dcbx.ApplicationPriorities(
    table=(dcbx.ApplicationPriority(priority=3, selector=dcbx.SELECTOR_UDP, protocol=4791),)
)
RECOMMENDATION = dcbx.EtsRecommendation(
    priority_assignment=ETS.priority_assignment, bandwidth=ETS.bandwidth, selection=ETS.selection
)


def lldpdu(*tlvs: Packet) -> bytes:
    frame = Ether(dst="01:80:c2:00:00:0e", src="02:00:00:00:00:01")
    frame /= LLDPDUChassisID(subtype=4, id="02:00:00:00:00:01")
    frame /= LLDPDUPortID(subtype=5, id="eth1") / LLDPDUTimeToLive(ttl=120)
    for tlv in tlvs:
        frame /= tlv
    return bytes(frame / LLDPDUEndOfLLDPDU())[14:]


def test_golden_bytes_of_each_tlv() -> None:
    assert ETS.encode().hex() == "80" + "00010020" + "3232000000000000" + "0202000000000000"
    assert RECOMMENDATION.encode()[0] == 0
    assert PFC.encode().hex() == "0808"
    assert ROCE.encode().hex() == "00" + "63" + "12b7"
    assert "fe06" + "0080c2" + "0b" + "0808" in lldpdu(PFC.layer()).hex()


def test_all_four_tlvs_are_read_back() -> None:
    read = dcbx.parse_dcbx(lldpdu(ETS.layer(), RECOMMENDATION.layer(), PFC.layer(), ROCE.layer()))
    assert read == dcbx.Dcbx(ets=ETS, ets_recommendation=RECOMMENDATION, pfc=PFC, applications=ROCE)


def test_the_older_dialects_are_recognised() -> None:
    cee = LLDPDUGenericOrganisationSpecific(org_code=dcbx.CEE_OUI, subtype=2, data=bytes(10))
    cin = LLDPDUGenericOrganisationSpecific(org_code=dcbx.CEE_OUI, subtype=1, data=bytes(10))
    assert dcbx.parse_dcbx(lldpdu(cee, cin)).older_forms == ("CEE", "CIN")


def test_faulty_tlvs_are_left_out_and_named() -> None:
    short = LLDPDUGenericOrganisationSpecific(org_code=dcbx.IEEE_OUI, subtype=0x0B, data=b"\x08")
    ragged = LLDPDUGenericOrganisationSpecific(org_code=dcbx.IEEE_OUI, subtype=0x0C, data=bytes(6))
    read = dcbx.parse_dcbx(lldpdu(short, ragged, ETS.layer(), ETS.layer()))
    assert (read.pfc, read.applications, read.ets) == (None, None, ETS)
    assert read.faults == (
        "PfcConfiguration TLV has 1 bytes, must have 2",
        "application priority TLV: 6 bytes are not 1 + 3 per row",
        "EtsConfiguration TLV is repeated",
    )


def test_a_tlv_longer_than_the_frame_ends_the_walk_with_its_name() -> None:
    whole = lldpdu(PFC.layer())
    start = whole.index(bytes.fromhex("fe06"))
    assert dcbx.parse_dcbx(whole[: start + 5]).faults == ("TLV type 127 claims 6 bytes, only 3 follow",)
    assert dcbx.parse_dcbx(b"").faults == ("the end TLV is missing",)


@given(st.binary(max_size=120))
def test_no_bytes_raise(lldpdu_bytes: bytes) -> None:
    dcbx.parse_dcbx(lldpdu_bytes)
