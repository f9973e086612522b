from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import DamagedFileError, NotAPaperError, TooLargeToReadError
from pipeline.paper import markup
from pipeline.paper.markup import parse_xml


def test_named_characters_of_html_are_kept_without_a_dtd() -> None:
    root = parse_xml(b"<p>5&nbsp;&alpha;&ndash;&lt;b&gt;&#x2009;&amp;</p>")
    assert root.text == "5\u00a0α–<b>\u2009&"


def test_what_stands_between_marks_of_cdata_is_kept_as_it_stands() -> None:
    root = parse_xml(b"<p>a&nbsp;<![CDATA[b &nbsp; <c>]]>&nbsp;d</p>")
    assert root.text == "a\u00a0b &nbsp; <c>\u00a0d"


def test_an_unknown_entity_is_left_out_when_a_dtd_may_declare_it() -> None:
    root = parse_xml(b'<!DOCTYPE p SYSTEM "p.dtd"><p>a &publisherlogo; b</p>')
    assert "".join(t for t in root.itertext() if "&" not in t).split() == ["a", "b"]


def test_tags_lose_their_namespaces() -> None:
    root = parse_xml(
        b'<j:article xmlns:j="https://jats.nlm.nih.gov/ns/archiving/1.3/"><j:front/></j:article>'
    )
    assert root.tag == "article"
    assert root.find("front") is not None


def test_a_file_outside_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    hostile = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]><p>&x;</p>'
    assert b"a secret" not in markup.etree.tostring(parse_xml(hostile.encode()))


def test_entities_that_multiply_are_refused() -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE p [<!ENTITY e0 "aaaaaaaaaa">{lines}]><p>&e8;</p>'
    with pytest.raises(TooLargeToReadError):
        parse_xml(bomb.encode())


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"<article><front></article>", b"<article><front/>", b"%PDF-1.7", b"hello"]
)
def test_what_is_no_whole_xml_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedFileError):
        parse_xml(data)


def test_a_web_page_is_no_paper() -> None:
    with pytest.raises(NotAPaperError, match="web page"):
        parse_xml(b"<!DOCTYPE html><html><body><p>Log in<br></body></html>")


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_BYTES", 100)
    with pytest.raises(TooLargeToReadError, match="larger"):
        parse_xml(b"<p>" + b"x" * 100 + b"</p>")
