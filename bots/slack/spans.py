"""Words in styles, as Slack takes them: elements of rich text, and elements of a small grey line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from bots.cards.card import Rich, Span
from bots.cards.literal import clean, shortened, units
from bots.slack.literal import escaped, is_harmless, markup, plain_text

#: A text object holds at most so much, and so do all texts of one rich text block, to be safe.
TEXT: Final = 3_000
#: The elements that a small line may have.
_ELEMENTS: Final = 10
_ADDRESS: Final = 3_000
_MOMENTS: Final = {
    "time": "{time}",
    "day": "{date_long_full}",
    "both": "{date_short_pretty} at {time}",
}
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
_MOMENT: Final = re.compile(r"(time|day|both):(\d{1,12})")
#: Words that nothing in Slack's markup could take for markup.
_TAME: Final = re.compile(r"[^\W_][^\W_]*(?:[ ,.;()%$/+–’-]+[^\W_]+)*[.)]?")

Element = dict[str, Any]


def rich_elements(spans: Rich) -> list[Element]:
    """The spans as elements of a rich text section or quote; nothing in them needs escaping."""
    return [element for span in spans if (element := _rich(span))]


def _rich(span: Span) -> Element | None:
    text = clean(span.text)
    if span.style == "person" and _PERSON.fullmatch(span.target):
        return {"type": "user", "user_id": span.target}
    if span.style == "moment" and (at := _MOMENT.fullmatch(span.target)):
        return {
            "type": "date",
            "timestamp": int(at[2]),
            "format": _MOMENTS[at[1]],
            "fallback": text or "then",
        }
    if not text:
        return None
    if span.style == "link" and (url := safe_address(span.target)):
        return {"type": "link", "url": url, "text": text}
    style = {"bold": "bold", "italic": "italic", "code": "code", "strike": "strike"}.get(span.style)
    return {"type": "text", "text": text} | ({"style": {style: True}} if style else {})


def emboldened(element: Element) -> Element:
    """The element in bold."""
    return {**element, "style": {**element.get("style", {}), "bold": True}}


def length(elements: list[Element]) -> int:
    """How much text the elements hold."""
    return sum(units(str(element.get("text") or element.get("fallback") or "")) for element in elements)


def small_elements(spans: Rich) -> list[Element]:
    """The spans as elements of a context block: one if they are harmless together, else literal ones between.

    Only people, moments, links and harmless words go where Slack parses markup; whatever else is literal.
    """
    there = [span for span in spans if span.text or span.style == "person"]
    words = clean("".join(span.text for span in there))
    if all(span.style in ("plain", "muted") for span in there):
        return _literal(words)
    if is_harmless(words.strip()) and units(escaped(words)) < TEXT // 2:
        return [markup("".join(_markup(span) or escaped(clean(span.text)) for span in there).strip())]
    elements = _one_by_one(there)
    return elements if len(elements) <= _ELEMENTS else _literal(words)


def _one_by_one(spans: Sequence[Span]) -> list[Element]:
    elements: list[Element] = []
    run = ""
    for span in spans:
        if (said := _markup(span)) is None:
            run += clean(span.text)
            continue
        elements += [*_literal(run), markup(said)]
        run = ""
    return elements + _literal(run)


def _literal(text: str) -> list[Element]:
    return [plain_text(text, TEXT)] if text.strip() else []


def _markup(span: Span) -> str | None:
    """The span in Slack's markup, `None` if it is better shown literally."""
    text = clean(span.text)
    harmless = is_harmless(text)
    if span.style == "person" and _PERSON.fullmatch(span.target):
        return f"<@{span.target}>"
    if span.style == "moment" and (at := _MOMENT.fullmatch(span.target)):
        return f"<!date^{at[2]}^{_MOMENTS[at[1]]}|{escaped(text).replace('|', ' ') or 'then'}>"
    if span.style == "link" and harmless:
        return linked(text, span.target)
    if span.style == "code" and text and not re.search(r"[`\n]", text):
        return f"`{escaped(text)}`" if units(escaped(text)) < TEXT - 2 else None
    if span.style == "bold" and harmless and units(escaped(text)) < TEXT - 2:
        return f"*{escaped(text)}*"
    return None


def linked(text: str, url: str) -> str | None:
    """Slack's markup for harmless words that lead to `url`; `None` where that can't be written."""
    address = safe_address(url)
    if address is None or "|" in text:
        return None
    return f"<{escaped(address).replace('|', '%7C')}|{escaped(shortened(text, 300))}>"


def safe_address(url: str) -> str | None:
    """`url` if a browser may go there and Slack takes it, else `None`."""
    address = quote(clean(url).strip(), safe=":/?#[]@!$&'()*+,;=%~-._")
    return (
        address if re.match(r"https?://[^/?#]", address, re.IGNORECASE) and len(address) <= _ADDRESS else None
    )
