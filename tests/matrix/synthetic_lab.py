"""Runs of an imaginary lab, straight into a database: NICs × switches × cases over several nights."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from plugfest.evidence.cell import DevicesUnderTest, NicKind, SwitchKind
from plugfest.history.storing import axes_of
from plugfest.history.tables import Figure, Result, Run

NICS = ("Acme A-9", "Borealis B400", "Calyx RDMA 200", "Dorado DX-7", "Ember E2 OCP", "Fjord 400G", "Gneiss G5",
        "Halcyon H-100", "Iris SmartNIC 3", "Juniper Tree JT9", "Kestrel K400", "Lumen L8", "Mistral M2 800G",
        "Nimbus N-40", "Orchid O1", "Plover P7", "Quartz Q400", "Rowan R3", "Sable S-800", "Tundra T12")  # fmt: skip
CHIPS = tuple(f"{name} {number}" for name in ("Ridge", "Canyon", "Mesa", "Summit") for number in (3, 4, 5, 6, 7))
NOSES = ("OpenNOS 2024.05", "FabricOS 12.1", "Debian with FRR 10.1")
CASES = (
    ("link", "PHY-01", "Both ends of the cable are up"),
    ("l2", "L2-01", "Both ends of the cable name each other"),
    ("qos", "QOS-03", "PFC pauses only the lossless class"),
    ("rocev2", "ROCE-02", "Every verb moves every byte, both ways"),
)
FIRST_NIGHT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
REASON = """[INTEROP] the lossless class is paused before its buffer overflows: failed
  leaf1:swp1 priority 3 drops – expected 0, got 1418 packets
  leaf1:swp1 pause frames sent on the wire – expected at least 1, got 0 frames"""


def equipment(nic: int, chip: int, firmware: str = "1") -> DevicesUnderTest:
    vendor, _, model = NICS[nic].partition(" ")
    switch = SwitchKind(vendor="Edgeworks", model="EW-64", chip=CHIPS[chip], nos=NOSES[chip % 3])
    client = NicKind(vendor=vendor, model=model, firmware=f"28.4{nic}.{firmware}")
    return DevicesUnderTest(nic=client, switches=(switch,), media=(("DAC", "AOC")[nic % 2],), peer=client)


def add_run(database: Session, night: int, results: list[Result], harness: str = "0.1.0 (abc123)") -> Run:
    run = Run(
        id=f"night-{night:02}", lab="imaginary", kind="hardware", started=FIRST_NIGHT + timedelta(days=night),
        harness=harness, seal=None, folder=str(Path("/nowhere") / f"night-{night:02}" / "evidence"), results=results,
    )  # fmt: skip
    database.add(run)
    database.flush()
    return run


def result(
    test: str,
    outcome: str,
    cell: DevicesUnderTest | None = None,
    case: tuple[str, str, str] = CASES[1],
    figures: dict[str, float] | None = None,
) -> Result:
    suite, name, title = case
    wrong = outcome not in ("passed", "skipped")
    return Result(
        test=test, title=title, suite=suite, case=name, outcome=outcome, reason=REASON if wrong else "",
        known_issue="IOP-12" if outcome == "known issue" else None, seconds=2.5, bundle=test, allure=None,
        figures=[Figure(claim="claim", name=key, value=value) for key, value in (figures or {}).items()],
        **axes_of(cell or equipment(0, 0)),
    )  # fmt: skip


def _outcome(chance: random.Random, nic: int, chip: int, night: int) -> str:
    if nic == 6 and chip in (2, 9):
        return "failed"
    if nic == 11 and night > 5:
        return "broken" if chip % 4 == 0 else "passed"
    if chip == 14 and nic % 3 == 0:
        return "known issue"
    if (nic * 7 + chip) % 53 == 0 and night == 6:
        return "failed"
    if (nic * 5 + chip) % 61 == 0 and night < 6:
        return "failed"
    roll = chance.random()
    return "inconclusive" if roll > 0.997 else "skipped" if roll > 0.99 else "passed"


def fill(database: Session, nics: int, chips: int, nights: int = 7) -> None:
    """Every NIC with every switch, four cases each; the last NIC is not on the bench in the newest run."""
    chance = random.Random(20260301)
    for night in range(nights):
        results = []
        for nic in range(nics):
            for chip in range(chips):
                if (nic == nics - 1 and night == nights - 1) or (nic + chip) % 19 == 7:
                    continue
                for number, case in enumerate(CASES):
                    outcome = _outcome(chance, nic, chip, night) if number else "passed"
                    test = f"testsuites/{case[0]}/test_{case[0]}.py::test_case[h{nic}:eth1<->leaf{chip}:swp1]"
                    results.append(result(test, outcome, equipment(nic, chip), case))
        add_run(database, night, results)
