"""Comparing an intent with recorded answers: what is as expected, what is not, and what cannot be told."""

import json
from copy import deepcopy
from typing import Any

import pytest

from plugfest.configuration.comparison import compare, contradicted, difference, unverified
from plugfest.configuration.linux_undo import linux_undo
from plugfest.configuration.opposites import opposite_lines, unset_commands
from plugfest.configuration.readers import reader_called
from plugfest.configuration.readers.configuration_lines import new_lines
from plugfest.configuration.readers.set_commands import spelt_out
from plugfest.configuration.rendering import Rendering
from plugfest.configuration.witnesses import witness
from plugfest.devices.changes import Command
from plugfest.devices.protocols import Unsupported
from plugfest.errors import CommandError
from plugfest.verdicts.verdict import Outcome, Verdict
from tests.configuration.switches import SONIC_BEFORE, rendered

EOS = """\
! Command: show running-config
qos map dscp 26 to traffic-class 3
qos map dscp 48 to traffic-class 6
!
interface Ethernet3/1
   mtu 9000
   priority-flow-control on
   priority-flow-control priority 3 no-drop
   qos trust dscp
   tx-queue 3
      bandwidth percent 60
interface Ethernet4/1
   mtu 1500
   no lldp transmit
   priority-flow-control on
"""


def judged(rendering: Rendering, text: str | None) -> Verdict:
    reader = reader_called(rendering.style.reader)
    answers = dict.fromkeys(reader.questions(rendering), text)
    return compare(rendering, reader.findings(rendering, answers))


def outcome(verdict: Verdict, subject: str) -> Outcome:
    (found,) = (reason.outcome for reason in verdict.reasons if subject in reason.subject)
    return found


def test_lines_are_looked_for_in_their_own_view() -> None:
    verdict = judged(rendered("arista_eos"), EOS)
    assert outcome(verdict, "MTU, interface Ethernet3/1") is Outcome.PASSED
    assert outcome(verdict, "MTU, interface Ethernet4/1") is Outcome.FAILED
    assert outcome(verdict, "PFC, interface Ethernet3/1") is Outcome.PASSED
    assert outcome(verdict, "PFC, interface Ethernet4/1") is Outcome.FAILED
    assert "not there: mtu 9000" in difference(verdict)


def test_an_unverified_template_is_never_a_contradiction() -> None:
    verdict = judged(rendered("arista_eos"), EOS)
    assert outcome(verdict, "ETS weights, interface Ethernet3/1") is Outcome.INCONCLUSIVE
    assert outcome(verdict, "LLDP and DCBX, interface Ethernet4/1") is Outcome.INCONCLUSIVE
    assert "the template is unverified" in difference(verdict)


def test_defaults_are_shown_by_the_absence_of_their_opposite() -> None:
    down = judged(rendered("cisco_nxos", "jumbo_frames"), "interface Ethernet1/3\n  mtu 9000\n  shutdown\n")
    assert outcome(down, "admin up and down, interface Ethernet1/3") is Outcome.FAILED
    up = judged(rendered("cisco_nxos", "jumbo_frames"), "interface Ethernet1/3\n  mtu 9000\n")
    assert outcome(up, "admin up and down, interface Ethernet1/3") is Outcome.PASSED


def test_a_refused_question_leaves_everything_unverified() -> None:
    verdict = judged(rendered("arista_eos"), None)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert contradicted(verdict) == ()
    assert all("`show running-config` was refused" in reason.got for reason in unverified(verdict))


def test_what_cannot_be_set_is_told() -> None:
    verdict = judged(rendered("cumulus_nvue"), "nv set interface swp3-4 link mtu 9000\n")
    told = [reason.got for reason in unverified(verdict)]
    assert "unverified: watchdog restoration time and action: they are fixed" in told
    assert outcome(verdict, "MTU, switch") is Outcome.PASSED


