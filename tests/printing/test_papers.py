import os
import time
from collections import Counter
from random import Random

import pytest

from carter.companies.money import money
from carter.printing.aging import aging_pdf
from carter.printing.papers import credit_note_pdf, invoice_pdf, receipt_pdf
from carter.printing.statements import statement_pdf
from tests.printing.documents import (
    LETTERHEAD,
    PARTY,
    a_credit_note,
    a_line,
    a_random_invoice,
    a_receipt,
    a_statement,
    an_aging,
    an_invoice,
)
from tests.printing.reading import amounts_on, opened, text_of

SIZE = int(os.environ.get("CARTER_TEST_PAPERS", "20"))
LETTER, A4 = (612, 792), (595, 842)


def amounts_in(invoice):
    """Every amount that its paper must show; what is due stands on it twice."""
    cents = [
        *(line[key] for line in invoice["lines"] for key in ("unit_price_cents", "amount_cents")),
        *(-each["amount_cents"] for each in invoice["applied"]),
        *(tax["amount_cents"] for tax in invoice["taxes"]),
        invoice["total_cents"],
        invoice["open_cents"],
        invoice["open_cents"],
    ]
    if invoice["taxes"]:
        cents.append(sum(line["amount_cents"] for line in invoice["lines"]))
    return Counter(money(each, invoice["letterhead"]["currency"]) for each in cents)


@pytest.mark.parametrize("seed", range(SIZE))
def test_every_figure_on_an_invoice_is_the_documents(seed):
    invoice = a_random_invoice(Random(seed))

    assert amounts_on(invoice_pdf(invoice)) == amounts_in(invoice)


def test_a_figure_that_differs_by_a_cent_is_noticed():
    invoice = a_random_invoice(Random(1))
    paper = invoice_pdf(invoice | {"open_cents": invoice["open_cents"] + 1})

    assert amounts_on(paper) != amounts_in(invoice)


def test_an_invoice_says_who_pays_what_for_and_until_when():
    said = text_of(invoice_pdf(an_invoice(purchase_order="PO-7", notes="Ring twice.\nThank you.")))

    assert said == (
        "Maple & Sons Moving 1200 Harvest Road, Unit 4 Denver, CO 80205 "
        "(303) 555-0100 · office@maple.example maple.example Tax number 84-1234567 "
        "Invoice INV-204 Bill to Grace Hopper 88 Larimer Street Denver, CO 80202 "
        "Date Nov 22, 2026 Terms Net 30 Due Dec 22, 2026 Purchase order PO-7 "
        "Amount due $1,228.50 "
        "Job Date Move J-12 Nov 20, 2026 Denver → Boulder Local move "
        "Description Quantity Price Amount Labour 6.5 $189.00 $1,228.50 "
        "Total $1,228.50 Amount due $1,228.50 Notes Ring twice. Thank you. "
        "US DOT 1234567 Page 1 of 1"
    )


def test_a_draft_says_that_it_is_one():
    assert "Draft invoice" in text_of(invoice_pdf(an_invoice(issued_on=None, number="")))


def test_a_normal_invoice_is_one_page_and_a_long_one_repeats_its_heads():
    normal = opened(invoice_pdf(an_invoice([a_line()] * 10, notes="Thank you.")))
    long = opened(invoice_pdf(an_invoice([a_line()] * 120))).pages

    assert (len(normal.pages), len(long)) == (1, 4)
    for number, page in enumerate(long[:-1], start=1):
        said = page.extract_text()
        assert ("Description" in said, f"Page {number} of 4" in said) == (True, True)


@pytest.mark.parametrize(("country", "size"), [("US", LETTER), ("CA", LETTER), ("GB", A4)])
def test_the_paper_is_the_countrys(country, size):
    page = opened(invoice_pdf(an_invoice(letterhead=LETTERHEAD | {"country": country}))).pages[0]

    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_paper_can_be_read_aloud():
    pdf = opened(invoice_pdf(an_invoice()))
    root = pdf.trailer["/Root"]

    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert pdf.metadata.title == "Invoice INV-204"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh Tuyết",
        "Γιώργος Παπαδόπουλος",
        "Дмитрий Щербаков",
        "王小明",
        "さくら 田中",
        "김철수",
        "Zoë 😀",
        "አበበ",
        "สมชาย",
    ],
)
def test_names_of_other_scripts_are_printed_and_read_back(name):
    pdf = invoice_pdf(an_invoice(bill_to=PARTY | {"name": name}))

    assert name in text_of(pdf)
    assert "pdfuaid" in opened(pdf).trailer["/Root"]["/Metadata"].get_data().decode()


@pytest.mark.parametrize("name", ["محمد الأحمد", "שרה כהן"])
def test_names_that_run_from_right_to_left_keep_every_letter(name):
    bare = text_of(invoice_pdf(an_invoice(bill_to=PARTY | {"name": ""})))
    said = text_of(invoice_pdf(an_invoice(bill_to=PARTY | {"name": name})))

    assert Counter(said) - Counter(bare) == Counter(name) + Counter(" ")


