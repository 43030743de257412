"""The plan of a night: what is tested, in which order, for how long, and who is told."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, HttpUrl, model_validator

from plugfest.inventory.fields import NAME_PATTERN, VARIABLE_PATTERN, Text
from plugfest.quality.document import read_rules
from plugfest.records import Record
from plugfest.retention.policy import RetentionPolicy

SUITE_PATTERN = r"^testsuites(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*(::[A-Za-z0-9_]+){0,2}$"
MAIL_PATTERN = r"^[^@\s<>,;]+@[A-Za-z0-9.-]+$"
_DURATION = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?")


def _seconds(text: object) -> float:
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    seconds = (
        sum(int(part or 0) * unit for part, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else 0
    )
    if not seconds:
        raise ValueError(f"expected a duration such as 6h, 90m or 6h30m, found {text!r}")
    return float(seconds)


Duration = Annotated[float, BeforeValidator(_seconds)]
"""Seconds; written as ``6h30m``."""
Suite = Annotated[str, Field(pattern=SUITE_PATTERN)]
"""Folder, file or test below ``testsuites``."""
Variable = Annotated[str, Field(pattern=VARIABLE_PATTERN)]
"""Name of an environment variable that holds a secret."""
MailAddress = Annotated[str, Field(pattern=MAIL_PATTERN)]


class SecretHeader(Record):
    """A header whose value is a secret."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,62}$")] = "Authorization"
    env: Variable
    """Environment variable with the whole value, such as ``Bearer …``."""


class Webhook(Record):
    """Where the summary is posted as JSON; exactly one of `url` and `url_env`."""

    url: HttpUrl | None = None
    url_env: Variable | None = None
    """For receivers whose address is itself a secret."""
    header: SecretHeader | None = None
    patience: Duration = 60.0
    """How long to try; a receiver that is down may come back."""

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("expected exactly one of url and url_env")
        return self


class Mail(Record):
    """A mail server and who gets the summary."""

    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9:][A-Za-z0-9.:-]{0,253}$")]
    port: Annotated[int, Field(ge=1, le=65_535)] = 25
    security: Literal["none", "starttls", "tls"] = "starttls"
    ca_file: Text | None = None
    """Certificates that vouch for the server, if it is not one that this machine trusts."""
    user: Text | None = None
    password_env: Variable | None = None
    sender: MailAddress
    to: Annotated[tuple[MailAddress, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _login_is_whole_and_safe(self) -> Self:
        if (self.user is None) != (self.password_env is None):
            raise ValueError("expected user and password_env together, or neither")
        if self.user is not None and self.security == "none":
            raise ValueError("expected security starttls or tls with a password – it would travel in clear")
        return self


class Finish(Record):
    """What happens when all tests have ended."""

    html: bool = True
    """Build the HTML report of the night."""
    junit: Text | None = None
    """A further place for the JUnit file."""
    webhooks: tuple[Webhook, ...] = ()
    mail: Mail | None = None


class NightPlan(Record):
    """A plan file.  Paths are relative to the project's folder, where the command runs."""

    version: Literal[1] = 1
    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    lab: Text = "embedded"
    """Name under ``lab_inventory`` or path of a lab file."""
    gate: tuple[Suite, ...] = ()
    """Suites that run first; what they find wrong closes the rest of that cell."""
    suites: Annotated[tuple[Suite, ...], Field(min_length=1)] = ("testsuites",)
    cells: tuple[Text, ...] = ()
    """Patterns with ``*`` and ``?`` over cells; empty: all.  Tests of the whole lab always run."""
    time_budget: Duration
    """When it is used up, no further test begins."""
    overrun: Duration = 600.0
    """How long the last test may then take to end by itself."""
    retries: Annotated[int, Field(ge=0, le=5)] = 1
    """How often a test that went wrong is repeated; if it then passes it is flaky, never passed."""
    known_issues: Text | None = None
    quality_gate: Text | None = None
    """Default: ``reports/quality_gate.yaml`` if it exists."""
    results: Text = "reports/out"
    """Folder of all nights."""
    url: HttpUrl | None = None
    """Where that folder is served, for links in reports and messages."""
    finish: Finish = Finish()
    retention: RetentionPolicy | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """What pytest is to collect: gate and suites, nothing twice."""
        wanted = dict.fromkeys((*self.gate, *self.suites))
        return tuple(each for each in wanted if not any(within(each, (other,)) for other in wanted if other != each))


def within(test: str, suites: tuple[str, ...]) -> bool:
    """True if a test, file or folder lies in one of `suites`."""
    return any(test == suite or test.startswith((f"{suite}/", f"{suite}::", f"{suite}[")) for suite in suites)


def read_plan(file: Path) -> NightPlan:
    """The plan in `file`; RulesError with file and line of every mistake."""
    return read_rules(file, NightPlan)
