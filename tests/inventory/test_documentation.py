"""The user guide's examples load, and it explains every key."""

import re
from pathlib import Path

from plugfest.inventory.explain import ROLES
from plugfest.inventory.loader import examine
from plugfest.inventory.models import Accelerators, Capability, Credential, Lab, Link, Nic, Port, Ssh

GUIDE = (Path(__file__).parents[2] / "docs" / "inventory.md").read_text(encoding="utf-8")


def test_yaml_examples_are_labs_without_mistakes() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(examples) == 1
    for text in examples:
        lab, problems = examine(text, Path.cwd())
        assert problems == [] and lab is not None


def test_every_key_is_explained() -> None:
    models = (*ROLES.values(), Accelerators, Credential, Lab, Nic, Port, Ssh)
    keys = {key for model in models for key in model.model_fields} | (set(Link.model_fields) - {"a", "b"}) | {"between"}
    words = {*keys, *ROLES, *Capability}
    prose = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
    code = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", prose))))
    assert words - code == set()


def test_the_quoted_message_is_what_the_harness_says() -> None:
    quoted = re.findall(r"```text\n(.*?)\n```", GUIDE, re.DOTALL)
    golden = (Path(__file__).parent / "broken" / "link_port_cabled_twice.txt").read_text(encoding="utf-8").strip()
    assert quoted == [golden.replace("link_port_cabled_twice.yaml", "lab.yaml")]
