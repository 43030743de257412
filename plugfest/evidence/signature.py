"""Signs a manifest with an SSH key, as OpenSSH does it: everybody in a lab has one, and any machine can check it."""

import subprocess
from pathlib import Path

from plugfest.errors import MissingToolError, UsageError
from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.manifest import MANIFEST, SIGNATURE

NAMESPACE = "plugfest-evidence"
"""Keeps a signature under evidence from being valid for anything else (ssh-keygen(1), -n)."""


def sign(evidence: EvidenceFolder, key: Path) -> Path:
    """Sign the manifest with a private key or the public half of one that an SSH agent holds; the signature's file."""
    signature = evidence.path / SIGNATURE
    signature.unlink(missing_ok=True)
    answer = _ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(evidence.path / MANIFEST))
    if answer.returncode:
        raise UsageError(f"{key}: ssh-keygen could not sign: {answer.stderr.decode().strip()}")
    return signature


def signer_of(evidence: EvidenceFolder, signers: Path) -> str:
    """Who signed the manifest, by a file of allowed signers (ssh-keygen(1)); UsageError if none of them did."""
    signature = evidence.path / SIGNATURE
    if not signature.is_file():
        raise UsageError(f"{evidence.path}: not signed – `plugfest evidence seal --key KEY` signs it")
    arguments = ("-n", NAMESPACE, "-f", str(signers), "-s", str(signature))
    found = _ssh_keygen("-Y", "find-principals", "-f", str(signers), "-s", str(signature))
    principal = found.stdout.decode().strip().partition("\n")[0]
    content = (evidence.path / MANIFEST).read_bytes()
    if not principal or _ssh_keygen("-Y", "verify", "-I", principal, *arguments, stdin=content).returncode:
        raise UsageError(f"{signature}: no valid signature by anyone in {signers}")
    return principal


def _ssh_keygen(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *arguments], input=stdin, capture_output=True, timeout=30, check=False)
    except FileNotFoundError:
        raise MissingToolError("ssh-keygen is missing – apt install openssh-client") from None