@pytest.mark.parametrize(
    ("line", "members"),
    [
        ("nv set interface swp1-3 link", ["nv set interface swp1 link", "nv set interface swp2 link"]),
        ("nv set qos mapping x dscp 26,48 y", ["nv set qos mapping x dscp 26 y", "nv set qos mapping x dscp 48 y"]),
        ("nv set system hostname leaf-1", ["nv set system hostname leaf-1"]),
        ("nv set interface bond9-7 link", ["nv set interface bond9-7 link"]),
    ],
)
def test_ranges_of_nvue_are_spelt_out(line: str, members: list[str]) -> None:
    assert list(spelt_out(line))[: len(members)] == members


def sonic() -> dict[str, Any]:
    tables: dict[str, Any] = deepcopy(SONIC_BEFORE)
    tables["PORT"]["Ethernet0"]["mtu"] = "9000"
    tables["DSCP_TO_TC_MAP"]["AZURE"] |= {"26": "3", "48": "6"}
    tables["PORT_QOS_MAP"]["Ethernet0"]["pfc_enable"] = "3"
    tables["QUEUE"] = {"Ethernet0|3-4": {"wred_profile": "AZURE_LOSSLESS", "scheduler": "big"}}
    tables["SCHEDULER"]["big"] = {"type": "DWRR", "weight": "60"}
    return tables


def test_sonic_is_read_table_by_table() -> None:
    verdict = judged(rendered("sonic"), json.dumps(sonic()))
    assert outcome(verdict, "MTU, Ethernet0") is Outcome.PASSED
    assert outcome(verdict, "MTU, Ethernet8") is Outcome.FAILED
    assert outcome(verdict, "DSCP map and trust, DSCP 26") is Outcome.PASSED
    assert outcome(verdict, "PFC, Ethernet0") is Outcome.PASSED
    assert outcome(verdict, "PFC, Ethernet8") is Outcome.FAILED
    assert outcome(verdict, "ETS weights, Ethernet0 queue 3") is Outcome.PASSED
    assert outcome(verdict, "ETS weights, Ethernet0 queue 0") is Outcome.INCONCLUSIVE
    assert outcome(verdict, "ECN thresholds, Ethernet0 queue 3") is Outcome.PASSED
    assert outcome(verdict, "ECN thresholds, AZURE_LOSSLESS green") is Outcome.INCONCLUSIVE
    assert "got mtu 9100" in difference(verdict)


@pytest.mark.parametrize("text", [None, "", "Traceback (most recent call last):", "[]"])
def test_what_is_no_database_is_unverified(text: str | None) -> None:
    assert judged(rendered("sonic"), text).outcome is Outcome.INCONCLUSIVE


def linux(mtu: int = 1500, flags: tuple[str, ...] = ("UP",), qdiscs: object = ()) -> dict[Command, str | None]:
    answers: dict[Command, str | None] = {}
    for port in ("swp1", "swp2"):
        answers["ip", "-j", "link", "show", "dev", port] = json.dumps([{"mtu": mtu, "flags": list(flags)}])
        answers["tc", "-j", "-d", "qdisc", "show", "dev", port] = json.dumps(list(qdiscs))  # type: ignore[call-overload]
        answers["tc", "filter", "show", "dev", port, "parent", "1:"] = (
            "filter protocol ip pref 27 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 *flowid 1:2 not_in_hw \n"
            "  match 00680000/00fc0000 at 0\n"
        )
        status = '{"lldp":[{"interface":[{"status":[{"value":"RX and TX"}]}]}]}'
        answers["lldpcli", "-f", "json0", "show", "interfaces", "ports", port] = status
    return answers


ETS = {"kind": "ets", "handle": "1:", "root": True, "options": {"bands": 3, "strict": 1, "quanta": [6000, 4000]}}
RED = {"kind": "red", "handle": "13:", "options": {"min": 30720, "max": 92160, "probability": 0.5, "ecn": True}}


