"""Invoices on screen: drafted, issued, sent, credited, void, and seen by their link."""

from hashlib import sha256

import pytest
from django.test import Client

from carter.billing.balances import balance_of
from carter.companies.rights import Role
from carter.outbox.models import Letter
from carter.web.views import public_invoices
from tests.builders import a_charge, a_customer, a_job, a_member, a_payment, an_invoice
from tests.web.money import address, letter_to, status_of


@pytest.fixture
def ann(ours, ada):
    return a_customer(ours, "Ann Lee", email="ann@example.com", street="1 Elm St", by=ada)


@pytest.fixture
def jobs(ann, ada):
    return [a_job(ann, by=ada), a_job(ann, by=ada)]


@pytest.fixture
def desk(ours, client_of):
    return client_of(a_member(ours, Role.BILLING, name="Ruth Billing"))


def said(*charges, **fields):
    usual = {"terms": "net-15", "bill_to": "Ann Lee\n1 Elm St", "once": "one"}
    return {"charges": [charge.pk for charge in charges], **usual, **fields}


@pytest.fixture
def draft(ann, jobs, ours, desk):
    desk.post(address("invoice_new", ann), said(a_charge(jobs[0])))
    return ours.invoices.get()


def test_the_charges_of_the_job_are_ticked(ann, jobs, desk):
    charges = [a_charge(job) for job in jobs]

    of_job = desk.get(address("invoice_new", ann, job=jobs[0].pk)).context
    of_all = desk.get(address("invoice_new", ann)).context

    assert of_job["ticked"].ticked == {charges[0].pk}
    assert of_all["ticked"].ticked == {charge.pk for charge in charges}
    assert of_all["form"]["bill_to"].value() == "Ann Lee\n1 Elm St, Denver, CO 80202"


def test_several_jobs_go_on_one_invoice(ann, jobs, ours, desk):
    charges = [a_charge(job) for job in jobs]

    for _ in range(5):
        answer = desk.post(address("invoice_new", ann), said(*charges, purchase_order="PO 7"))

    draft = ours.invoices.get()
    assert answer["Location"] == address("invoice", draft)
    assert [line.charge for line in draft.lines.order_by("position")] == charges
    assert (draft.job, draft.terms, draft.purchase_order) == (None, "net-15", "PO 7")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"charges": []}, "Tick what the invoice is for."),
        ({"charges": ["999999"]}, "A charge is on another invoice by now. Look again."),
        ({"charges": ["x"]}, "A charge is on another invoice by now. Look again."),
        ({"bill_to": ""}, "Write who the invoice is for."),
        ({"terms": "never"}, "Select a valid choice."),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(typed, words, ann, jobs, ours, desk):
    charge = a_charge(jobs[0])

    answer = desk.post(address("invoice_new", ann), said(charge, notes="Kept 77") | typed)

    text = answer.content.decode()
    assert (answer.status_code, words in text, "Kept 77" in text) == (422, True, True)
    assert not ours.invoices.exists()


def test_a_draft_is_changed_until_it_is_issued(draft, jobs, ours, desk):
    more = a_charge(jobs[1])
    was = {"was-bill_to": draft.bill_to, "was-terms": draft.terms}
    first = draft.lines.get().charge

    desk.post(address("invoice_edit", draft), said(first, more, notes="Thanks", **was))
    desk.post(address("invoice_issue", draft), {"on": str(ours.today)})

    issued = draft.refreshed()
    assert (issued.notes, issued.total_cents, issued.number) == ("Thanks", 20_000, 1)
    assert desk.get(address("invoice_edit", draft))["Location"] == address("invoice", draft)


def test_two_clerks_who_change_one_field_of_a_draft_are_both_told(draft, desk):
    first = draft.lines.get().charge
    was = {"was-bill_to": draft.bill_to, "was-terms": draft.terms, "was-notes": ""}
    desk.post(address("invoice_edit", draft), said(first, notes="Mine", **was))

    answer = desk.post(address("invoice_edit", draft), said(first, notes="Ours", **was))

    assert (answer.status_code, draft.refreshed().notes) == (422, "Mine")
    assert "Somebody else changed this to “Mine”" in answer.content.decode()


