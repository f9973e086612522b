"""The head of a paper: title, authors, abstract, and where the body begins."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Author
from pipeline.paper.language import is_english_title, language_of
from pipeline.paper.pdf_authors import read_authors, read_holder
from pipeline.paper.pdf_blocks import Block, Vocabulary, is_section_name
from pipeline.paper.pdf_body import NUMBER, SAME_SIZE, BodyStyle, is_heading
from pipeline.paper.pdf_captions import LABEL

#: What journals print in large type above a title: the kind of article.
KIND_OF_ARTICLE = re.compile(
    r"(?:(?:mini|systematic|short|brief|original|invited|full|regular|open|special|feature|case|rapid|letters?|"
    r"data|clinical|research|scientific|review|technical|peer|access|papers?|articles?|artil?cle|reports?|"
    r"communications?|editorial|commentary|perspectives?|opinion|correspondence|study|methods?|protocol|"
    r"software|notes?|to the editor|artigo|art[ií]culo|revis[aã]o|journal pre-proof|preprint|reviewed|and|"
    r"type|published|accepted manuscript)\W*){1,5}",
    re.IGNORECASE,
)
JOURNAL_NAME = re.compile(
    r"((the|international|european|american|british|indian|iranian|brazilian|world) )*([\w-]+ )?(journal|"
    r"annals|archives|proceedings|transactions|revista|bulletin|acta|frontiers in|bmc|plos|letters)\b",
    re.IGNORECASE,
)
ABSTRACT = re.compile(r"(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|abstract)\b\s*[.:–—|-]*\s*(?=\S|$)", re.IGNORECASE)
SUMMARY = re.compile(r"(?:summary|synopsis)\b\s*[.:–—|-]*\s*(?=$|[A-Z])", re.IGNORECASE)
OTHER_ABSTRACT = re.compile(
    r"(resumo|resumen|r[ée]sum[ée]|zusammenfassung|riassunto)\b\s*[.:–—|-]*\s*", re.IGNORECASE
)
#: What ends an abstract.
AFTER_ABSTRACT = re.compile(
    r"(key ?-?\s?words?|k\s?e\s?y\s?w\s?o\s?r\s?d\s?s|index terms|palavras|palabras|mots.cl|copyright|©|"
    r"\(c\) \d|citation|how to cite|cite this|como citar|received|accepted|published|correspond|\*|†|"
    r"author summary|plain language|significance statement|graphical abstract|highlights|open access|"
    r"edited by|academic editor|editor:|abbreviations|doi\b|https?:|article info|a r t i c l e|jel class|"
    r"msc|ccs concepts|pacs|e-?mail|electronic supplementary|this is an open)",
    re.IGNORECASE,
)
INTRODUCTION = re.compile(
    r"(?:[\dI]+[.\s]*)?\s*(introduction|background|introdu[cç][aã]o|introducci[oó]n)\W*", re.IGNORECASE
)
AFFILIATION = re.compile(
    r"universit|department|institut|school of|faculty|hospital|college|laborator|address:|e-?mail|@|"
    r"centre for|center for|author",
    re.IGNORECASE,
)
_LABELS = (
    r"backgrounds?(?: and (?:aims?|objectives?|purpose))?|objectives?|objective\(s\)|aims?|purpose|rationale|"
    r"context|introduction|(?:materials?|patients|subjects|participants) and methods|methods?|"
    r"methods and (?:findings|results)|methodology(?:/principal findings)?|study design|"
    r"design(?:, setting,? and participants)?|setting|participants|patients|interventions?|exposures?|"
    r"(?:main )?outcomes?(?: measures?)?|data sources|study selection|data (?:extraction|synthesis)|"
    r"measurements?|results?|(?:principal |main )?findings|(?:results and )?discussion|"
    r"conclusions?(?:/significance)?|interpretation|(?:trial )?registration|funding|limitations|"
    r"significance|implications|novelty|case presentation|importance"
)
LABELLED = re.compile(rf"(?:^|(?<=[.!?)\]]\s))({_LABELS})(?::|\s?[–—]|\.(?=\s[A-Z]))\s*(?=\S)", re.IGNORECASE)
BARE_LABEL = re.compile(rf"({_LABELS})\s*:?", re.IGNORECASE)


@dataclass(frozen=True)
class Abstract:
    """The paragraphs of an abstract, labels apart ("" where there is none), and where it stands.

    `named` tells one that stands under its name from prose that is taken for one.
    """

    paragraphs: tuple[tuple[str, str], ...]
    page: int
    blocks: tuple[int, ...]
    named: bool

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.paragraphs)


@dataclass(frozen=True)
class Front:
    """The head of a paper. `body` is the index of the first block after it.

    `abstract` is the English one where there are several, `own_abstract` the one under a name in another language.
    """

    title: str
    english_title: str | None
    authors: tuple[Author, ...]
    abstract: Abstract | None
    own_abstract: Abstract | None
    body: int


def read_front(
    blocks: Sequence[Block], style: BodyStyle, vocabulary: Vocabulary, page_height: float, claimed: str
) -> Front:
    """The head as the first pages show it. `claimed` is the title that the file's metadata claim."""
    titles = _titles(blocks, page_height, claimed)
    title = titles[0] if titles else ()
    after = max(title) + 1 if title else 0
    abstract = _marked_abstract(blocks, style)
    body = _body_start(blocks, style, abstract, after)
    if abstract is None:
        abstract = _unmarked_abstract(blocks, style, after, body)
        if abstract is not None:
            body = max(body, max(abstract.blocks) + 1)
    title_text = _joined(blocks, title, vocabulary)
    head = [
        block
        for index, block in enumerate(blocks[:body])
        if index >= after
        and block.page == blocks[0].page
        and (abstract is None or index not in abstract.blocks)
    ]
    return Front(
        title=title_text,
        english_title=_english_title(blocks, titles[1:], abstract, vocabulary),
        authors=read_authors(head) or read_holder(" ".join(block.text for block in blocks)),
        abstract=abstract,
        own_abstract=_marked_abstract(blocks, style, OTHER_ABSTRACT),
        body=body,
    )


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _joined(blocks: Sequence[Block], indices: Sequence[int], vocabulary: Vocabulary) -> str:
    text = ""
    for index in indices:
        text = vocabulary.join(text, blocks[index].text) if text else blocks[index].text
    return re.sub(r"^(?:full |article )?title\s*:\s*", "", text.strip(" *†‡"), flags=re.IGNORECASE)


