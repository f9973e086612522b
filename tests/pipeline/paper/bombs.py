"""Small files that are made to take a machine down: PDFs and XML, built here."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.pipeline.paper.pdf_press import prose

#: Numbers of the objects that each of these PDFs has; a bomb replaces some or adds more.
CATALOGUE, PAGES, PAGE, CONTENT, FONT, FIRST_FREE = 1, 2, 3, 4, 5, 6
TWICE = "[/FlateDecode /FlateDecode]"


def stream(data: bytes, entries: str = "") -> bytes:
    """A stream object's body. `entries` are more of its dictionary."""
    return b"<< /Length %d %s >>\nstream\n%b\nendstream" % (len(data), entries.encode(), data)


def many(count: int, byte: bytes) -> bytes:
    """`count` million equal bytes, deflated twice. Their checksum is wrong, which is found when all are out."""
    press = zlib.compressobj(9)
    start = press.compress(b"") + press.flush(zlib.Z_FULL_FLUSH)
    million = press.compress(byte * 1_000_000) + press.flush(zlib.Z_FULL_FLUSH)
    return zlib.compress(start + million * count + press.flush(), 9)


def text(draw: str = "") -> bytes:
    """A page that says it is a paper, and after its text what `draw` says."""
    parts: list[tuple[int, str]] = [(18, "Hills under water"), (11, "Ada Lovelace and Mary Somerville")]
    for name, sentences in (("Abstract", 6), ("1. Introduction", 10), ("2. Methods", 10), ("3. Results", 10)):
        parts += [(4, ""), (13, name), *((9, line) for line in _folded(prose(sentences, len(parts))))]
    parts += [(4, ""), (8, "Journal of Hills 2021, 3, 14; doi:10.1234/hills.2021.14"), (20, "")]
    parts += [(8, "Figure 1. A hill that is larger than it looks.")]
    shown, y = [], 810.0
    for size, line in parts:
        y -= 1.25 * size
        shown.append(f"/F1 {size} Tf 1 0 0 1 50 {y:.1f} Tm ({line}) Tj")
    return f"BT {' '.join(shown)} ET\n{draw}".encode()


def _folded(words: str) -> list[str]:
    parts = words.split()
    return [" ".join(parts[start : start + 18]) for start in range(0, len(parts), 18)]


def pdf(path: Path, objects: Mapping[int, bytes] | None = None, resources: str = "", draw: str = "") -> Path:
    """A PDF of one page with text, its objects replaced or joined by `objects`."""
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> {resources} >> >>"
    )
    whole: dict[int, bytes] = {
        CATALOGUE: b"<< /Type /Catalog /Pages 2 0 R >>",
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: page.encode(),
        CONTENT: stream(text(draw)),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        **(objects or {}),
    }
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(whole.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(whole) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %b \n" % (places.get(number, 0), b"n" if number in places else b"f")
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    path.write_bytes(out)
    return path


def _image(path: Path, entries: str, data: bytes) -> Path:
    """A page with a picture above the caption of its figure."""
    placed = "q 300 0 0 90 100 10 cm /X1 Do Q"
    body = stream(data, f"/Type /XObject /Subtype /Image {entries}")
    return pdf(path, {FIRST_FREE: body}, "/XObject << /X1 6 0 R >>", placed)


def content_of_gigabytes(path: Path) -> Path:
    return pdf(
        path,
        {CONTENT: stream(many(4_000, b" "), f"/Filter {TWICE}")},
    )


def glyphs_without_end(path: Path) -> Path:
    shown = b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 1_000_000
    packed = zlib.compress(b"BT /F1 9 Tf 50 800 Td " + shown + b"ET", 9)
    return pdf(path, {CONTENT: stream(packed, "/Filter /FlateDecode")})


def object_stream_of_gigabytes(path: Path) -> Path:
    """The page lies in a stream of objects that inflates to 3 GB."""
    packed = many(3_000, b" ")
    holder = stream(packed, "/Type /ObjStm /N 100000 /First 2000000 /Filter " + TWICE)
    rows = {1: (1, 0), 2: (1, 0), 3: (2, 6), 4: (1, 0), 5: (1, 0), 6: (1, 0), 7: (1, 0)}
    out = bytearray(b"%PDF-1.7\n")
    bodies = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        4: stream(text()),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        6: holder,
    }
    places = {}
    for number, body in bodies.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    places[7] = start
    table = b"\0" * 7 + b"\xff"
    for number, (kind, where) in rows.items():
        table += bytes([kind]) + (places[number] if kind == 1 else where).to_bytes(4, "big") + b"\0\0\0"
    entries = "/Type /XRef /Size 8 /W [1 4 3] /Root 1 0 R"
    out += b"7 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(table, entries), start)
    path.write_bytes(out)
    return path


