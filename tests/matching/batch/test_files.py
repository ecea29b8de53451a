import pytest

from carter.matching.batch.files import CannotRead, read_rows, record_of
from carter.matching.record import Record

HEADER = "customer_id,name,company_name,category,phone,email,address\n"


@pytest.fixture
def a_file(tmp_path):
    def write(content):
        path = tmp_path / "customers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_row_becomes_a_record():
    bob = ("Smith, Bob", "", "residential", "303 555 0142", "bob@acme.com", "12 Oak St, Denver")
    assert record_of(bob, "US") == Record.typed(
        names=["Bob Smith"],
        phones=["3035550142"],
        emails=["bob@acme.com"],
        addresses=["12 Oak Street, Denver"],
    )
    assert record_of(("", "Acme Inc", " Commercial", "", "", ""), "US").is_account


@pytest.mark.parametrize(
    "content",
    [
        HEADER + '1,Bob,,,,b@x.com,"12 Oak St\nDenver"\n',
        "\ufeff" + HEADER.replace("\n", "\r\n") + '1,Bob,,,,b@x.com,"12 Oak St\nDenver"\r\n',
        f"note,{HEADER.strip().upper()}\n" + 'x,1,Bob,,,,b@x.com,"12 Oak St\nDenver"\n',
        " , ".join(reversed(HEADER.strip().split(","))) + '\n"12 Oak St\nDenver",b@x.com,,,,Bob,1',
        HEADER.replace(",", ";") + '1;Bob;;;;b@x.com;"12 Oak St\nDenver"\n',
        HEADER + '\n1,Bob,,,,b@x.com,"12 Oak St\nDenver",,\n,,,\n',
    ],
)
def test_columns_are_found_by_name_however_the_file_was_saved(a_file, content):
    assert list(read_rows(a_file(content))) == [
        ("1", ("Bob", "", "", "", "b@x.com", "12 Oak St\nDenver"))
    ]


def test_a_header_alone_is_a_book_of_nobody(a_file):
    assert list(read_rows(a_file(HEADER))) == []


def test_a_short_row_says_nothing_of_the_rest(a_file):
    assert list(read_rows(a_file(HEADER + "1,Bob\n"))) == [("1", ("Bob", "", "", "", "", ""))]


def test_signs_that_nobody_sees_are_no_reason_to_stop(a_file):
    ((_, row),) = read_rows(a_file(HEADER + "1,Bo\x00b\x07 Smith,,,303\x0b5550142,,\n"))
    assert record_of(row, "US").phones == Record.typed(phones=["3035550142"]).phones


def test_a_cell_of_megabytes_is_cut_off(a_file):
    ((_, row),) = read_rows(a_file(HEADER + f'1,"{"Bob " * 1_300_000}",,,,,\n'))
    assert len(row[0]) == 2_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "customers.csv is empty: it needs a first line with customer_id, name, company_name,"),
        ("name,mail\n", "lacks customer_id, company_name, category, phone, email, address. Its"),
        (HEADER.strip() + ",phone\n", "customers.csv has the column phone more than once."),
        (HEADER + "1,A\n2,B\n\n1,C\n", "Line 5 has the customer_id 1 of line 2 again."),
        (HEADER + "1,A\n ,B\n", "Line 3 has no customer_id."),
        (HEADER + "9" * 201 + ",B\n", "The customer_id on line 2 is longer than 200 characters."),
        (HEADER + "1,A,,,,,12 Oak St,Denver\n", "Line 2 has 8 cells, but there are 7 columns: a"),
        (HEADER.encode() + b"1,J\xf6rg,,,,,\n", "customers.csv is not a CSV file in UTF-8. Save"),
        (HEADER.encode("utf-16"), "customers.csv is not a CSV file in UTF-8. Save it as"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe", "customers.csv is not a CSV file in UTF-8"),
        (HEADER + '1,"Bob,,,,,\n2,Ann,,,,,\n', "customers.csv cannot be read from line 2 on: is a"),
        (HEADER + '1,"' + "x" * (33 * 2**20), "cannot be read from line 2 on: is a quotation"),
    ],
)
def test_what_is_no_table_of_customers_is_told_with_its_place(a_file, content, words):
    with pytest.raises(CannotRead) as refusal:
        list(read_rows(a_file(content)))
    assert words in str(refusal.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CannotRead, match=r"nobody\.csv cannot be read: No such file or directory"):
        list(read_rows(tmp_path / "nobody.csv"))