def _titles(blocks: Sequence[Block], page_height: float, claimed: str) -> list[tuple[int, ...]]:
    """Runs of blocks that may be the title, likeliest first: large type high on the first page."""
    first = blocks[0].page if blocks else 1
    page = [i for i, block in enumerate(blocks) if block.page == first]
    text = _squashed(" ".join(blocks[i].text for i in page if len(blocks[i].text) > 15))
    runs: list[list[int]] = []
    for index in sorted(page, key=lambda i: blocks[i].top):
        block = blocks[index]
        if block.top > 0.6 * page_height or block.letters < 0.5:
            continue
        last = blocks[runs[-1][-1]] if runs else None
        if (
            last is not None
            and abs(last.size - block.size) <= SAME_SIZE
            and last.family == block.family
            and last.bold == block.bold
            and last.italic == block.italic
            and -0.5 * block.size < block.top - last.bottom < 0.8 * block.size
        ):
            runs[-1].append(index)
        else:
            runs.append([index])
    found = []
    for run in runs:
        words = " ".join(blocks[i].text for i in run)
        if KIND_OF_ARTICLE.fullmatch(words) or ABSTRACT.match(words) or len(words) < 8 or "@" in words:
            continue
        if re.search(r"https?:|www\.|\.org|\.com", words):
            continue
        size = max(blocks[i].size for i in run)
        matches = bool(claimed) and _squashed(claimed) == _squashed(words)
        count = len(words.split())
        journal = JOURNAL_NAME.match(words) is not None and count < 9
        repeated = count < 9 and re.search(re.escape(_squashed(words)) + r"(19|20)\d\d", text) is not None
        found.append(
            (matches, not (journal or repeated or count < 2), count > 2, size, -runs.index(run), tuple(run))
        )
    found.sort(reverse=True)
    return [run for *_, run in found]