def picture_of_gigabytes(path: Path) -> Path:
    entries = f"/Width 50000 /Height 50000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter {TWICE}"
    return _image(path, entries, many(7_500, b"\0"))


def fax_of_gigabytes(path: Path) -> Path:
    entries = (
        "/Width 65000 /Height 65000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode "
        "/DecodeParms << /K -1 /Columns 65000 /Rows 65000 >>"
    )
    return _image(path, entries, bytes(4000))


def jpeg_of_gigabytes(path: Path) -> Path:
    """The header of a JPEG that says 65,000 × 65,000, and little after it."""
    start = b"\xff\xd8\xff\xdb\x00\x43\x00" + bytes([1] * 64)
    frame = b"\xff\xc0\x00\x11\x08\xfd\xe8\xfd\xe8\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    scan = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00" + bytes(2000) + b"\xff\xd9"
    entries = "/Width 65000 /Height 65000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode"
    return _image(path, entries, start + frame + scan)


def page_without_end(path: Path) -> Path:
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e9 1e9] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>"
    )
    return pdf(path, {PAGE: page.encode(), CONTENT: stream(text("100 10 300 90 re f"))})


def pages_that_are_their_own_parents(path: Path) -> Path:
    return pdf(path, {PAGES: b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 250 >>"})


def pages_that_are_not_there(path: Path) -> Path:
    return pdf(path, {PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"})


def forms_that_draw_forms(path: Path) -> Path:
    """Ten forms, each drawing the next ten times: 10¹⁰ squares."""
    objects = {}
    for depth in range(10):
        number = FIRST_FREE + depth
        inner = b"/X Do " * 10 if depth < 9 else b"0 0 5 5 re f "
        below = f"/Resources << /XObject << /X {number + 1} 0 R >> >>" if depth < 9 else ""
        objects[number] = stream(inner, f"/Type /XObject /Subtype /Form /BBox [0 0 500 500] {below}")
    return pdf(path, objects, "/XObject << /X 6 0 R >>", "/X Do")


def outlines_without_end(path: Path) -> Path:
    entry = b"<< /Title (A) /Parent 6 0 R /Next 7 0 R /First 6 0 R /Last 7 0 R >>"
    root = b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /PageMode /UseOutlines >>"
    return pdf(
        path, {CATALOGUE: root, FIRST_FREE: b"<< /First 7 0 R /Last 7 0 R /Count 9999999 >>", 7: entry}
    )


def arrays_in_arrays(path: Path) -> Path:
    return pdf(path, {FIRST_FREE: b"[" * 1_000_000 + b"]" * 1_000_000}, "/ExtGState 6 0 R")


def pattern_of_specks(path: Path) -> Path:
    """A pattern with a step of a millionth of a point."""
    entries = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.000001 /YStep 0.000001"
    objects = {FIRST_FREE: stream(b"0 0 1 1 re f", f"{entries} /Resources << >>")}
    return pdf(path, objects, "/Pattern << /P 6 0 R >>", "/Pattern cs /P scn 100 10 300 90 re f")


PDFS: Mapping[str, Callable[[Path], Path]] = {
    make.__name__: make
    for make in (
        content_of_gigabytes,
        glyphs_without_end,
        object_stream_of_gigabytes,
        picture_of_gigabytes,
        fax_of_gigabytes,
        jpeg_of_gigabytes,
        page_without_end,
        pages_that_are_their_own_parents,
        pages_that_are_not_there,
        forms_that_draw_forms,
        outlines_without_end,
        arrays_in_arrays,
        pattern_of_specks,
    )
}


def doctype(entities: bytes, data: bytes) -> bytes:
    """An article of `sample` that declares entities."""
    return data.replace(b'"JATS.dtd">', b'"JATS.dtd" [' + entities + b"]>")


#: 10 laughs, ten times, and that nine times over.
LAUGHS = b'<!ENTITY a0 "ha ha ha ha ha ha ha ha ha ha ">' + b"".join(
    b'<!ENTITY a%d "%b">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 10)
)
