"""Small JATS articles made for the tests."""

from __future__ import annotations

WORDS = "We measured the height of every hill in the valley, and it grew by 12 cm in a year. " * 5
ABSTRACT = f"<abstract><p>{WORDS}</p></abstract>"
BODY = f"<body><sec><title>Results</title><p>{WORDS}</p></sec></body>"
OPEN = (
    '<permissions><license xlink:href="http://creativecommons.org/licenses/by/4.0/">'
    "<license-p>Open.</license-p></license></permissions>"
)


def article(
    *,
    title: str = "Hills grow",
    meta: str = "",
    abstract: str = ABSTRACT,
    body: str = BODY,
    attributes: str = 'article-type="research-article"',
    after: str = "",
) -> bytes:
    """A JATS article; `meta` goes behind the title, `after` behind the body."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.2//EN" "JATS.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"
 {attributes}>
<front><journal-meta><journal-title-group><journal-title>Annals of Hills</journal-title></journal-title-group>
</journal-meta><article-meta>
<title-group><article-title>{title}</article-title></title-group>{meta}{abstract}</article-meta></front>
{body}{after}</article>""".encode()


def in_body(inside: str) -> bytes:
    """An article whose body holds `inside` beside enough words."""
    return article(body=f"<body><sec><title>Results</title>{inside}<p>{WORDS}</p></sec></body>")
