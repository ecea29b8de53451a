import subprocess
import sys

BOOK = """customer_id,name,company_name,category,phone,email,address
1,Bob Smith,,residential,303 555 0142,,
2,"Smith, Robert",,residential,(303) 555-0142,,
3,Mary Smith,,residential,303.555.0142,,
4,Ted Gray,,residential,,,
"""
TRUTH = "customer_id,entity_id\n1,A\n2,A\n3,B\n4,C\n"


def test_the_report_says_how_right_matching_is(tmp_path):
    book, truth = tmp_path / "customers.csv", tmp_path / "truth.csv"
    book.write_text(BOOK)
    truth.write_text(TRUTH)

    done = subprocess.run(
        [sys.executable, "-m", "carter", "match", "report", "--csv", book, "--truth", truth],
        capture_output=True,
        text=True,
        check=True,
    )

    first, *lines = done.stdout.splitlines()
    assert first.startswith("4 records, 3 pairs compared in ")
    assert [" ".join(line.split()) for line in lines] == [
        "flag 1 pairs precision 1.0000 recall 1.0000 F1 1.0000",
        "sure 1 pairs precision 1.0000 recall 1.0000 F1 1.0000",
        "household 2 pairs",
        "desk 0 pairs",
    ]
