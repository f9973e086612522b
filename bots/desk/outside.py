"""What an admin decides about providers outside: which files go to them, and what happens when one fails."""

from __future__ import annotations

from typing import Final

from bots.cards.admin import AS_SET_UP
from bots.commands import echoed
from bots.desk.access import Standing
from bots.desk.deciding import decided
from bots.desk.replies import House, Reply, said

#: What can be decided → what it says. The first name is the field of the terms.
_UPLOADS: Final = {
    "ask": "Whoever hands a file in is asked before any of it goes to Gemini or Runway.",
    "cloud": "Files that are handed in go to Gemini and Runway without a question, where they are set up.",
    "local": "Files that are handed in stay on our own machines, whatever is set up.",
}
_ON_FAILURE: Final = {
    "fall-back": "When a provider fails, what is embedded takes over, and the video says so.",
    "fail": "When a provider fails for good, the video fails; Retry goes on from there.",
    AS_SET_UP: "When a provider fails, it is done as Hidden Hill is set up.",
}


def uploads(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    """`uploads ask`, `cloud` or `local`."""
    word = words[0].casefold() if len(words) == 1 else ""
    if word not in _UPLOADS:
        return said(f"Say where files may go: {house.tongue.say('admin uploads ask')}, cloud or local.")
    return decided(house, me, {"uploads": word}, "uploads", _UPLOADS[word], detail=word)


def on_failure(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    """`on-failure fall-back`, `fail` or `default`."""
    word = words[0].casefold() if len(words) == 1 else ""
    word = {"fallback": "fall-back"}.get(word, word)
    if word not in _ON_FAILURE:
        how = house.tongue.say("admin on-failure fall-back")
        return said(f"Say what happens when a provider fails: {how}, fail or {AS_SET_UP}.")
    prefers = None if word == AS_SET_UP else word
    return decided(house, me, {"on_failure": prefers}, "on-failure", _ON_FAILURE[word], detail=word)


def providers(house: House, me: Standing, words: tuple[str, ...]) -> Reply:
    """Both in one: `providers uploads=local on-failure=fail`; alone it tells what holds."""
    if not words:
        prefers = me.terms.on_failure or AS_SET_UP
        return said(f"{_UPLOADS[me.terms.uploads]} {_ON_FAILURE[prefers]}")
    told = []
    for word in words:
        name, _, value = word.partition("=")
        decide = {"uploads": uploads, "on-failure": on_failure}.get(name.casefold())
        if decide is None:
            return said(f"I don’t know what {echoed(word)} means there: say uploads= or on-failure=.")
        told.append(decide(house, me, (value,)).card.text)
    return said(" ".join(told))