def _english_title(
    blocks: Sequence[Block],
    others: Sequence[tuple[int, ...]],
    abstract: Abstract | None,
    vocabulary: Vocabulary,
) -> str | None:
    """The title in English beside one in another language: printed under it, or opening the abstract."""
    if abstract is not None:
        inside = re.match(r"\(((?:[^()]|\([^()]*\)){30,300})\)\.?\s", abstract.text)
        if inside:
            return inside[1].strip(" .")
    taken = set(abstract.blocks) if abstract is not None else set()
    for run in [run for run in others if taken.isdisjoint(run)][:3]:
        text = _joined(blocks, run, vocabulary)
        if is_english_title(text):
            return text
    return None


def _marked_abstract(
    blocks: Sequence[Block], style: BodyStyle, name: re.Pattern[str] = ABSTRACT
) -> Abstract | None:
    """The abstract that stands under its name; the English one of several."""
    best: Abstract | None = None
    introduced = name is ABSTRACT and any(INTRODUCTION.fullmatch(block.text) for block in blocks)
    for index, block in enumerate(blocks):
        if block.page > blocks[0].page + 3:
            break
        match = name.match(block.text) or (introduced and SUMMARY.match(block.text)) or None
        if match is None or (match.end() == len(block.text) and len(block.text) > 25):
            continue
        abstract = _abstract_from(blocks, index, match.end(), style)
        if abstract is None:
            continue
        if language_of(abstract.text) == "en":
            return abstract
        best = best or abstract
    return best


def _abstract_from(blocks: Sequence[Block], start: int, offset: int, style: BodyStyle) -> Abstract | None:
    marker = blocks[start]
    rest = marker.text[offset:].strip()
    parts: list[tuple[str, str]] = []
    used = [start]
    model: Block | None = None
    if len(rest) > 20:
        parts.append(("", rest))
        model = marker
    label = ""
    for index in range(start + 1, len(blocks)):
        block = blocks[index]
        if _ends_abstract(block, marker, model, style):
            if block.strip != marker.strip and not parts and block.page == marker.page:
                continue
            break
        bare = BARE_LABEL.fullmatch(block.text)
        if bare is not None and len(block.text) < 45:
            label = bare[1]
            used.append(index)
            continue
        if model is not None and abs(block.size - model.size) > SAME_SIZE:
            if block.strip != model.strip or _is_note(blocks, index, model):
                continue
            break
        model = model or block
        if parts and not label and not blocks[used[-1]].ended:
            parts[-1] = (parts[-1][0], f"{parts[-1][1]} {block.text}")
        else:
            parts.append((label, block.text))
        label = ""
        used.append(index)
    paragraphs = _labelled(parts)
    if sum(len(text.split()) for _, text in paragraphs) < 20:
        return None
    page = blocks[used[1]].page if len(used) > 1 and len(rest) <= 20 else marker.page
    return Abstract(paragraphs=tuple(paragraphs), page=page, blocks=tuple(used), named=True)


def _ends_abstract(block: Block, marker: Block, model: Block | None, style: BodyStyle) -> bool:
    text = block.text
    if (
        AFTER_ABSTRACT.match(text)
        or OTHER_ABSTRACT.match(text)
        or LABEL.match(text)
        or block.page > marker.page + 1
    ):
        return True
    if ABSTRACT.match(text) and len(text) < 30:
        return True
    if INTRODUCTION.fullmatch(text):
        # "Background" may open a structured abstract; the section's heading is as large as the abstract's.
        numbered = NUMBER.match(text) is not None
        return (
            numbered or model is not None or (_as_large(block, marker) and text.lower().startswith("intro"))
        )
    return model is not None and is_heading(block, style) and BARE_LABEL.fullmatch(text) is None


