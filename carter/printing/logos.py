"""The company's logo: which pictures are taken, and how one gets onto paper."""

import re
import struct
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

LARGEST_BYTES = 1_000_000
LARGEST_SIDE = 4_000
SMALLEST_SIDE = 16
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG file that are followed by its size (ITU T.81, table B.1)."""


class BadLogo(Exception):
    """The picture cannot be the logo; the words say why and what to do."""


@dataclass(frozen=True)
class Logo:
    """A picture that prints."""

    media_type: str
    data: bytes


def read_logo(data: bytes) -> Logo:
    """The uploaded picture as a logo, whatever its file was called.

    Raises BadLogo for another kind of file, one too large in bytes or pixels, and a broken one.
    """
    if len(data) > LARGEST_BYTES:
        raise BadLogo("The logo is larger than 1 MB. Save it smaller and choose it again.")
    logo = Logo(_media_type(data), data)
    sides = _sides(logo)
    if sides and (min(sides) < SMALLEST_SIDE or max(sides) > LARGEST_SIDE):
        raise BadLogo(
            f"The logo is {sides[0]} × {sides[1]} pixels. Each side must have from "
            f"{SMALLEST_SIDE} to {LARGEST_SIDE:,}."
        )
    _refuse_broken(logo)
    return logo


def as_svg(logo: Logo) -> str:
    """The logo as a drawing. Typst takes texts only, so a picture travels inside of one."""
    if logo.media_type == "image/svg+xml":
        return logo.data.decode()
    width, height = _sides(logo) or (0, 0)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:{logo.media_type};base64,{b64encode(logo.data).decode()}"/></svg>'
    )


def _media_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if re.search(rb"<svg[\s>]", data[:4_000]) and _is_text(data):
        return "image/svg+xml"
    raise BadLogo("The logo must be a PNG, JPEG or SVG picture.")


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sides(logo: Logo) -> tuple[int, int] | None:
    """Width and height in pixels; nothing for a drawing, which has none."""
    try:
        if logo.media_type == "image/png":
            width, height = struct.unpack(">II", logo.data[16:24])
            return width, height
        return _sides_of_jpeg(logo.data) if logo.media_type == "image/jpeg" else None
    except (struct.error, IndexError):
        raise BadLogo("The logo is damaged. Save it again as PNG and choose it.") from None


def _sides_of_jpeg(data: bytes) -> tuple[int, int]:
    place = 2
    while data[place + 1] not in START_OF_FRAME:
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    height, width = struct.unpack(">HH", data[place + 5 : place + 9])
    return width, height


def _refuse_broken(logo: Logo) -> None:
    """Print it once by itself: a damaged picture inside a drawing would just be missing."""
    with TemporaryDirectory() as folder:
        name = f"logo.{ENDINGS[logo.media_type]}"
        (Path(folder) / name).write_bytes(logo.data)
        (Path(folder) / "page.typ").write_text(f'#image("{name}")', encoding="ascii")
        try:
            typst.compile(Path(folder) / "page.typ", format="pdf", ignore_system_fonts=True)
        except typst.TypstError:
            raise BadLogo(
                "The logo is damaged and cannot be printed. Save it again as PNG and choose it."
            ) from None
