"""Mail that Carter writes to people, and what happens when it cannot be sent."""

from smtplib import SMTPException

import structlog
from django.core.mail import send_mail
from django.template.loader import render_to_string

from carter.companies.models import Invitation

log = structlog.get_logger(__name__)


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Send the link to who is invited; false when the mail server would not take it.

    Call it after the invitation is committed: a mail cannot be taken back.
    """
    text = render_to_string("invitations/email.txt", {"invitation": invitation, "link": link})
    try:
        send_mail(f"Join {invitation.company} in Carter", text, None, [invitation.email])
    except (OSError, SMTPException) as trouble:
        log.warning("mail not sent", mail="invitation", trouble=str(trouble))
        return False
    return True
