"""What is printed: plain mappings that are kept as JSON, whole and for ever.

A document holds everything that is read on it, so that paper printed years later says the same.
Amounts are integer cents of the document's currency, days are ISO dates (`2026-11-22`), quantities
integer thousandths, rates integer millionths (8.81 % is 88,100).
"""

from typing import Literal, TypedDict


class Letterhead(TypedDict):
    """The moving company, as it stands at the top; the logo is given apart."""

    name: str
    address: list[str]
    """Lines."""
    phone: str
    email: str
    website: str
    tax_number: str
    footer: str
    country: str
    """Two letters; it decides the size of the paper and how days are written."""
    currency: str


class Party(TypedDict):
    """Who pays: a name and the lines of an address below it."""

    name: str
    lines: list[str]


class JobDone(TypedDict):
    """A job that is billed: its number, what it is, when it was and from where to where."""

    code: str
    what: str
    """In words, such as “Local move”; may be empty."""
    on: str | None
    route: str
    """“Denver → Boulder”; may be empty."""


class Line(TypedDict):
    """One charge. Its amount leaves out tax, which is added up below the lines."""

    words: str
    details: str
    """Smaller, below the words; may be empty."""
    job: str
    """The code of the job it belongs to; empty on account."""
    quantity_thousandths: int
    unit_price_cents: int
    amount_cents: int


class Tax(TypedDict):
    """The tax of all lines with one rate."""

    words: str
    rate_millionths: int
    amount_cents: int


class Applied(TypedDict):
    """A payment or credit applied to an invoice before it was printed."""

    on: str
    words: str
    amount_cents: int


class Invoice(TypedDict):
    """What is owed for one job or several. `total_cents` = lines + taxes."""

    letterhead: Letterhead
    number: str
    issued_on: str | None
    """Nothing: a draft, and the paper says so."""
    due_on: str | None
    terms: str
    purchase_order: str
    bill_to: Party
    jobs: list[JobDone]
    lines: list[Line]
    taxes: list[Tax]
    total_cents: int
    applied: list[Applied]
    open_cents: int
    notes: str
    pay_link: str
    """An address where it can be seen and paid; empty when there is none."""


class CreditNote(TypedDict):
    """What is owed no more. Amounts are positive, as people read them; `total_cents` likewise."""

    letterhead: Letterhead
    number: str
    issued_on: str | None
    invoice: str
    """The number of the invoice it counters; empty when it is a credit by itself."""
    bill_to: Party
    jobs: list[JobDone]
    lines: list[Line]
    taxes: list[Tax]
    total_cents: int
    reason: str


class Use(TypedDict):
    """What a part of a payment was for."""

    words: str
    """“Invoice INV-204” or “Deposit for job J-12”."""
    amount_cents: int


class Receipt(TypedDict):
    """Money that was received, or given back when `is_refund`. The uses add up to the total."""

    letterhead: Letterhead
    number: str
    received_on: str
    is_refund: bool
    method: str
    """“Check 1042”, “Card”, as people say it."""
    reference: str
    received_from: Party
    uses: list[Use]
    total_cents: int
    balance_cents: int | None
    """What the customer owes after it; nothing: not said."""
    notes: str


class Entry(TypedDict):
    """One line of a statement; charges are positive, payments and credits negative."""

    on: str
    words: str
    document: str
    """The number of an invoice, payment or job; may be empty."""
    amount_cents: int
    balance_cents: int
    """Owed after this line."""


class OpenItem(TypedDict):
    """An invoice on which something is still to be paid."""

    number: str
    issued_on: str
    due_on: str
    total_cents: int
    open_cents: int


class Aged(TypedDict):
    """What has been owed for so long."""

    words: str
    """“Current”, “1–30 days”."""
    amount_cents: int


class Statement(TypedDict):
    """What a customer owes, as of a day.

    `activity` and `balance-forward` begin with an opening balance to which the entries add up to
    the closing one; a balance forward may leave its entries out. `open-item` lists the invoices
    that are open, and below them what else the balance is made of.
    """

    letterhead: Letterhead
    kind: Literal["activity", "balance-forward", "open-item"]
    customer: Party
    customer_number: str
    begins_on: str | None
    ends_on: str
    opening_cents: int
    entries: list[Entry]
    open_items: list[OpenItem]
    others: list[Aged]
    """Not invoiced yet, deposits and credits not applied (negative), in words."""
    closing_cents: int
    aging: list[Aged]
    notes: str
    pay_link: str


class AgedCustomer(TypedDict):
    """What one customer owes, by the columns of the aging."""

    name: str
    number: str
    amounts_cents: list[int]


class Aging(TypedDict):
    """What all customers owe at the end of a day, by how long it has been due.

    `customers` are those who owe most; of the others stands how many they are, and their sums.
    """

    letterhead: Letterhead
    on: str
    columns: list[str]
    customers: list[AgedCustomer]
    left_out: int
    left_out_cents: list[int]
    totals_cents: list[int]