def test_a_draft_is_discarded_and_its_charges_are_free_again(draft, ann, desk):
    assert desk.get(address("invoice_discard", draft)).status_code == 200

    desk.post(address("invoice_discard", draft))

    assert ann.charges.uninvoiced().count() == 1
    assert desk.get(address("invoice", draft)).status_code == 404


def test_issuing_five_times_takes_one_number_and_prints_once(draft, ours, desk):
    for _ in range(5):
        desk.post(address("invoice_issue", draft), {"on": str(ours.today), "once": "one"})

    paper = ours.papers.get()
    shown = desk.get(address("invoice_paper", draft))
    assert ours.series.get(name="invoice").last == 1
    assert (shown.content, paper.sha256) == (bytes(paper.pdf), sha256(shown.content).hexdigest())


def test_the_printed_invoice_stays_when_the_company_moves(draft, ours, desk):
    desk.post(address("invoice_issue", draft), {"on": str(ours.today)})
    before = desk.get(address("invoice_paper", draft)).content

    ours.address = "Another Street 9"
    ours.save()

    assert desk.get(address("invoice_paper", draft)).content == before


def test_a_date_in_the_future_issues_nothing(draft, desk):
    answer = desk.post(address("invoice_issue", draft), {"on": "2999-01-01"})

    assert (answer.status_code, draft.refreshed().number) == (422, None)
    assert "The date is in the future." in answer.content.decode()


def test_an_invoice_is_sent_with_its_pdf_as_often_as_asked(jobs, ours, desk):
    invoice = an_invoice([a_charge(jobs[0])])
    offered = desk.get(address("invoice_letter", invoice)).context["form"]
    assert offered["to"].value() == "ann@example.com"
    assert f"/i/{invoice.links.get().token}/" in offered["text"].value()

    for once in ("one", "one", "two"):
        sent = letter_to("ann@example.com", "bob@example.com") | {"once": once}
        desk.post(address("invoice_letter", invoice), sent)

    letters = Letter.across_companies.filter(company=ours).order_by("id")
    assert [letter.to for letter in letters] == [["ann@example.com", "bob@example.com"]] * 2
    assert bytes(letters[0].attachments.get().data) == bytes(ours.papers.get().pdf)
    page = desk.get(address("invoice", invoice)).content.decode()
    assert ("Send Again" in page, page.count("Waiting")) == (True, 2)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"to": ""}, "Write to whom it goes."),
        ({"to": "ann at home"}, "“ann” is not an email address."),
        ({"cc": "x@"}, "“x@” is not an email address."),
        ({"subject": ""}, "Write a subject."),
    ],
)
def test_a_letter_to_nobody_is_not_sent(typed, words, jobs, ours, desk):
    invoice = an_invoice([a_charge(jobs[0])])

    answer = desk.post(address("invoice_letter", invoice), letter_to("ann@example.com") | typed)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not ours.letters.exists()


def test_a_letter_that_waits_says_what_troubles_it(jobs, ours, desk):
    invoice = an_invoice([a_charge(jobs[0])])
    desk.post(address("invoice_letter", invoice), letter_to("ann@example.com"))
    ours.letters.update(trouble="The mail server does not answer.")

    page = desk.get(address("invoice", invoice)).content.decode()

    assert "The mail server does not answer." in page
    assert "Tried again" in page


def test_a_void_invoice_says_why_and_frees_its_charges(ann, jobs, desk):
    invoice = an_invoice([a_charge(jobs[0])])
    payment = a_payment(jobs[0], 4_000)

    while_paid = desk.post(address("invoice_void", invoice), {"reason": "Wrong address"})
    desk.post(address("payment_off", payment, invoice))
    desk.post(address("invoice_void", invoice), {"reason": "Wrong address"})

    assert "$40.00 is applied to Invoice INV-1. Take it off the invoice first." in (
        while_paid.content.decode()
    )
    assert (status_of(invoice), ann.charges.uninvoiced().count()) == ("Void", 1)
    assert "Wrong address" in desk.get(address("invoice", invoice)).content.decode()
    assert desk.get(address("invoice_letter", invoice)).status_code == 302


