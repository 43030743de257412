"""The page about switch dialects says what the code can do."""

from pathlib import Path

import pytest

from plugfest.devices.dialects import registry
from plugfest.devices.dialects.support_page import with_tables

PAGE = Path(__file__).parents[3] / "docs" / "switch-dialects.md"


def test_the_support_table_is_current() -> None:
    page = PAGE.read_text()
    assert with_tables(page) == page, "run: python -m plugfest.devices.dialects.support_page docs/switch-dialects.md"
    assert all(f"`{name}`" in page for name in registry.NAMES)


def test_the_commands_in_the_page_are_known() -> None:
    for dialect, command in (
        ("huawei_vrp", "display dcb pfc interface"),
        ("sonic", "show pfc counters"),
        ("huawei_vrp", "display qos buffer-usage interface 100GE1/0/9"),
    ):
        assert command in PAGE.read_text()
        registry.dialect(dialect).find(command)


@pytest.mark.parametrize("dialect", registry.dialects(), ids=lambda dialect: dialect.name)
def test_traits_name_a_driver_and_at_least_one_error_phrase(dialect) -> None:  # type: ignore[no-untyped-def]
    import netmiko

    assert dialect.traits.netmiko_type in netmiko.platforms
    assert dialect.traits.errors
    assert dialect.note
