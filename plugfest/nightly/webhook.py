"""Posts the summary of a night as JSON; secrets stay out of logs, messages and redirections."""

import json
import os
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from plugfest.errors import PlugfestError
from plugfest.nightly.plan import Webhook
from plugfest.nightly.summary import NightSummary
from plugfest.sessions import redaction
from plugfest.sessions.deadline import Deadline

ANSWER_SECONDS = 15.0
PAUSE_SECONDS = 3.0
MAY_PASS = (408, 425, 429)
"""Refusals that may be over soon, like all those from 500 on (RFC 9110 15)."""


class NotificationError(PlugfestError):
    """Somebody could not be told; the results are complete."""


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """A redirected request would carry the secret header to another server."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def post(webhook: Webhook, summary: NightSummary) -> str:
    """Post `summary`; returns the receiver.  NotificationError if it did not accept within the webhook's patience."""
    request = _request(webhook, summary)
    receiver = urlsplit(request.full_url).netloc.rpartition("@")[2]
    opener = urllib.request.build_opener(_NoRedirection)
    deadline = Deadline(f"webhook {receiver}", webhook.patience)
    trouble = deadline.watch(lambda: _try_once(opener, request), lambda said: said != AGAIN, PAUSE_SECONDS)
    if trouble:
        raise NotificationError(f"webhook {receiver}: {redaction.redact(trouble)}")
    return f"webhook {receiver}"


AGAIN = "no answer, or one that asks to try again later"


def _try_once(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> str:
    """Empty if the receiver has accepted, `AGAIN` if it may later, else why it never will."""
    try:
        with opener.open(request, timeout=ANSWER_SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        error.close()
        return AGAIN if error.code >= 500 or error.code in MAY_PASS else f"refused with status {error.code}"
    except (OSError, HTTPException):
        return AGAIN


def _request(webhook: Webhook, summary: NightSummary) -> urllib.request.Request:
    url = str(webhook.url) if webhook.url else secret(webhook.url_env or "")
    if urlsplit(url).scheme not in ("http", "https"):
        raise NotificationError(f"environment variable {webhook.url_env}: expected an address with http:// or https://")
    body = summary.model_dump(mode="json") | {"headline": summary.headline, "text": summary.text()}
    request = urllib.request.Request(url, data=_json(body), method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("User-Agent", "plugfest")
    if webhook.header:
        request.add_unredirected_header(webhook.header.name, secret(webhook.header.env))
    return request


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def secret(variable: str) -> str:
    """A secret from the environment, masked from now on wherever it turns up."""
    value = os.environ.get(variable, "")
    if not value:
        raise NotificationError(f"environment variable {variable} is not set; export it")
    if not (value.isascii() and value.isprintable()):
        raise NotificationError(f"environment variable {variable}: expected one line of plain letters")
    redaction.remember(value)
    return value
