"""From the reference in the lab file to the login: key file, agent, or a password from environment or command."""

import os
import subprocess
from pathlib import Path

from pydantic import SecretStr

from plugfest.errors import AuthenticationError
from plugfest.inventory.models import Credential
from plugfest.sessions import redaction

COMMAND_SECONDS = 60.0
"""Time a password command may take; it may ask a person to unlock a key ring."""


def resolve(name: str, credential: Credential, folder: Path) -> dict[str, object]:
    """The login fields of an Endpoint (user and one of key_file, password, agent) for the credential called `name`.

    `folder` is where relative key files are.  Raises AuthenticationError if a reference gives nothing.
    """
    login: dict[str, object] = {"user": credential.user}
    if credential.key_file is not None:
        return {**login, "key_file": folder / Path(os.path.expandvars(credential.key_file)).expanduser()}
    if credential.agent:
        return {**login, "agent": True}
    password = _from_command(name, credential) if credential.password_command else _from_environment(name, credential)
    redaction.remember(password)
    return {**login, "password": SecretStr(password)}


def _from_environment(name: str, credential: Credential) -> str:
    variable = credential.password_env or ""
    password = os.environ.get(variable, "")
    if not password:
        raise AuthenticationError(f"credential {name}: environment variable {variable} is not set; export it")
    return password


def _from_command(name: str, credential: Credential) -> str:
    """First line that the command prints; the command gets no shell and its output is never shown."""
    argv = list(credential.password_command or ())
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = f"did not end within {COMMAND_SECONDS:g} s" if isinstance(error, subprocess.TimeoutExpired) else error
        raise AuthenticationError(f"credential {name}: password command {argv[:1]} failed: {reason}") from None
    password = done.stdout.partition("\n")[0]
    if done.returncode or not password:
        raise AuthenticationError(
            f"credential {name}: password command {argv[:1]} gave no password "
            f"(exit status {done.returncode}); run it by hand to see why"
        )
    return password
