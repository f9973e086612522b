"""Licences as people write them, and where they can be read."""

from __future__ import annotations

import re

_NAMED = {"CC0-1.0": "CC0", "LicenseRef-public-domain": "Public domain"}
_COMMONS = re.compile(r"CC-((?:BY|NC|ND|SA)(?:-(?:BY|NC|ND|SA))*)(?:-(\d\.\d))?(?:-([A-Z]+))?")


def licence_name(spdx: str | None) -> str:
    """A licence as people write it ("CC BY-NC 4.0"), "" when unknown."""
    if not spdx:
        return ""
    if spdx in _NAMED:
        return _NAMED[spdx]
    name = spdx.removeprefix("LicenseRef-")
    if commons := _COMMONS.fullmatch(name):
        terms, version, place = commons.groups()
        return " ".join(part for part in ("CC", terms, version, place) if part)
    return name.replace("-", " ")


def licence_link(spdx: str | None) -> str:
    """Where a Creative Commons licence of a known version can be read, "" for any other."""
    if spdx == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    commons = _COMMONS.fullmatch(spdx or "")
    if commons is None or commons[2] is None:
        return ""
    terms, version, place = commons.groups()
    where = f"{place.lower()}/" if place else ""
    return f"https://creativecommons.org/licenses/{terms.lower()}/{version}/{where}"
