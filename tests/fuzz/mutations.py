"""Ways to damage a file. Each is a function of its bytes, those of another file, and a random number generator."""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

from lxml import etree

#: (the file, another file, chance) → the damaged file. The same chance gives the same damage.
Mutation = Callable[[bytes, bytes, Random], bytes]

#: Numbers that programs are not made for.
_NUMBERS: Final = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483648",
    b"-2147483648",
    b"1e38",
    b"0.0000001",
    b"99999999999999999999",
)
#: Characters that texts are seldom tested with.
_ODD: Final = (
    "\u202e",
    "\u0000",
    "\ufffe",
    "\u200d",
    "𝔘",
    "ﬁ",
    "\u0301",
    "٣",
    "\t",
    "&",
    "<",
    "]]>",
    "'" * 40,
    "(" * 60,
)


def _span(data: bytes, chance: Random, longest: int = 5_000) -> tuple[int, int]:
    start = chance.randrange(max(len(data), 1))
    return start, min(len(data), start + chance.randint(1, longest))


def flip_bits(data: bytes, _: bytes, chance: Random) -> bytes:
    """One to a few hundred bits flipped."""
    damaged = bytearray(data)
    for _ in range(int(10 ** chance.uniform(0, 2.5))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut_off(data: bytes, _: bytes, chance: Random) -> bytes:
    """The end is missing."""
    return data[: chance.randrange(len(data))]


def cut_the_start(data: bytes, _: bytes, chance: Random) -> bytes:
    """Some of the beginning is missing, or stands behind something else."""
    if chance.random() < 0.5:
        return chance.randbytes(chance.randrange(2_000)) + data
    return data[chance.randrange(min(len(data), 3_000)) :]


def delete_chunks(data: bytes, _: bytes, chance: Random) -> bytes:
    """Parts are missing."""
    for _ in range(chance.randint(1, 4)):
        start, end = _span(data, chance)
        data = data[:start] + data[end:]
    return data


def double_chunks(data: bytes, _: bytes, chance: Random) -> bytes:
    """Parts stand there twice or more, some elsewhere."""
    for _ in range(chance.randint(1, 4)):
        start, end = _span(data, chance)
        place = chance.choice([end, chance.randrange(len(data))])
        data = data[:place] + data[start:end] * chance.choice([1, 1, 2, 50]) + data[place:]
    return data


def blank_chunks(data: bytes, _: bytes, chance: Random) -> bytes:
    """Parts are zeros or noise, as on a disk that fails."""
    for _ in range(chance.randint(1, 4)):
        start, end = _span(data, chance)
        filling = bytes(end - start) if chance.random() < 0.5 else chance.randbytes(end - start)
        data = data[:start] + filling + data[end:]
    return data


def splice(data: bytes, other: bytes, chance: Random) -> bytes:
    """It goes on as another file."""
    return data[: chance.randrange(len(data))] + other[chance.randrange(max(len(other), 1)) :]


def change_numbers(data: bytes, _: bytes, chance: Random) -> bytes:
    """Numbers are others: lengths, places, sizes, counts."""
    found = list(re.finditer(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", data))
    for match in sorted(
        chance.sample(found, min(len(found), chance.randint(1, 20))), key=lambda m: -m.start()
    ):
        number = chance.choice([*_NUMBERS, chance.choice(found)[0]])
        data = data[: match.start()] + number + data[match.end() :]
    return data


def change_names(data: bytes, _: bytes, chance: Random) -> bytes:
    """Names of a PDF (/Type, /Kids) stand for one another."""
    found = list(re.finditer(rb"/[A-Za-z][A-Za-z0-9]{1,20}", data))
    for match in sorted(
        chance.sample(found, min(len(found), chance.randint(1, 12))), key=lambda m: -m.start()
    ):
        data = data[: match.start()] + chance.choice(found)[0] + data[match.end() :]
    return data


def change_streams(data: bytes, other: bytes, chance: Random) -> bytes:
    """What deflated streams of a PDF hold is damaged, and deflated again."""
    found = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL))
    inner = (flip_bits, change_numbers, delete_chunks, double_chunks, change_names)
    for match in sorted(
        chance.sample(found, min(len(found), chance.randint(1, 5))), key=lambda m: -m.start()
    ):
        try:
            plain = zlib.decompress(match[1])
        except zlib.error:
            continue
        if plain:
            packed = zlib.compress(chance.choice(inner)(plain, other, chance))
            data = data[: match.start(1)] + packed + data[match.end(1) :]
    return data


def change_elements(data: bytes, _: bytes, chance: Random) -> bytes:
    """Elements of an XML file are gone, doubled, moved, renamed or put into one another."""
    root = _parsed(data)
    if root is None:
        return data
    for _ in range(chance.randint(1, 12)):
        elements = [element for element in root.iter(etree.Element) if element.getparent() is not None]
        if not elements:
            break
        element = chance.choice(elements)
        _change(element, chance.choice(elements), chance)
    return etree.tostring(root)


def _parsed(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, recover=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _change(element: etree._Element, other: etree._Element, chance: Random) -> None:
    parent = element.getparent()
    assert parent is not None
    twin = copy.deepcopy(element)
    how = chance.choice(["gone", "doubled", "moved", "renamed", "wrapped", "emptied"])
    if how == "gone":
        parent.remove(element)
    elif how == "doubled":
        for _ in range(chance.choice([1, 3, 40])):
            parent.append(copy.deepcopy(twin))
    elif how == "moved" and other is not element:
        other.append(twin)
    elif how == "renamed":
        element.tag = other.tag
    elif how == "wrapped":
        for _ in range(chance.choice([1, 5, 100])):
            around = etree.Element(element.tag)
            around.append(twin)
            twin = around
        parent.replace(element, twin)
    else:
        for child in list(element):
            element.remove(child)
        element.text = None


def change_words(data: bytes, _: bytes, chance: Random) -> bytes:
    """Texts and attributes of an XML file hold odd characters, or nothing, or very much."""
    root = _parsed(data)
    if root is None:
        return data
    elements = list(root.iter(etree.Element))
    for element in chance.sample(elements, min(len(elements), chance.randint(1, 15))):
        word = _word(chance)
        if chance.random() < 0.5 and element.attrib:
            element.set(chance.choice(list(element.attrib)), word)
        else:
            element.text = chance.choice(
                [word, "", f"{element.text or ''}{word}", (element.text or "x") * 100]
            )
    return etree.tostring(root)


def _word(chance: Random) -> str:
    word = "".join(
        chance.choices([*_ODD, "a", "1", " ", "10.1/x", "http://[", "%s", "../.."], k=chance.randint(1, 8))
    )
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", word)


def change_members(data: bytes, other: bytes, chance: Random) -> bytes:
    """Members of a zip are damaged, gone, doubled, renamed, or those of another kind of name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError):
        return data
    for _ in range(chance.randint(1, 4)):
        if not members:
            break
        index = chance.randrange(len(members))
        name, content = members[index]
        how = chance.choice(["bytes", "elements", "elements", "words", "gone", "doubled", "named"])
        if how == "gone":
            del members[index]
        elif how == "doubled":
            members.append((name, chance.choice(members)[1]))
        elif how == "named":
            members[index] = (
                chance.choice(["../../etc/x", "/abs", "a" * 300, "word\\document.xml", name.upper()]),
                content,
            )
        elif content:
            change = {"bytes": chance.choice(BYTES), "elements": change_elements, "words": change_words}[how]
            members[index] = (name, change(content, other, chance))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.NameToInfo.pop(name, None)  # so that two of a name are no warning
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


BYTES: Final[Sequence[Mutation]] = (
    *(flip_bits, cut_off, cut_the_start, delete_chunks, double_chunks, blank_chunks, splice),
)
#: What is done to which kind of file.
MUTATIONS: Final[Mapping[str, Sequence[Mutation]]] = {
    ".pdf": (*BYTES, change_numbers, change_names, change_streams, change_streams, change_streams),
    ".xml": (
        *BYTES,
        change_numbers,
        change_elements,
        change_elements,
        change_elements,
        change_words,
        change_words,
    ),
    ".docx": (*BYTES, change_members, change_members, change_members, change_members),
}
