"""What a person said of a phone number or a mailbox that many customers share.

Matching draws its own conclusion from how many hold a number; a person who knows it has the last
word, and every comparison takes it from the book (scoring.Book.said).
"""

from enum import StrEnum


class Said(StrEnum):
    """Whose a shared number or mailbox is, as a person knows it.

    A desk's (a property manager, a relocation office) is worth what a crowd's is; a household's
    tells the family and not the person; junk is as good as blank; one customer's own counts in
    full, however many records hold it.
    """

    DESK = "desk"
    HOUSEHOLD = "household"
    JUNK = "junk"
    PERSONAL = "personal"


TELLING_MOST_FIRST = (Said.PERSONAL, None, Said.HOUSEHOLD, Said.DESK)
"""Of several shared values the one that tells most counts; None is one of which nobody spoke."""
