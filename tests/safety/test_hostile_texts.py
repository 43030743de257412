"""Texts that a shell would obey go through a whole run and are only ever texts.

What a lab file may call a device, a port or an address is refused earlier: see tests/inventory/broken/hostile_*.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from plugfest.bench.loopback_sshd import LoopbackSshd
from plugfest.evidence.folder import evidence_of
from plugfest.reporting.generator import Generator
from plugfest.sessions.pool import SessionPool
from plugfest.stimuli.tcpdump import command_line
from tests.safety.secret_lab import SecretLab, secret_lab

FLAG = "plugfest-was-here"
HOSTILE = f"""it$(touch {FLAG})`touch {FLAG}`'; touch {FLAG}; echo "x" '& b"""
SUITE = f'''
"""Every device answers."""
import pytest
from plugfest.devices.changes import Change
from plugfest.verdicts.verdict import Verdict, equal, verdict

HOSTILE = {HOSTILE!r}


def is_literal(text: str) -> Verdict:
    return verdict(HOSTILE, [equal(HOSTILE, HOSTILE, text)])


is_literal.__module__ = "plugfest.verdicts.literal"  # judged once, never replayed


@pytest.mark.parametrize("words", [HOSTILE])
def test_is_literal(host, words, pool, change, judge, evidence):
    evidence.attach(words, words, "text/plain")
    evidence.attach(f"{{words}}.pcap", b"packets", "application/vnd.tcpdump.pcap")
    change(Change(device=host, description=words, do=(("echo", words),), undo=(("echo", words),)))
    judge(is_literal, pool.session(host).run("echo", words).out.rstrip("\\n"))
    judge(is_literal, pool.session(host).run("cat", stdin=words).out)


def test_fails(host, pool, judge):
    judge(is_literal, "else")
'''
NAME = HOSTILE


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretLab]:
    """All names that the lab file and the command line may choose freely are hostile."""
    with secret_lab(tmp_path_factory.mktemp("lab"), hosts=("h1",), project=NAME) as lab:
        yaml = YAML(typ="safe")
        tree = yaml.load((lab.root / "lab.yaml").read_text())
        tree["description"] = HOSTILE
        for text in ("vendor", "model", "chip", "nos"):
            tree["devices"]["leaf1"][text] = HOSTILE
        tree["devices"]["h1"]["note"] = f"{HOSTILE}\n{HOSTILE}"
        with (lab.root / "lab.yaml").open("w") as file:
            yaml.dump(tree, file)
        lab.write(SUITE)
        yield lab


def flags(lab: SecretLab) -> list[Path]:
    """Files that a shell has made where it should not have."""
    places = (lab.root, lab.root.parent, Path.home(), Path.cwd())
    return [*lab.root.parent.rglob(FLAG), *(path for place in places if (path := place / FLAG).exists())]


@pytest.mark.parametrize("form", ["echo {}", "echo '{}'", 'echo "{}"'])
def test_these_texts_would_do_harm(form: str, tmp_path: Path) -> None:
    """Without quotes, in single and in double quotes: else the tests below would prove nothing."""
    subprocess.run(["sh", "-c", form.format(HOSTILE)], cwd=tmp_path, capture_output=True, check=False)
    assert (tmp_path / FLAG).exists()


def test_a_whole_night_with_hostile_texts(lab: SecretLab) -> None:
    html = json.dumps(Generator().installed)
    (lab.root / f"{NAME}.yaml").write_text(
        f"name: hostile\nlab: lab.yaml\ntime_budget: 1h\nretries: 0\nresults: {json.dumps(NAME)}\n"
        f"finish: {{html: {html}, junit: {json.dumps(f'{NAME}.xml')}}}\n"
    )
    done = lab.run("plugfest", "nightly", f"{NAME}.yaml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert flags(lab) == []
    evidence = evidence_of(lab.root / NAME / "latest")
    outcomes = {bundle.record.test.partition("::")[2].partition("[")[0]: bundle for bundle in evidence.bundles()}
    assert outcomes["test_is_literal"].record.outcome == "passed"
    assert outcomes["test_fails"].record.outcome == "failed"
    assert HOSTILE in (lab.root / f"{NAME}.xml").read_text().replace("&amp;", "&").replace("&quot;", '"').replace(
        "&gt;", ">"
    )
    said = [result.command for result in outcomes["test_is_literal"].transcript().results]
    assert any(FLAG in command for command in said)


def test_reports_show_hostile_texts_as_texts(lab: SecretLab) -> None:
    done = lab.run("plugfest", "matrix", "--html", "matrix.html")
    assert done.returncode == 0, done.stderr
    for arguments in (["report", "--html"], ["evidence", "show"], ["evidence", "verify"], ["replay"]):
        told = lab.run("plugfest", *arguments, str(lab.root / NAME / "latest"))
        assert "Traceback" not in told.stderr
    assert flags(lab) == []


def test_the_command_line_takes_hostile_options(lab: SecretLab) -> None:
    done = lab.run(
        "pytest", "testsuites", "--no-html", f"--report-dir={lab.root / f'{NAME} two'}",
        f"--report-url=https://lab.example/{NAME}", f"--junitxml={lab.root / f'{NAME}.junit.xml'}",
        f"--alluredir={lab.root / f'{NAME} allure'}", "-k", "test_fails",
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert (lab.root / f"{NAME}.junit.xml").is_file()
    assert any((lab.root / f"{NAME} allure").glob("*-result.json"))
    assert flags(lab) == []


def test_capture_filters_are_one_argument(tmp_path: Path) -> None:
    with LoopbackSshd(tmp_path) as server, SessionPool({"h1": server.endpoint("h1")}) as pool:
        argv = command_line("lo", str(tmp_path / "x.pcap"), 64, HOSTILE)
        result = pool.session("h1").run(*argv, check=False, timeout=20)
        assert not result.ok, "this is no filter"
        shown = pool.session("h1").run("printf", "%s\\n", *argv).out.splitlines()
        assert shown == list(argv)
    assert [path for place in (tmp_path, Path.home(), Path.cwd()) if (path := place / FLAG).exists()] == []
