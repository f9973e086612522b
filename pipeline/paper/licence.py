"""Which licence a paper is under, read from the address it links and from the words it uses."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licen[sc]es/(?P<terms>by(?:-[a-z]{2})*)(?:/(?P<version>\d\.\d)(?P<igo>/igo)?)?"
    r"|publicdomain/(?P<domain>zero|mark))",
    re.I,
)
_ATTRIBUTION = re.compile(
    r"\bcc[ -]?by\b|creative[ -]commons[ ,:“”\"']*(?:attribution|atribui[cç][aã]o|atribuci[oó]n|reconocimiento|paternit[eé])"
    r"|creative[ -]commons[ -]*(?:non[ -]?commercial|no[ -]?deriv|share[ -]?alike)",
    re.I,
)
_VERSION = re.compile(
    r"(?:\bcc[ -]?by(?:[ -](?:nc|nd|sa))*|attribution|atribui[cç][aã]o|atribuci[oó]n|commercial|derivs?|derivatives?|alike)"
    r"(?:[\s(),:-]|public|unported|international|licen[cs]e|version|v\.?(?=\d)|cc[ -]by(?:[ -](?:nc|nd|sa))*){0,8}(\d\.\d)\b",
    re.I,
)
#: "commercial and non-commercial use" allows both and is no NC.
_NON_COMMERCIAL = re.compile(
    r"(?<!commercial and )(?<!commercial or )(?<!commercial as well as )(?<!commercial and/or )"
    r"\bnon[-‐‑– ]?commercial|\bn[ãa]o[- ]comercia|\bno[- ]comercia|\bcc[ -]?by[ -]nc|not be used for commercial|no commercial (?:re-?)?use",
    re.I,
)
_NO_DERIVATIVES = re.compile(
    r"\bno[-‐‑– ]?deriv|no modifications or adaptations|without (?:any )?(?:modification|alteration|adaptation)|unaltered|"
    r"not altered, transformed|sem deriva|sin (?:obra )?deriva|\bcc[ -]?by(?:[ -]nc)?[ -]nd|do not have permission under this licen[cs]e to share adapted",
    re.I,
)
_SHARE_ALIKE = re.compile(
    r"\bshare[-‐‑– ]?alike|\bcc[ -]?by(?:[ -]nc)?[ -]sa|(?:identical|same) (?:terms|licen[cs]e)|compartil?h?a?r?[ -]?igual",
    re.I,
)
_ZERO = re.compile(r"\bcc[ -]?0\b|creative commons zero|publicdomain/zero", re.I)
#: A waiver for the data beside an article says nothing of the article.
_DATA_ONLY = re.compile(
    r"(?:applies|apply) to the data|(?:data|metadata)[^.]{0,40}\b(?:cc0|public domain)", re.I
)
_PUBLIC_DOMAIN = re.compile(
    r"\b(?:(?:is|are|as|being) (?:placed )?(?:in (?:the )?)?public[- ]domain|public[- ]domain (?:mark|work|article|notice)"
    r"|us government works?|work of the (?:u\.?s\.?|united states) government|publicdomain/mark)|^public[- ]domain\b",
    re.I,
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
    linked = [address for address in addresses if address["terms"]]
    if linked or _ATTRIBUTION.search(words):
        return _attribution(linked, words)
    if _DATA_ONLY.search(words):
        return None
    if _ZERO.search(everything):
        return "CC0-1.0"
    if _PUBLIC_DOMAIN.search(everything):
        return "LicenseRef-public-domain"
    return None


def _attribution(linked: list[re.Match[str]], words: str) -> str:
    stated = {term for address in linked for term in address["terms"].lower().split("-")}
    if _NON_COMMERCIAL.search(words):
        stated.add("nc")
    if _NO_DERIVATIVES.search(words):
        stated.add("nd")
    elif _SHARE_ALIKE.search(words):
        stated.add("sa")
    name = "-".join(["CC-BY", *(term.upper() for term in ("nc", "nd", "sa") if term in stated)])
    version = next((address["version"] for address in linked if address["version"]), None)
    if version is None and (said := _VERSION.search(words)):
        version = said[1]
    if version is None:
        return f"LicenseRef-{name}"
    return f"{name}-{version}-IGO" if any(address["igo"] for address in linked) else f"{name}-{version}"


def allows_figures(licence: str | None) -> bool:
    """Whether a video may show this paper's own figures: it crops them, and may be put to any use."""
    if licence is None:
        return False
    if licence in {"CC0-1.0", "LicenseRef-public-domain"}:
        return True
    return re.fullmatch(r"(?:LicenseRef-)?CC-BY(?:-SA)?(?:-\d\.\d(?:-IGO)?)?", licence) is not None
