"""Talking to the mail server, step by step, so that it is known at each step what has left."""

import re
import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from carter.outbox.models import Letter

Proceed = Callable[[], bool]
PATIENCE_SECONDS = 60
"""For the last answer: servers first look through a letter (RFC 5321, 4.5.3.2)."""


class NotNow(Exception):
    """The letter has not left, and may be taken later."""


class ServerAway(NotNow):
    """Nothing can be sent to anybody now."""


class Refused(Exception):
    """The letter has not left, and trying it again unchanged is of no use."""


class MaybeSent(Exception):
    """The letter left, and the mail server did not say whether it took it."""


def hand_over(letter: Letter, *, before_it_leaves: Proceed) -> None:
    """Give the letter to the mail server.

    `before_it_leaves` is called when the server waits for the text, right before it goes out; when
    it answers no, somebody else has the letter and nothing is sent. Raises NotNow, Refused or
    MaybeSent.
    """
    connection = get_connection()
    mail = mail_of(letter)
    if isinstance(connection, EmailBackend):
        _by_smtp(connection, mail, before_it_leaves)
    elif before_it_leaves():
        _kept(connection, mail)


def mail_of(letter: Letter) -> EmailMultiAlternatives:
    """The letter as a mail: from the company, by way of the address that Carter may send from."""
    company = letter.company
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((company.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=letter.to,
        cc=letter.cc,
        reply_to=[company.email] if company.email else None,
        headers={"Message-ID": letter.message_id, "Date": format_datetime(letter.at)},
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    for each in letter.attachments.all():
        mail.attach(each.name, bytes(each.data), each.media_type)
    return mail


def _kept(connection: Any, mail: EmailMultiAlternatives) -> None:
    """Where mail is only kept (`CARTER_MAIL_URL` is not set) it is a file in a folder."""
    try:
        connection.send_messages([mail])
    except OSError as trouble:
        raise NotNow(f"The mail cannot be kept: {trouble.strerror}.") from trouble


def _by_smtp(connection: EmailBackend, mail: EmailMultiAlternatives, proceed: Proceed) -> None:
    server = _opened(connection)
    try:
        _address(server, mail)
        if proceed():
            _give(server, cast(Any, mail.message()).as_bytes(linesep="\r\n"))
            _part(server)
    finally:
        # Not goodbye: in the middle of a letter the server would read it as a part of the text.
        server.close()


def _opened(connection: EmailBackend) -> smtplib.SMTP:
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as trouble:
        raise ServerAway(
            "The mail server refuses Carter’s user name or password: look at CARTER_MAIL_URL."
        ) from trouble
    except (OSError, smtplib.SMTPException) as trouble:
        raise ServerAway(f"The mail server does not answer ({_words(trouble)}).") from trouble
    return cast(smtplib.SMTP, connection.connection)


def _address(server: smtplib.SMTP, mail: EmailMultiAlternatives) -> None:
    """Say from whom and to whom, up to where the server waits for the text.

    All addresses must be taken, so that a letter goes to all or to nobody.
    """
    try:
        server.ehlo_or_helo_if_needed()
        _judge(server.mail(_bare(mail.from_email)), "the sender")
        for each in mail.recipients():
            _judge(server.rcpt(_bare(each)), each)
        _judge(server.docmd("DATA"), "the letter")
    except (OSError, smtplib.SMTPException) as trouble:
        raise NotNow(f"The mail server hung up ({_words(trouble)}).") from trouble


def _give(server: smtplib.SMTP, text: bytes) -> None:
    """From here on the letter may have arrived, unless the server says that it did not take it."""
    stuffed = re.sub(rb"(?m)^\.", b"..", text)  # RFC 5321, 4.5.2
    try:
        cast(Any, server.sock).settimeout(PATIENCE_SECONDS)
        server.send(stuffed.removesuffix(b"\r\n") + b"\r\n.\r\n")
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as trouble:
        raise MaybeSent(_words(trouble)) from trouble
    _judge(answer, "the letter")


def _part(server: smtplib.SMTP) -> None:
    """The letter is taken; what becomes of the goodbye does not matter any more."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()


def _bare(address: str) -> str:
    return sanitize_address(parseaddr(address)[1], "utf-8")


def _judge(answer: tuple[int, bytes | str], what: str) -> None:
    """Nothing when the server agrees; 4xx is for later, 5xx for good (RFC 5321, 4.2.1)."""
    code, said = answer
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    words = " ".join(words.split())
    if 200 <= code < 400:
        return
    if 400 <= code < 500:
        raise NotNow(f"The mail server does not take {what} now ({code} {words}).")
    raise Refused(f"The mail server refuses {what} ({code} {words}).")


def _words(trouble: Exception) -> str:
    return " ".join(str(trouble).split()) or type(trouble).__name__