def _is_note(blocks: Sequence[Block], index: int, model: Block) -> bool:
    """Whether a block is small print that ends a page, below text that goes on overleaf."""
    block = blocks[index]
    last = index + 1 == len(blocks) or blocks[index + 1].page != block.page
    return last and block.size < model.size and block.top - blocks[index - 1].bottom > model.size


def _as_large(block: Block, marker: Block) -> bool:
    return block.size >= marker.size - SAME_SIZE


def _labelled(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The paragraphs with the labels that open or part them taken out."""
    result: list[tuple[str, str]] = []
    for label, text in parts:
        marks = [match for match in LABELLED.finditer(text) if match[1][0].isupper()]
        if label or not marks or (len(marks) == 1 and len(parts) == 1 and marks[0].start() > 0):
            result.append((label, text))
            continue
        if marks[0].start() > 0:
            result.append(("", text[: marks[0].start()].strip()))
        ends = [match.start() for match in marks[1:]] + [len(text)]
        result.extend(
            (match[1].strip(), text[match.end() : end].strip())
            for match, end in zip(marks, ends, strict=True)
        )
    return [(label, text) for label, text in result if text]


def _body_start(blocks: Sequence[Block], style: BodyStyle, abstract: Abstract | None, after: int) -> int:
    """The index of the block with which the body begins."""
    start = max(after, max(abstract.blocks) + 1 if abstract else 0)
    early = [i for i in range(start, len(blocks)) if blocks[i].page <= blocks[0].page + 2]
    for index in early:
        if INTRODUCTION.fullmatch(blocks[index].text) and is_heading(blocks[index], style):
            return index
    for index in early:
        block = blocks[index]
        prose = style.is_plain(block) and len(block.lines) >= 3 and not AFTER_ABSTRACT.match(block.text)
        if prose and not (AFFILIATION.search(block.text) and len(block.text) < 300):
            before = blocks[index - 1]
            opened = index > start and is_heading(before, style) and not AFTER_ABSTRACT.match(before.text)
            return index - 1 if opened or (index > start and is_section_name(before.text)) else index
    return start


def _column_width(blocks: Sequence[Block], style: BodyStyle) -> float:
    """The width in which most of the text is set, in points."""
    widths = [block.x1 - block.x0 for block in blocks if style.is_plain(block) and len(block.lines) > 3]
    return statistics.median(widths) if widths else math.inf


def _unmarked_abstract(blocks: Sequence[Block], style: BodyStyle, after: int, body: int) -> Abstract | None:
    """Prose between title and body, set unlike the body: an abstract or a stand-first without a name."""
    column = _column_width(blocks, style)
    runs: list[list[int]] = []
    for index in range(after, min(body, len(blocks))):
        block = blocks[index]
        prose = (
            block.letters > 0.7
            and not AFTER_ABSTRACT.match(block.text)
            and not (AFFILIATION.search(block.text) and len(block.text) < 300)
        )
        if (
            not prose
            or (style.is_plain(block) and block.x1 - block.x0 < 1.5 * column)
            or len(block.text.split()) < 3
            or block.size < 7.5
            or block.page > 2
        ):
            continue
        last = blocks[runs[-1][-1]] if runs else None
        goes_on = last is not None and (not last.ended or LABELLED.match(block.text) is not None)
        if last is not None and goes_on and last.size == block.size and last.family == block.family:
            runs[-1].append(index)
        else:
            runs.append([index])
    candidates = [(run, " ".join(blocks[i].text for i in run)) for run in runs]
    enough = [
        (len(text), run, text)
        for run, text in candidates
        if blocks[run[-1]].ended and len(text.split()) >= (15 if blocks[run[0]].size > style.size else 40)
    ]
    if not enough:
        return None
    _, run, text = max(enough)
    page = blocks[run[0]].page
    return Abstract(tuple(_labelled([("", text)])), page=page, blocks=tuple(run), named=False)
