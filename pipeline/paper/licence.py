"""Which licence a paper is under, read from the address it links and from the words it uses."""

from __future__ import annotations

import re


def _any_of(*wordings: str) -> re.Pattern[str]:
    return re.compile("|".join(wordings), re.IGNORECASE)


_ADDRESS = re.compile(
    r"creativecommons\.org/licen[sc]es/(?P<terms>by(?:-[a-z]{2})*)(?:/(?P<version>\d\.\d)(?P<igo>/igo)?)?",
    re.IGNORECASE,
)
_COMMONS = r"creative[ -]commons[ ,:“”\"'-]*"
_ATTRIBUTION = _any_of(
    r"\bcc[ -]?by\b",
    _COMMONS + r"(attribution|atribui[cç][aã]o|atribuci[oó]n|reconocimiento)",
    _COMMONS + r"(non[ -]?commercial|no[ -]?deriv|share[ -]?alike)",
)
_CODE = r"cc[ -]?by(?:[ -](?:nc|nd|sa))*"
_VERSION = re.compile(
    rf"(?:\b{_CODE}|attribution|atribui[cç][aã]o|atribuci[oó]n|commercial|derivs?|derivatives?|alike)"
    rf"(?:[\s(),:-]|public|unported|international|licen[cs]e|version|v\.?(?=\d)|{_CODE}){{0,8}}(\d\.\d)\b",
    re.IGNORECASE,
)
#: "Commercial and non-commercial use" allows both.
_NON_COMMERCIAL = _any_of(
    r"(?<!commercial and )(?<!commercial or )(?<!commercial as well as )(?<!commercial and/or )"
    r"\bnon[-‐‑– ]?commercial",
    r"\b(não|nao|no)[- ]comercia",
    r"\bcc[ -]?by[ -]nc",
    r"not be used for commercial",
    r"\bno commercial (re-?)?use",
)
_NO_DERIVATIVES = _any_of(
    r"\bno[-‐‑– ]?deriv",
    r"\bcc[ -]?by([ -]nc)?[ -]nd",
    r"no modifications or adaptations",
    r"not altered, transformed",
    r"do not have permission under this licen[cs]e to share adapted",
    r"\b(sem|sin)( obras?)? deriva",
)
_SHARE_ALIKE = _any_of(
    r"\bshare[-‐‑– ]?alike",
    r"\bcc[ -]?by([ -]nc)?[ -]sa",
    r"\b(identical|same) (terms|licen[cs]e)",
    r"compart(ir|ilha)[ -]?igual",
)
_ZERO = _any_of(r"\bcc[ -]?0\b", r"creative commons zero", r"publicdomain/zero")
#: A waiver for the data beside an article says nothing of the article.
_DATA_ONLY = _any_of(r"appl(y|ies) to the data", r"data[^.]{0,40}\b(cc0|public domain)")
_PUBLIC_DOMAIN = _any_of(
    r"^public[- ]domain\b",
    r"\b(is|are|as|being) (placed )?(in (the )?)?public[- ]domain",
    r"\bpublic[- ]domain (mark|work|article|notice)",
    r"publicdomain/mark",
    r"\b(us|u\.s\.|united states) government work",
    r"\bwork of the (us|u\.s\.|united states) government",
)


def spdx(href: str | None, text: str) -> str | None:
    """The licence as an SPDX expression, or `None` when neither address nor words say.

    Words that restrict (non-commercial, no derivatives, share alike) count even where the address
    omits them. Attribution without a version is `LicenseRef-CC-BY…`, the public domain
    `LicenseRef-public-domain`.
    """
    words = " ".join(text.split())
    everything = f"{words} {href or ''}"
    addresses = list(_ADDRESS.finditer(everything))
    if addresses or _ATTRIBUTION.search(words):
        return _attribution(addresses, words)
    if _DATA_ONLY.search(words):
        return None
    if _ZERO.search(everything):
        return "CC0-1.0"
    if _PUBLIC_DOMAIN.search(everything):
        return "LicenseRef-public-domain"
    return None


def _attribution(addresses: list[re.Match[str]], words: str) -> str:
    terms = {term for address in addresses for term in address["terms"].lower().split("-")}
    if _NON_COMMERCIAL.search(words):
        terms.add("nc")
    if _NO_DERIVATIVES.search(words):
        terms.add("nd")
    elif _SHARE_ALIKE.search(words):
        terms.add("sa")
    name = "-".join(["CC-BY", *(term.upper() for term in ("nc", "nd", "sa") if term in terms)])
    version = next((address["version"] for address in addresses if address["version"]), None)
    if version is None and (said := _VERSION.search(words)):
        version = said[1]
    if version is None:
        return f"LicenseRef-{name}"
    return f"{name}-{version}-IGO" if any(address["igo"] for address in addresses) else f"{name}-{version}"


def allows_figures(licence: str | None) -> bool:
    """Whether a video may show this paper's own figures: it crops them, and may be put to any use."""
    if licence is None:
        return False
    if licence in {"CC0-1.0", "LicenseRef-public-domain"}:
        return True
    return re.fullmatch(r"(LicenseRef-)?CC-BY(-SA)?(-\d\.\d(-IGO)?)?", licence) is not None
