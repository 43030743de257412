import pytest

from plugfest.devices.linux.notification import parse_interval, show_interval
from plugfest.errors import ParseError
from tests.devices.recorded import said


def test_the_interval_is_read_where_connectx_drivers_keep_it() -> None:
    assert show_interval("ens1f0np0") == ("cat", "/sys/class/net/ens1f0np0/ecn/roce_np/min_time_between_cnps")
    assert parse_interval(said("4\n")) == 4.0


@pytest.mark.parametrize("text", ["", "-1\n", "4 us\n"])
def test_other_answers_are_told(text: str) -> None:
    with pytest.raises(ParseError, match="expected a whole number of microseconds"):
        parse_interval(said(text))
