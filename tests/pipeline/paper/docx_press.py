"""A small word processor: DOCX files for tests, put together part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from pipeline.paper.figure_files import match_figures
from pipeline.paper.jats import read_jats
from tests.pipeline.paper.pdf_press import prose

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
#: Styles as a German Word has them: the ids are translated, the names are not. "Kapitel" is built upon a heading.
STYLES = f"""<w:styles {_SPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr>
</w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:rPr><w:sz w:val="56"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>
<w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>
</w:style>
<w:style w:type="paragraph" w:styleId="Kapitel"><w:name w:val="Kapitel"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:type="character" w:styleId="Verborgen"><w:name w:val="Hidden"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"""


def run(text: str, looks: str = "") -> str:
    """A run of letters; `looks` is what stands in its properties ("<w:b/>")."""
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*inside: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs; words that are no markup become a run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = "".join(part if part.startswith("<") else run(part) for part in inside)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def field(code: str, result: str) -> str:
    """A field with its code and its printed result."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin")
        + f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        + mark.format("separate")
        + (result if result.startswith("<") else run(result))
        + mark.format("end")
    )


def table(*rows: Iterable[str]) -> str:
    """A table of cells; a cell that is markup stands as it is."""
    cells = (
        "".join(cell if cell.startswith("<w:tc>") else f"<w:tc>{para(cell)}</w:tc>" for cell in row)
        for row in rows
    )
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def picture(reference: str, *, inches: float = 4.0, crop: str = "") -> str:
    """A picture in the line; `crop` is its `a:srcRect`'s attributes."""
    side = round(inches * 914_400)
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{side}" cy="{side}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip r:embed="{reference}"/><a:srcRect {crop}/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def png(colour: str = "red", size: tuple[int, int] = (80, 60)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


def press(
    path: Path,
    *blocks: str,
    styles: str = STYLES,
    pictures: Mapping[str, bytes] | None = None,
    parts: Mapping[str, bytes | str] | None = None,
    outside: Mapping[str, str] | None = None,
    main_type: str = MAIN_TYPE,
) -> Path:
    """Write a DOCX of these blocks. `pictures` by the ids of their references; `outside` addresses on the web."""
    pictures, outside = pictures or {}, outside or {}
    relations = [f'<Relationship Id="{id_}" Type="image" Target="media/{id_}.png"/>' for id_ in pictures] + [
        f'<Relationship Id="{id_}" Type="image" Target="{target}" TargetMode="External"/>'
        for id_, target in outside.items()
    ]
    content = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>',
        "word/document.xml": f"<w:document {_SPACES}><w:body>{''.join(blocks)}</w:body></w:document>",
        "word/styles.xml": styles,
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{"".join(relations)}</Relationships>',
        **{f"word/media/{id_}.png": data for id_, data in pictures.items()},
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


#: The blocks of a whole small manuscript: what a test of one thing stands in.
def manuscript(*inside: str, title: str = "Hills grow", before: str = "", after: str = "") -> list[str]:
    """Title, author, abstract, introduction, results with `inside`, references; `before` goes before the abstract."""
    return [
        para(title, style="Titel"),
        para("Ada Hill, Ben Vale"),
        before,
        para("Abstract", style="berschrift1"),
        para(prose(4)),
        para("Introduction", style="berschrift1"),
        para(prose(8, 10)),
        para("Results", style="berschrift1"),
        para(prose(6, 30)),
        *inside,
        para("References", style="berschrift1"),
        para("1. Smith A. On valleys. J Hills 2001."),
        after,
    ]


def pressed_from(article: Path, file: Path, *, title: str | None = None) -> Path:
    """The manuscript of a paper that is there as JATS, with the pictures beside it, written to `file`."""
    read = read_jats(article.read_bytes(), "file:article.xml")
    paper = read.paper
    found = match_figures(read.hrefs, [article.parent])
    body = [
        block
        for section in paper.sections
        for block in (
            para(escape(section.title), style="berschrift1"),
            *(para(escape(text)) for text in section.paragraphs),
        )
    ]
    figures = [
        block
        for figure in paper.figures
        for block in (
            para(picture(figure.id)),
            para(escape(f"{figure.label}. {figure.caption}"), style="Beschriftung"),
        )
    ]
    return press(
        file,
        para(escape(title or paper.title), style="Titel"),
        para(", ".join(author.name for author in paper.authors)),
        para("Abstract", style="berschrift1"),
        *(para(escape(text)) for text in paper.abstract),
        *body,
        *figures,
        para("References", style="berschrift1"),
        pictures={id_: path.read_bytes() for id_, path in found.items()},
    )
