"""What one chunk of rows comes to, collected before it is written."""

from collections import defaultdict
from typing import Any

from carter.companies.tenancy import AnotherCompanysRow, CompanyOwned
from carter.customers.mains import settle_mains
from carter.customers.models import Customer, Event
from carter.jobs.models import Job
from carter.transfer.bulk import Values, insert_many
from carter.transfer.details import DETAILS
from carter.transfer.models import ImportBatch

LONGEST_EVENT = 300


class Writing:
    """The rows to be written for one chunk, by model, in the order of their need.

    Rows whose keys nobody needs are kept as their values; see `insert_many`.
    """

    def __init__(self, batch: ImportBatch) -> None:
        self.batch, self.company = batch, batch.company
        self.by_id, self.at = batch.by_id, batch.stamp
        self.values: dict[type[CompanyOwned], list[Values]] = {}
        self.keyed: dict[type[CompanyOwned], list[Any]] = {}
        self.changed: list[Customer] = []
        self.unsettled: defaultdict[str, set[int]] = defaultdict(set)
        self.customers: dict[int, Customer] = {}
        self.jobs: dict[int, Job] = {}
        self.added: dict[int, dict[str, list[Any]]] = {}
        self.tags = {tag.name.casefold(): tag for tag in self.company.tags.all()}

    def add(self, model: type[CompanyOwned], values: Values) -> None:
        self.values.setdefault(model, []).append(values)

    def add_keyed(self, row: CompanyOwned) -> None:
        """Add a row whose key is needed by another row."""
        self.keyed.setdefault(type(row), []).append(row)

    def about(self, customer: Customer) -> dict[str, Any]:
        """What every row that follows a customer says of it."""
        if customer.company_id != self.company.pk:
            raise AnotherCompanysRow(f"{customer} is another company's customer.")
        return {
            "company_id": self.company.pk,
            "customer_id": customer.pk,
            "born_to_id": customer.pk,
        }

    def record(
        self, customer: Customer, what: str, *, job: Job | None = None, added: str = ""
    ) -> None:
        """One line of History, at the moment of the import."""
        line = {
            "what": f"{what} {self.batch.file_name}"[:LONGEST_EVENT],
            "changes": {"added": ["", added]} if added else {},
            "by_id": self.by_id,
            "at": self.at,
            "about_kind": "job" if job else "",
            "about_id": job.pk if job else None,
        }
        self.add(Event, self.about(customer) | line)

    def save(self) -> None:
        """Write everything. Charges stand before their entries, as they were collected."""
        for model, rows in self.keyed.items():
            model.across_companies.bulk_create(rows)
        for of, values in self.values.items():
            insert_many(of, values)
        for kind, customers in self.unsettled.items():
            settle_mains(customers, DETAILS[kind])
        if self.changed:
            ids = [customer.pk for customer in self.changed]
            Customer.across_companies.filter(pk__in=ids).update(keys_due=True, words_due=True)
