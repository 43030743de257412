"""RDMA counters by meaning: what each driver counts, and that nothing absent becomes zero."""

import pytest

from plugfest.devices.nic_counters import Meaning, growth
from plugfest.devices.records import RdmaCounters
from plugfest.nics.drivers import TABLES, CounterTable, by_meaning, table_of


def counters(device: str, **values: int) -> RdmaCounters:
    return RdmaCounters(device=device, port=1, values=values)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.driver)
def test_every_name_of_a_driver_is_a_name_of_its_meaning(table: CounterTable) -> None:
    for meaning, names in table.names.items():
        assert set(names) <= set(meaning.value), meaning
    assert table.source


def test_every_name_of_a_meaning_belongs_to_a_driver() -> None:
    told = {(meaning, name) for table in TABLES for meaning, names in table.names.items() for name in names}
    known = {(meaning, name) for meaning in Meaning for name in meaning.value}
    assert known == told


@pytest.mark.parametrize(
    ("device", "driver"),
    [
        ("mlx5_3", "mlx5"),
        ("rocep129s0f0", "mlx5"),
        ("bnxt_re0", "bnxt_re"),
        ("irdma1", "irdma"),
        ("hns_0", "hns_roce"),
        ("ionic_7", "ionic"),
        ("xscale_2", "xscale"),
        ("rxe1", "rxe"),
        ("erdma_0", "erdma"),
        ("efa_1", "efa"),
        ("npu4", "hccn_tool"),
    ],
)
def test_devices_are_known_by_their_names(device: str, driver: str) -> None:
    table = table_of(device)
    assert table is not None
    assert table.driver == driver


def test_absent_is_unmeasured_and_zero_is_zero() -> None:
    told = by_meaning(counters("mlx5_0", np_cnp_sent=0, rp_cnp_handled=9, local_ack_timeout_err=2))
    assert (told["cnps_sent"], told["cnps_handled"], told["timeouts"]) == (0, 9, 2)
    assert told["ce_packets"] is None
    assert set(by_meaning(counters("erdma_0", tx_packets_cnt=5)).values()) == {None}


def test_a_name_of_another_driver_means_nothing() -> None:
    assert by_meaning(counters("rxe1", np_cnp_sent=4))["cnps_sent"] is None
    assert by_meaning(counters("newnic_0", np_cnp_sent=4))["cnps_sent"] == 4


def test_renamed_counters_of_one_driver_mean_the_same() -> None:
    old, new = counters("bnxt_re0", to_retransmits=3), counters("bnxt_re0", local_ack_timeout_err=3)
    assert by_meaning(old)["timeouts"] == by_meaning(new)["timeouts"] == 3


def test_growth_of_timeouts() -> None:
    before, after = (
        {"h1": counters("mlx5_0", local_ack_timeout_err=2)},
        {"h1": counters("mlx5_0", local_ack_timeout_err=7)},
    )
    assert growth("h1", Meaning.TIMEOUTS, before, after) == 5
    assert growth("h1", Meaning.CNPS_SENT, before, after) is None
