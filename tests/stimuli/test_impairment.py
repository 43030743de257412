import pytest

from plugfest.errors import ParseError
from plugfest.inventory.models import PortReference
from plugfest.stimuli.impairment import Impaired, Impairment, impair, parse_impaired
from tests.devices.recorded import said

COUNTED = """[{"kind":"netem","handle":"1:","root":true,"refcnt":2,"options":{"limit":100000},"bytes":85206,
"packets":6021,"drops":7,"overlimits":0,"requeues":0,"backlog":0,"qlen":0}]"""


def test_an_impairment_prints_itself() -> None:
    haul = Impairment(delay_ms=2.5, jitter_ms=0.1, loss=0.01, seed=7)
    words = "limit 100000 delay 2.5ms 0.1ms loss 0.01% seed 7"
    assert haul.arguments() == tuple(words.split())
    change = impair(PortReference(device="leaf1", port="swp1"), haul)
    assert change.description == "leaf1:swp1: netem delay 2.5ms 0.1ms loss 0.01% seed 7"
    assert change.do[0][-9:] == haul.arguments()
    assert change.undo == (("tc", "qdisc", "del", "dev", "swp1", "root"),)


def test_netem_says_what_it_did() -> None:
    assert parse_impaired(said(COUNTED, "tc")) == Impaired(sent=6021, dropped=7)


@pytest.mark.parametrize(
    "text", ["[]", COUNTED.replace("netem", "noqueue"), COUNTED.replace("7,", '"7",', 1), "nonsense"]
)
def test_a_port_without_netem_is_an_error(text: str) -> None:
    with pytest.raises(ParseError):
        parse_impaired(said(text, "tc"))
