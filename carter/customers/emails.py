"""E-mail addresses as people type them, and the mailbox behind them."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST_FIELD = 400
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"|]+@[^\s@<>()\[\],;:\"|/\\?#]+")

GMAIL = "gmail.com"
MISSPELLINGS = {
    GMAIL: "googlemail.com gmial.com gmai.com gmal.com gamil.com gnail.com gmaill.com gmil.com "
    "gmail.co gmail.con gmail.cm gmail.om gmail.comm ggmail.com gmail.vom",
    "yahoo.com": "yaho.com yahooo.com yahoo.co yahoo.con yahoo.cm yhoo.com yhaoo.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotmail.co hotmail.con "
    "hotmaill.com",
    "outlook.com": "outlok.com outloo.com outlook.co outlook.con",
    "icloud.com": "iclod.com icloud.co icloud.con iclould.com",
    "aol.com": "aol.co aol.con ao.com",
    "comcast.net": "comcast.com comcast.ent",
}
RIGHT_DOMAINS = {wrong: right for right, all_ in MISSPELLINGS.items() for wrong in all_.split()}

ANYBODYS = """
    gmail.com yahoo.com ymail.com rocketmail.com hotmail.com outlook.com live.com msn.com
    icloud.com me.com mac.com aol.com aim.com mail.com email.com gmx.com gmx.net gmx.de web.de
    protonmail.com proton.me pm.me zoho.com yandex.com fastmail.com hey.com tutanota.com qq.com
    163.com 126.com naver.com comcast.net xfinity.com att.net sbcglobal.net bellsouth.net
    pacbell.net ameritech.net verizon.net cox.net charter.net spectrum.net rr.com twc.com
    earthlink.net mindspring.com juno.com netzero.net optonline.net optimum.net frontier.com
    frontiernet.net windstream.net centurylink.net centurytel.net q.com embarqmail.com
    cableone.net suddenlink.net roadrunner.com prodigy.net usa.net excite.com lycos.com
    rogers.com shaw.ca telus.net bell.net sympatico.ca videotron.ca yahoo.ca hotmail.ca
    yahoo.co.uk hotmail.co.uk live.co.uk btinternet.com sky.com virginmedia.com talktalk.net
    yahoo.fr hotmail.fr orange.fr free.fr wanadoo.fr laposte.net sfr.fr t-online.de yahoo.de
    hotmail.de libero.it yahoo.it hotmail.it yahoo.es hotmail.es yahoo.com.mx hotmail.com.mx
    yahoo.com.br hotmail.com.br uol.com.br bigpond.com optusnet.com.au yahoo.com.au
    example.com example.net example.org
"""
FREE_MAIL = frozenset(ANYBODYS.split())

PLACEHOLDERS = """
    na none no noemail nomail noaddress nothing nobody null nil unknown unavailable notprovided
    notavailable noone nope refused declined test testing tester asdf asd abc xxx email mail
    example user fake customer client tbd 123 1234
"""
NOBODY = frozenset(PLACEHOLDERS.split())
NEVER_ANSWERS = frozenset({"noreply", "donotreply", "noemail", "notprovided", "mailerdaemon"})
NOWHERE = frozenset({"none", "noemail", "nomail", "na", "no", "test", "fake", "unknown", "asdf"})


def email_key(text: str) -> str:
    """The first real mailbox in `text`, in small letters, plus tag and Gmail's dots folded.

    Empty when there is no address or only a placeholder such as none@none.com.
    """
    return next(iter(email_keys(text)), "")


def email_keys(text: str) -> list[str]:
    """Every real mailbox of a field, each once, in the order typed."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_FIELD]).lower()
    keys = (_mailbox(address) for address in ADDRESS.findall(plain))
    return list(dict.fromkeys(key for key in keys if key))


def email_parts(key: str) -> tuple[str, str]:
    """The user and the domain of a mailbox: ("bob", "acme.com")."""
    user, _, domain = key.rpartition("@")
    return user, domain


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have a mailbox there, so that sharing the domain says nothing."""
    return domain in FREE_MAIL


def is_plausible(text: str) -> bool:
    """Whether a form should take this as one e-mail address. Nothing is asked of the network."""
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _mailbox(address: str) -> str:
    user, _, domain = address.rpartition("@")
    user, domain = _trimmed(user).split("+")[0], _trimmed(domain)
    domain = RIGHT_DOMAINS.get(domain, domain)
    if domain == GMAIL:
        user = user.replace(".", "")
    user = _trimmed(user)
    if not user or "." not in domain or _is_nobody(user, domain):
        return ""
    return f"{user}@{domain}"


def _trimmed(part: str) -> str:
    """Without the dots, quotes and dashes that typing and pasting leave at the ends."""
    return part.strip(".'`’‘*!=")


def _is_nobody(user: str, domain: str) -> bool:
    word, place = re.sub(r"[^\w]|_", "", user), domain.partition(".")[0].replace("-", "")
    if word in NEVER_ANSWERS or place in NOWHERE:
        return True
    return word in NOBODY and (domain in FREE_MAIL or place in {word, "example"})