def test_what_no_font_has_costs_a_box_and_not_the_paper():
    said = text_of(invoice_pdf(an_invoice(bill_to=PARTY | {"name": "Ada \U0002a6d6 \x00\x07 Li"})))

    assert ("Ada" in said, "Li 88 Larimer" in said) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        "*bold* _it_ `code` $x$ = 1",
        "@ref <label> // gone",
        '"; #import "x',
        "\\u{41}",
        "https://example.com/6x5 -- ---",
        "#read('layout.typ')",
    ],
)
def test_what_was_typed_is_never_code(text):
    said = text_of(invoice_pdf(an_invoice([a_line(text, details=text)], notes=text)))

    assert said.count(text) == 3


def test_a_word_longer_than_the_paper_is_broken_and_kept():
    said = text_of(invoice_pdf(an_invoice(bill_to=PARTY | {"name": "Ho" * 120})))

    assert "Ho" * 120 in said.replace(" ", "")


def test_the_same_document_is_the_same_file():
    made = {invoice_pdf(an_invoice(notes="Thank you.")) for _ in range(3)}

    assert len(made) == 1
    assert made != {invoice_pdf(an_invoice(notes="Thank you"))}


def test_lines_of_several_jobs_stand_under_their_job():
    lines = [a_line("Labour"), a_line("Travel", job="J-13"), a_line("Late fee", job="")]

    said = text_of(invoice_pdf(an_invoice(lines)))

    assert [said.index(word) for word in ("Job J-12", "Job J-13", "On account")] == sorted(
        said.index(word) for word in ("Job J-12", "Job J-13", "On account")
    )


def test_a_credit_note_says_which_invoice_it_counters():
    paper = credit_note_pdf(a_credit_note())

    assert "Credit note CN-3 Credit to Grace Hopper" in text_of(paper)
    assert "For invoice INV-204" in text_of(paper)
    assert amounts_on(paper) == {"$95.00": 4}


def test_a_receipt_says_what_the_money_was_for():
    paper = receipt_pdf(a_receipt())

    assert "Received from Grace Hopper" in text_of(paper)
    assert "Invoice INV-204 $900.00 Deposit for job J-50 $100.00" in text_of(paper)
    assert amounts_on(paper) == {"$1,000.00": 2, "$900.00": 1, "$100.00": 1, "$0.00": 1}
    assert "Refund P-77 Paid to" in text_of(receipt_pdf(a_receipt(is_refund=True)))


def test_a_statement_adds_up_from_the_opening_balance():
    paper = statement_pdf(a_statement())

    assert "Opening balance $120.00" in text_of(paper)
    assert amounts_on(paper) == {"$120.00": 1, "−$120.00": 1, "$0.00": 2, "$1,228.50": 5}


def test_a_statement_of_open_invoices_says_what_else_is_owed():
    paper = statement_pdf(a_statement(kind="open-item", begins_on=None))

    assert "INV-204 Nov 20, 2026 Dec 20, 2026 $1,000.00 $900.00" in text_of(paper)
    assert "Not invoiced yet $328.50" in text_of(paper)
    assert "As of Nov 22, 2026" in text_of(paper)


def test_a_normal_invoice_takes_less_than_a_tenth_of_a_second():
    invoice_pdf(an_invoice())

    started = time.process_time()
    invoice_pdf(an_invoice([a_line()] * 8, number="INV-205"))

    assert time.process_time() - started < 0.1


def test_an_aging_names_who_owes_most_and_adds_up():
    said = text_of(aging_pdf(an_aging(2, left_out=3)))

    assert said.endswith(
        "Aging At the end of Nov 22, 2026 5 customers Not due $215.03 1–30 days $0.00"
        " 31–60 days $100.00 61–90 days $0.00 Over 90 days $17.00"
        " Not invoiced or applied −$2.00 Total $330.03"
        " Customer Not due 1–30 days 31–60 days 61–90 days Over 90 days"
        " Not invoiced or applied Total"
        " Customer 1 C-1 $100.02 $50.00 $7.00 −$1.00 $156.02"
        " Customer 2 C-2 $100.01 $50.00 $7.00 −$1.00 $156.01"
        " 3 others who owe less $15.00 $3.00 $18.00 US DOT 1234567 Page 1 of 1"
    )


def test_an_aging_of_a_thousand_customers_is_printed_across_and_in_seconds():
    started = time.process_time()
    paper = opened(aging_pdf(an_aging(1_000, left_out=10_000)))

    assert time.process_time() - started < 10
    box = paper.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (792, 612)


def test_a_statement_of_thousands_of_lines_takes_seconds():
    entry = a_statement()["entries"][0]
    started = time.process_time()
    pdf = statement_pdf(a_statement() | {"entries": [entry] * 5_000})

    assert time.process_time() - started < 15
    assert len(opened(pdf).pages) > 50
