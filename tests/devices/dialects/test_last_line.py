"""The last line of a saved output: whole, or refused."""

import pytest

from plugfest.devices.dialects import registry
from plugfest.errors import ParseError

VERSION = '{\n "modelName": "DCS-7060X5-64S",\n "version": "4.33.9M"\n}'


def test_a_json_document_needs_no_newline_at_its_end() -> None:
    (facts,) = registry.dialect("arista_eos").parse("show version | json", VERSION, device="leaf1")
    assert facts.model_dump()["model"] == "DCS-7060X5-64S"


@pytest.mark.parametrize("cut", [VERSION[:-1], VERSION[:-3], VERSION + "]"])
def test_a_json_document_that_was_cut_off_is_refused(cut: str) -> None:
    with pytest.raises(ParseError):
        registry.dialect("arista_eos").parse("show version | json", cut, device="leaf1")


def test_text_that_does_not_end_in_a_newline_is_refused() -> None:
    with pytest.raises(ParseError, match="may be cut off"):
        registry.dialect("arista_eos").parse("show ip route", " C  192.0.2.0/31 is directly", device="leaf1")


ROUTE = "Gateway of last resort is not set\n\n C        192.0.2.0/31 is directly connected, Ethernet7/1\n"


@pytest.mark.parametrize("prompt", ["leaf1#", "leaf1.12:04:33#", "leaf1(config-if-Et1)#exit\n", "leaf1>exit"])
def test_prompt_logout_and_byte_order_mark_are_not_part_of_the_answer(prompt: str) -> None:
    (route,) = registry.dialect("arista_eos").parse("show ip route", f"\ufeff{ROUTE}{prompt}", device="leaf1")
    assert route.model_dump()["prefix"] == "192.0.2.0/31"


def test_the_answer_to_another_command_is_refused() -> None:
    with pytest.raises(ParseError, match="line 4"):
        registry.dialect("arista_eos").parse("show ip route", f"{ROUTE}leaf1#show clock\n{ROUTE}", device="leaf1")
