"""Mails the summary of a night."""

import smtplib
import ssl
from email.message import EmailMessage

from plugfest.nightly.plan import Mail
from plugfest.nightly.summary import NightSummary
from plugfest.nightly.webhook import NotificationError, secret
from plugfest.sessions.redaction import redact

ANSWER_SECONDS = 30.0


def send(mail: Mail, summary: NightSummary) -> str:
    """Send the summary in plain words; returns who got it.  NotificationError if the server did not take it."""
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    message["Subject"] = f"[plugfest] {summary.headline}"
    message.set_content(summary.text())
    try:
        with _connected(mail) as server:
            if mail.user is not None:
                server.login(mail.user, secret(mail.password_env or ""))
            refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise NotificationError(f"mail server {mail.server}:{mail.port}: {redact(str(error))}") from None
    if refused:
        raise NotificationError(f"mail server {mail.server}:{mail.port}: refused {', '.join(refused)}")
    return f"mail to {', '.join(mail.to)}"


def _connected(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=mail.ca_file)
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.server, mail.port, timeout=ANSWER_SECONDS, context=context)
    server = smtplib.SMTP(mail.server, mail.port, timeout=ANSWER_SECONDS)
    if mail.security == "starttls":
        try:
            server.starttls(context=context)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server