def test_a_credit_note_lowers_the_invoice_and_is_printed(ann, jobs, ours, desk):
    invoice = an_invoice([a_charge(jobs[0])])
    typed = {"reason": "Late crew", "on": str(ours.today)}

    too_much = desk.post(address("credit_note_new", invoice), typed | {"amount": "100.01"})
    done = desk.post(address("credit_note_new", invoice), typed | {"amount": "30"})

    note = ours.payments.get()
    assert "At most $100.00 of Invoice INV-1 can still be credited." in too_much.content.decode()
    assert (done["Location"], note.code) == (address("payment", note), "CN-1")
    assert (status_of(invoice), balance_of(ann)) == ("Partly paid", 7_000)
    assert desk.get(address("payment_paper", note)).content.startswith(b"%PDF")


def test_the_customers_tab_lists_drafts_and_what_is_not_invoiced(draft, ann, jobs, desk):
    issued = an_invoice([a_charge(jobs[0])])
    left = a_charge(jobs[1])

    shown = desk.get(address("customer_invoices", ann)).context

    assert list(shown["drafts"]) == [draft]
    assert shown["page"].rows == [issued]
    assert list(shown["uninvoiced"]) == [left]


@pytest.fixture
def link(jobs, desk):
    """The link of an issued and printed invoice of which $60 are open, and the invoice."""
    invoice = an_invoice([a_charge(jobs[0])])
    desk.get(address("invoice_paper", invoice))
    a_payment(jobs[0], 4_000)
    return f"/i/{invoice.links.get().token}/", invoice


def test_whoever_has_the_link_sees_the_invoice_and_whom_to_call(link, ours, ann):
    where, _ = link
    ours.phone = "(303) 555-0100"
    ours.save()

    page = Client().get(where)

    text = page.content.decode()
    assert "$60.00 is to be paid by" in text
    assert "call Ada’s Movers at" in text
    assert [
        word for word in ("Search Jobs", "Sign out", ann.code, "/customers/") if word in text
    ] == []
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert Client().get(f"{where}invoice.pdf").content.startswith(b"%PDF")


def test_a_revoked_link_opens_nothing_until_there_is_a_new_one(link, desk):
    where, invoice = link

    desk.post(address("invoice_link", invoice), {"revoke": "1"})
    assert Client().get(where).status_code == 404
    assert Client().get(f"{where}invoice.pdf").status_code == 404
    desk.get(address("invoice_letter", invoice))
    assert invoice.links.count() == 1
    desk.post(address("invoice_link", invoice))

    fresh = invoice.links.get(revoked_at=None).token
    assert Client().get(where).status_code == 404
    assert Client().get(f"/i/{fresh}/").status_code == 200


def test_a_link_is_asked_for_so_often_a_minute(link, monkeypatch, time_machine):
    where, _ = link
    time_machine.move_to("2026-11-22T10:00:01Z", tick=False)
    stranger = Client(REMOTE_ADDR="203.0.113.9")

    answers = [stranger.get(where).status_code for _ in range(public_invoices.A_MINUTE + 1)]

    assert answers == [200] * public_invoices.A_MINUTE + [429]
    assert Client(REMOTE_ADDR="203.0.113.10").get(where).status_code == 200
    time_machine.move_to("2026-11-22T10:01:01Z", tick=False)
    assert stranger.get(where).status_code == 200


def test_who_only_sees_money_finds_the_paper_and_no_deed(jobs, ours, client_of):
    invoice = an_invoice([a_charge(jobs[0])])
    reader = client_of(a_member(ours, Role.READ_ONLY))

    page = reader.get(address("invoice", invoice)).content.decode()

    assert [
        word for word in ("Take Payment", "Void", "Credit Note", "Revoke") if word in page
    ] == []
    assert reader.get(address("invoice_paper", invoice)).status_code == 200
    assert reader.post(address("invoice_void", invoice), {"reason": "x"}).status_code == 403
    assert status_of(invoice) == "Open"


def test_sales_may_issue_and_send_but_not_void(jobs, ours, client_of):
    invoice = an_invoice([a_charge(jobs[0])])
    sam = client_of(a_member(ours, Role.SALES))

    page = sam.get(address("invoice", invoice)).content.decode()
    answer = sam.post(address("invoice_void", invoice), {"reason": "x"})

    assert [word for word in ("Send", "Void", "Credit Note") if word in page] == ["Send"]
    assert answer.status_code == 403
    assert "may not refund, credit or void" in answer.content.decode()
    assert status_of(invoice) == "Open"
