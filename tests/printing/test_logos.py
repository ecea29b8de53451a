import pytest

from carter.printing.logos import BadLogo, read_logo
from carter.printing.papers import invoice_pdf
from tests.printing.documents import an_invoice
from tests.printing.pictures import JPEG, SVG, a_png
from tests.printing.reading import opened, pictures_on


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(a_png(), "image/png"), (JPEG, "image/jpeg"), (SVG, "image/svg+xml")],
)
def test_a_logo_is_known_by_what_is_in_the_file_and_printed(data, media_type):
    logo = read_logo(data)
    plain, with_logo = (invoice_pdf(an_invoice(), logo=each) for each in (None, logo))

    assert logo.media_type == media_type
    assert b"/Alt" in with_logo or len(with_logo) > len(plain) + 200
    assert "pdfuaid" in opened(with_logo).trailer["/Root"]["/Metadata"].get_data().decode()


def test_the_picture_itself_is_on_the_paper():
    assert pictures_on(invoice_pdf(an_invoice(), logo=read_logo(a_png(40, 30)))) == [(40, 30)]
    assert pictures_on(invoice_pdf(an_invoice())) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "must be a PNG, JPEG or SVG"),
        (b"GIF89a" + b"\0" * 100, "must be a PNG, JPEG or SVG"),
        (b"<html><body>svg</body></html>", "must be a PNG, JPEG or SVG"),
        (b"<svg " + b"\xff" * 50, "must be a PNG, JPEG or SVG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><rect", "damaged"),
        (a_png()[:60], "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (JPEG[:30], "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (a_png(4_001, 20), "4001 × 20 pixels"),
        (a_png(15, 15), "15 × 15 pixels"),
        (a_png() + b"\0" * 1_000_000, "larger than 1 MB"),
    ],
)
def test_a_picture_that_cannot_be_printed_is_refused_in_words(data, why):
    with pytest.raises(BadLogo, match=why):
        read_logo(data)


def test_a_drawing_reads_no_file_of_the_machine(tmp_path):
    (tmp_path / "secret.png").write_bytes(a_png(40, 30))
    drawing = SVG.replace(
        b"</svg>", f'<image href="{tmp_path}/secret.png" width="9" height="9"/></svg>'.encode()
    )

    try:
        paper = invoice_pdf(an_invoice(), logo=read_logo(drawing))
    except BadLogo:
        return
    assert pictures_on(paper) == []
