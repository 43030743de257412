"""Logging in over an established, verified transport: key file, agent or password, and nothing else."""

import os
from typing import TYPE_CHECKING

from plugfest.errors import AuthenticationError
from plugfest.sessions import redaction
from plugfest.sessions.endpoint import Endpoint

if TYPE_CHECKING:
    from paramiko import PKey, Transport


def authenticate(transport: "Transport", endpoint: Endpoint) -> None:
    """Log in as the endpoint says.  Raises AuthenticationError naming device, user, method and what to check."""
    import paramiko

    try:
        if endpoint.password is not None:
            further = _with_password(transport, endpoint.user, endpoint.password.get_secret_value())
        else:
            further = _with_keys(transport, endpoint, _keys(endpoint))
    except paramiko.BadAuthenticationType as error:
        allowed = ", ".join(error.allowed_types)
        raise AuthenticationError(
            f"{endpoint}: the server does not allow {_method(endpoint)}, only {allowed}"
        ) from None
    except paramiko.AuthenticationException as error:
        if not transport.is_active() or "timeout" in str(error):
            raise  # no refusal: the connection broke or the server was silent
        raise AuthenticationError(
            f"{endpoint}: login refused with {_method(endpoint)}: {error}; check user name and credential"
        ) from None
    if further:
        raise AuthenticationError(f"{endpoint}: the server wants more than {_method(endpoint)}: {', '.join(further)}")


def _method(endpoint: Endpoint) -> str:
    if endpoint.key_file is not None:
        return f"key {endpoint.key_file}"
    return "the SSH agent's keys" if endpoint.agent else "password"


def _with_password(transport: "Transport", user: str, password: str) -> list[str]:
    redaction.remember(password)
    return transport.auth_password(user, password)


def _with_keys(transport: "Transport", endpoint: Endpoint, keys: "list[PKey]") -> list[str]:
    """Try the keys in order; the last refusal is the answer."""
    import paramiko

    for key in keys[:-1]:
        try:
            return transport.auth_publickey(endpoint.user, key)
        except paramiko.BadAuthenticationType:
            raise
        except paramiko.AuthenticationException:
            continue
    return transport.auth_publickey(endpoint.user, keys[-1])


def _keys(endpoint: Endpoint) -> "list[PKey]":
    return [_key_from_file(endpoint)] if endpoint.key_file is not None else _keys_from_agent(endpoint)


def _key_from_file(endpoint: Endpoint) -> "PKey":
    import paramiko
    from paramiko.pkey import UnknownKeyType

    file = endpoint.key_file
    assert file is not None
    try:
        return paramiko.PKey.from_path(file)
    except TypeError:  # how the library says that a passphrase is missing
        advice = "it has a passphrase; load it into an SSH agent and use `agent: true`"
    except OSError as error:
        advice = str(error.strerror)
    except (paramiko.SSHException, UnknownKeyType, ValueError):
        advice = "it is not a private key that we can read (Ed25519, ECDSA or RSA in PEM or OpenSSH format)"
    raise AuthenticationError(f"{endpoint}: cannot use key file {file}: {advice}")


def _keys_from_agent(endpoint: Endpoint) -> "list[PKey]":
    import paramiko

    socket_path = os.environ.get("SSH_AUTH_SOCK")
    if not socket_path:
        raise AuthenticationError(f"{endpoint}: no SSH agent: SSH_AUTH_SOCK is not set; start ssh-agent and ssh-add")
    keys: list[PKey] = list(paramiko.Agent().get_keys())
    if not keys:
        raise AuthenticationError(f"{endpoint}: the SSH agent at {socket_path} offers no keys; load one with ssh-add")
    return keys