def test_linux_is_read_value_by_value() -> None:
    rendering = rendered("frr_linux", "software_queues")
    answers = linux(4200, qdiscs=[ETS, RED])
    verdict = compare(rendering, reader_called("Linux").findings(rendering, answers))
    assert contradicted(verdict) == ()
    (missing,) = {reason.expected for reason in unverified(verdict)}
    assert missing == "DSCP 48 class 1:1"
    dropping = {**RED, "options": {**RED["options"], "ecn": False}}  # type: ignore[dict-item]
    answers = linux(1500, (), [ETS, dropping])
    wrong = contradicted(compare(rendering, reader_called("Linux").findings(rendering, answers)))
    assert {(each.expected, each.got) for each in wrong} == {
        ("4200 bytes", "1500 bytes"),
        ("up", "down"),
        ("30720-92160 bytes 50 % marking", "30720-92160 bytes 50 % dropping"),
    }


def test_linux_comes_back_to_the_state_before() -> None:
    rendering = rendered("frr_linux", "software_queues")
    undo = linux_undo(rendering, linux(9000, ("BROADCAST",), [{"kind": "mq", "handle": "0:", "root": True}]))
    assert ("ip", "link", "set", "dev", "swp1", "mtu", "9000") in undo
    assert ("ip", "link", "set", "dev", "swp2", "down") in undo
    assert ("tc", "qdisc", "del", "dev", "swp2", "root") in undo
    with pytest.raises(Unsupported, match=r"swp1 has the queueing discipline ets 1:, which could not be brought back"):
        linux_undo(rendering, linux(qdiscs=[ETS]))
    with pytest.raises(CommandError, match=r"does not show the state to come back to"):
        linux_undo(rendering, {})


def test_only_what_is_new_is_taken_back_and_what_was_there_comes_again() -> None:
    before = (
        "interface FourHundredGigE1/0/3\n port link-mode route\n mtu 1500\n qos trust dot1p\n"
        "interface FourHundredGigE1/0/4\n mtu 9000\n"
    )
    typed = opposite_lines(rendered("h3c_comware", "jumbo_frames"), before)
    assert typed.count("undo mtu") == 2
    assert "mtu 1500" in typed
    assert "mtu 9000" in typed
    assert "shutdown" not in typed  # the ports were up before
    assert not any("link-mode" in line or "trust" in line for line in typed)


def test_nvue_unsets_what_was_not_there_and_sets_the_old_again() -> None:
    before = frozenset({"nv set interface swp3 link mtu 1500", "nv set qos roce enable on"})
    new = [
        "nv set interface swp3 link mtu 9000",
        "nv set qos pfc plugfest tx enable",
        "nv set qos pfc plugfest rx enable",
    ]
    assert unset_commands(new, before) == ("nv unset qos pfc", "nv set interface swp3 link mtu 1500")


def test_a_witness_tells_before_from_after() -> None:
    import re

    rendering = rendered("arista_eos", "jumbo_frames")
    before = "interface Ethernet3/1\n   mtu 1500\n   shutdown\ninterface Ethernet4/1\n   mtu 9000\n"
    after = "interface Ethernet3/1\n   mtu 9000\ninterface Ethernet4/1\n   mtu 9000\n"
    shown = reader_called("lines").shown(before)  # type: ignore[attr-defined]
    new = list(new_lines(rendering, shown))
    seen = witness(new, new, shown, "no", ("show running-config",))
    assert seen is not None
    assert [bool(re.search(seen.made, text, re.MULTILINE)) for text in (before, after)] == [False, True]
    assert [bool(re.search(seen.undone, text, re.MULTILINE)) for text in (before, after)] == [True, False]
    doubtful = witness(new, (), shown, "no", ("show running-config",))
    assert doubtful is not None
    assert [bool(re.search(doubtful.made, text, re.MULTILINE)) for text in (before, after)] == [True, True]
    assert [bool(re.search(doubtful.undone, text, re.MULTILINE)) for text in (before, after)] == [True, False]
