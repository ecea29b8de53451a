"""Every address of Carter's own, found by itself, and rows for what the addresses name."""

import itertools
from collections.abc import Iterator

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from carter.companies.models import Company

NOUNS = {
    "detail": "phone",
    "decision": "matchdecision",
    "import": "importbatch",
    "identifier": "sharedidentifier",
    "write": "fieldwrite",
    "storage_job": "storagejob",
    "linked_move": "linkedmove",
    "method": "storedmethod",
    "gateway_event": "gatewayevent",
    "recurring_invoice": "recurringinvoice",
    "price_change": "pricechange",
    "late_fee": "latefee",
    "tick_run": "tickrun",
}
WORDS = {"kind": "phones", "table": "customers", "form": "csv"}
"""What stands in an address for an argument that is a word."""

LISTS = {
    "jobs": ("?view=board",),
    "leads": ("?view=board",),
    "search": ("?q=mark", "?q=3035550142"),
    "lead_suggestions": ("?name=Smith&phone=3035550142",),
    "billing": ("?status=all",),
    "customer_statement": ("?kind=activity&since=1900-01-01",),
}
"""Questions with which an address shows more."""


def addresses_of_ours() -> list[URLPattern]:
    """Every pattern with a view of Carter's own, by name."""

    def walk(patterns) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif pattern.callback.__module__.startswith("carter."):
                yield pattern

    return sorted(walk(get_resolver().url_patterns), key=lambda pattern: pattern.name)


def ids_in(pattern: URLPattern) -> list[str]:
    """The arguments that name a row."""
    return [name for name in pattern.pattern.converters if name.endswith("_id")]


def rows_of(company: Company, argument: str, most: int) -> list[int]:
    """The keys of some rows of the company that an argument can name, the first and the last."""
    noun = argument.removesuffix("_id")
    models = {model._meta.model_name: model for model in apps.get_models()}
    rows = models[NOUNS.get(noun, noun)]._base_manager.filter(company=company)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    assert keys, f"the world has no {noun}: add one, so that its addresses are asked for"
    return keys[: most - 1] + keys[-1:] if len(keys) > most else keys


def a_row_of(company: Company, argument: str) -> int:
    """The key of one row of the company."""
    return rows_of(company, argument, most=2)[0]


def paths_of(pattern: URLPattern, *companies: Company, most: int = 1) -> list[str]:
    """The address with rows of the companies in it, in every mixture of them.

    With one company: with so many of its rows. Words in the address stand for themselves.
    """
    choices = [
        [key for company in companies for key in rows_of(company, name, most)]
        if name.endswith("_id")
        else [WORDS[name] if name in WORDS else secret_of(companies[0], pattern, name)]
        for name in pattern.pattern.converters
    ]
    return [
        reverse(pattern.name, kwargs=dict(zip(pattern.pattern.converters, chosen, strict=True)))
        for chosen in itertools.product(*choices)
    ]


def secret_of(company: Company, pattern: URLPattern, argument: str) -> str:
    """What opens a page to whoever has it: of an invoice, of paying one, of the gateway."""
    attempt = company.payment_attempts.filter(method=None).first()
    if argument == "attempt":
        return str(attempt.token)
    if pattern.name == "stripe_hook":
        return company.gateway_accounts.get().token
    return attempt.invoice.links.get(revoked_at=None).token


def pages_of(company: Company, most: int = 2) -> list[str]:
    """Every address, and the lists with questions that show more."""
    return [
        at + question
        for one in addresses_of_ours()
        for at in paths_of(one, company, most=most)
        for question in ("", *LISTS.get(one.name, ()))
    ]
