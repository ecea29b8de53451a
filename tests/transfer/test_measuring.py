"""How well leads are recognised, against a truth that is known."""

from carter.transfer.measuring import Count, import_all, measure, samples_in
from tests.transfer.importing import a_csv

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Phone Number")
LEADS = ("FullName", "PhoneNumber", "Email", "MoveDate", "MoveSize")
CONTACTS = a_csv(
    HUBSPOT,
    ("1", "Robert", "Kowalczyk", "rob.kowalczyk@example.com", "(303) 555-0142"),
    ("2", "Ann", "Delacroix", "ann.delacroix@example.com", "720 555 0177"),
    ("3", "Annie", "Delacroix", "ann.delacroix@example.com", "(720) 555-0177"),
)
CALLS = a_csv(
    LEADS,
    ("Bob Kowalczyk", "3035550142", "rob.kowalczyk@example.com", "", "Studio"),
    ("Zelda Unheard", "2125550100", "zelda@example.org", "", "Studio"),
    ("Ann Delacroix", "", "nobody@example.net", "", "Studio"),
)
TRUTH = a_csv(
    ("file", "line", "entity"),
    ("contacts.csv", "2", "bob"), ("contacts.csv", "3", "ann"), ("contacts.csv", "4", "ann"),
    ("calls.csv", "2", "bob"), ("calls.csv", "3", "zelda"), ("calls.csv", "4", "ann"),
)  # fmt: skip


def test_leads_and_pairs_are_counted_against_the_truth(ada, tmp_path):
    for name, content in (("contacts", CONTACTS), ("calls", CALLS), ("truth", TRUTH)):
        (tmp_path / f"{name}.csv").write_bytes(content)

    batches = import_all(samples_in(tmp_path), ada)
    measured = measure(ada.company, tmp_path / "truth.csv")

    assert [batch.file_name for batch in batches] == ["contacts.csv", "calls.csv"]
    assert (measured.asked, measured.leads) == (3, Count(right=1, flagged=1, true=2))
    assert measured.pairs == Count(right=1, flagged=1, true=3)
    assert measured.customers == Count(right=1, flagged=1, true=1)
    assert (measured.first, measured.among_three) == (1, 1)


def test_a_share_of_nothing_is_nothing():
    assert (Count().precision, Count().recall) == (0.0, 0.0)
    assert (Count(3, 4, 6).precision, Count(3, 4, 6).recall) == (0.75, 0.5)
