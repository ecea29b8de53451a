from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import carter
from carter.companies.models import Company, User
from carter.companies.tenancy import AnotherCompanysRow, CompanyOwned
from carter.customers.models import Note, Phone
from tests.builders import a_customer, a_lead

SAYS_IT_ALOUD = {
    "bench/floor.py",
    "bench/measuring.py",
    "billing/aging.py",
    "billing/applying.py",
    "billing/balances.py",
    "billing/bills.py",
    "billing/checking.py",
    "billing/currency.py",
    "billing/invoicing.py",
    "billing/ledger.py",
    "billing/models/charge.py",
    "billing/models/invoice.py",
    "billing/models/payment.py",
    "billing/taking_back.py",
    "commands/tick.py",
    "companies/inviting.py",
    "companies/models.py",
    "companies/staffing.py",
    "customers/field_log.py",
    "customers/labelling.py",
    "customers/mains.py",
    "customers/models/details.py",
    "customers/models/labels.py",
    "gateway/collecting.py",
    "gateway/events.py",
    "gateway/reconciling.py",
    "gateway/recording.py",
    "gateway/refunding.py",
    "gateway/retrying.py",
    "gateway/storing.py",
    "health/data.py",
    "jobs/bringing.py",
    "jobs/country.py",
    "jobs/linking.py",
    "jobs/models/job.py",
    "jobs/moves.py",
    "jobs/retiring.py",
    "matching/comparing.py",
    "matching/decided.py",
    "matching/find.py",
    "matching/keying.py",
    "matching/marking.py",
    "matching/models/shared.py",
    "matching/pairs.py",
    "matching/regrouping.py",
    "matching/sharing.py",
    "matching/standing.py",
    "matching/suspecting.py",
    "matching/whole_book.py",
    "merging/counting.py",
    "merging/giving.py",
    "merging/merge.py",
    "merging/planning.py",
    "merging/settling.py",
    "merging/split.py",
    "merging/split_undo.py",
    "merging/split_undo_planning.py",
    "merging/undo.py",
    "merging/undo_planning.py",
    "outbox/sending.py",
    "paperwork/keeping.py",
    "paperwork/links.py",
    "paperwork/printing.py",
    "recurring/billing.py",
    "recurring/checking.py",
    "recurring/ticking.py",
    "recurring/late_fees.py",
    "search/indexing.py",
    "storage/models/places.py",
    "storage/placing.py",
    "transfer/batches.py",
    "transfer/collecting.py",
    "transfer/exporting/customers.py",
    "transfer/known.py",
    "transfer/measuring.py",
    "transfer/since.py",
    "transfer/undoing.py",
    "transfer/working.py",
    "transfer/writing.py",
    "web/filters.py",
    "web/storage_filters.py",
    "web/forms/jobs.py",
    "web/forms/warehouses.py",
    "web/once.py",
    "web/open_invoices.py",
    "web/suspects.py",
    "web/undoable.py",
    "web/views/customers.py",
    "web/views/finding.py",
    "web/views/histories.py",
    "web/views/hooks.py",
}


def test_a_row_cannot_point_at_another_companys_row(ours, stranger):
    lead = a_lead(ours)
    lead.owner = stranger

    with pytest.raises(AnotherCompanysRow):
        lead.save()


def test_a_row_named_by_id_alone_is_guarded_too(ours, stranger):
    lead = a_lead(ours)
    lead.owner_id = stranger.pk

    with pytest.raises(AnotherCompanysRow):
        lead.save(update_fields=["owner"])


def test_a_row_cannot_change_its_company(ours, theirs):
    lead = a_lead(ours)
    lead.company = theirs

    with pytest.raises(AnotherCompanysRow):
        lead.save()


def test_writing_in_bulk_is_guarded_row_by_row(ours, theirs):
    bob, stranger = a_customer(ours), a_customer(theirs)
    rows = [
        Note(company=ours, customer_id=customer.pk, born_to_id=customer.pk, text="Hello")
        for customer in (bob, stranger)
    ]

    with pytest.raises(AnotherCompanysRow):
        Note.across_companies.bulk_create(rows)
    assert not ours.notes.exists()


def test_writing_in_bulk_works_for_rows_of_one_company(ours):
    bob = a_customer(ours)
    rows = [
        Phone(company=ours, customer=bob, born_to=bob, text=text) for text in ("5550142", "5550143")
    ]

    Phone.across_companies.bulk_create(rows)

    assert [phone.text for phone in bob.phones.order_by("id")] == ["5550142", "5550143"]


def test_every_model_of_ours_belongs_to_a_company():
    others = {model for model in our_models() if not issubclass(model, CompanyOwned)}

    assert others == {Company, User}


def test_no_company_owned_model_has_objects():
    owned = [model for model in our_models() if issubclass(model, CompanyOwned)]

    assert [model for model in owned if hasattr(model, "objects")] == []


def test_only_these_modules_look_across_companies():
    root = Path(carter.__file__).parent
    modules = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "across_companies." in path.read_text(encoding="utf-8")
    }

    assert modules == SAYS_IT_ALOUD


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("carter.")]
