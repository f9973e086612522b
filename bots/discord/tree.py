"""The slash command with all that can be chosen after it, and the entry in every message's menu."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from typing import Any, Final

from bots.cards.lists import AUDIENCES
from bots.commands import LONGEST, SHORTEST
from bots.discord.options import CHANNEL, FILE, GROUP, NUMBER, PERSON, YES_NO, Option, Subcommand
from pipeline.narration.voices import LONGEST_STYLE
from storage.cap_words import NAMES, wanted
from storage.records import JobState

#: The entry in a message's menu.
MAKE_OF_MESSAGE: Final = "Make a video"
#: The options that are of use only with a provider.
OF_PROVIDERS: Final = frozenset({"voice", "style", "tone", "footage"})
#: One's own page, which no words open; the group of what admins say, and in it theirs.
HOME, ADMIN, PAGE = "home", "admin", "page"
#: The options that are completed while they are typed.
VIDEO, SCENE = "video", "scene"
_FIGURES: Final = (
    ("auto", "Where the licence allows"),
    ("off", "None"),
    ("all", "All: I may show them"),
)
_TONES: Final = (("plain", "Plain"), ("warm", "Warm"), ("lively", "Lively"))
_WHO: Final = (
    ("everyone", "Everyone"),
    ("code", "Those who know the access code"),
    ("listed", "Those on the list"),
)
_UPLOADS: Final = (
    ("ask", "Ask before they leave"),
    ("cloud", "They go to Gemini and Runway"),
    ("local", "They stay on our machines"),
)
_ON_FAILURE: Final = (
    ("fall-back", "What is embedded takes over"),
    ("fail", "The video fails"),
    ("default", "As Hidden Hill is set up"),
)
#: A command may be used in servers and in direct messages with us; it is installed in servers.
_CONTEXTS: Final = [0, 1]
_INSTALLED: Final = [0]

_SECONDS: Final = Option(
    "seconds", "How long, in seconds; else about 67", NUMBER, least=SHORTEST, most=LONGEST
)
_AUDIENCE: Final = Option(
    "audience", "For whom", choices=tuple((name, f"For {words}") for name, words in AUDIENCES.items())
)
_FOOTAGE: Final = Option("footage", "Whether scenes without data show generated footage", YES_NO)
_APPROVE: Final = Option("approve", "Ask me before a video is made of the script", YES_NO)
_SOURCE: Final = Option(
    "source", "A PMID, a PMCID, a DOI, or its address at PubMed or doi.org", plain=True, most=1000
)
_FILE: Final = Option("file", "A PDF, a Word file (.docx) or a JATS .xml file", FILE)
_VIDEO: Final = Option(
    VIDEO,
    "Which video: its title or id; else this thread’s, or your latest",
    plain=True,
    suggests=True,
    most=100,
)
_MEMBER: Final = Option("person", "Who", PERSON, plain=True, needed=True)
_ON: Final = Option("on", "Yes or no", YES_NO, plain=True, needed=True)
_FILTERS: Final = (
    Option("user", "Whose videos", PERSON),
    Option("state", "How they stand", choices=tuple((str(one), str(one).capitalize()) for one in JobState)),
    Option("since", "From this day on, such as 2026-11-01", most=10),
    Option("until", "Up to this day, such as 2026-11-30", most=10),
    Option("paper", "Part of the title, a PMID, PMCID, DOI or a file’s name", most=100),
)


def _of_a_video(verb: str, about: str) -> Subcommand:
    return Subcommand(verb, about, verb, (_VIDEO,))


SUBCOMMANDS: Final = (
    Subcommand(
        "make",
        "Make a video of a paper",
        "make",
        (
            _SOURCE,
            _FILE,
            _SECONDS,
            _AUDIENCE,
            _APPROVE,
            Option("figures", "The paper’s figures", choices=_FIGURES),
            Option("force", "Make it anew even if it was made before", YES_NO),
            Option("voice", "Who speaks: hibari, or one of Gemini’s voices, such as Kore", most=30),
            Option("style", "How Gemini’s voice speaks, such as: calm and clear", most=LONGEST_STYLE),
            Option("tone", "How Gemini tells it; else plain", choices=_TONES),
            _FOOTAGE,
        ),
    ),
    Subcommand("list", "Your videos", "list"),
    Subcommand(HOME, "Your videos, your quota and what you prefer, on one page", ""),
    _of_a_video("status", "How a video stands"),
    Subcommand(
        "cost", "What a video would cost, without making it", "cost", (_SOURCE, _FILE, _SECONDS, _FOOTAGE)
    ),
    _of_a_video("approve", "Go on with the script that waits for you"),
    _of_a_video("cancel", "Stop a video that is being made"),
    _of_a_video("retry", "Go on with a video that failed or was cancelled"),
    Subcommand(
        "redo",
        "Make one scene anew",
        "redo",
        (
            Option(SCENE, "Which scene", NUMBER, plain=True, suggests=True, least=1, most=99),
            _VIDEO,
        ),
    ),
    _of_a_video("delete", "Delete a video, after a question"),
    _of_a_video("keep", "Keep a video that would be deleted after its time"),
    _of_a_video("link", "Where a video is"),
    Subcommand("quota", "What you had and may have", "quota"),
    Subcommand("me", "What you prefer, and what is remembered of you", "me", (_SECONDS, _AUDIENCE, _APPROVE)),
    Subcommand("forget-me", "Delete your videos and what is remembered of you", "forget-me"),
    Subcommand(
        "join",
        "Use the access code that an admin gave you",
        "join",
        (Option("code", "The code", plain=True, needed=True, most=100),),
    ),
    Subcommand("help", "What can be said", "help"),
)


def _member(name: str, about: str) -> Subcommand:
    return Subcommand(name, about, f"admin {name}", (_MEMBER,))


def _plain(name: str, about: str, *options: Option) -> Subcommand:
    return Subcommand(name, about, f"admin {name}", options)


ADMINS: Final = (
    Subcommand(PAGE, "All videos with filters, limits, and who may do what", ""),
    _plain("list", "All videos, by any of these", *_FILTERS),
    _plain("csv", "The same as a sheet", *_FILTERS),
    _plain("spend", "Who had and spent what this month"),
    _plain("people", "Everybody who used the app"),
    _plain(
        "audit",
        "Who did what",
        Option("lines", "The last so many times", NUMBER, plain=True, least=1, most=200),
    ),
    _plain(
        "quota",
        "The limits; alone it tells them",
        *(
            Option(
                name,
                f"{'Videos' if name.startswith('videos') else 'US dollars'}: {wanted(name)}, or none for no limit",
                most=11,
            )
            for name in NAMES
        ),
    ),
    _plain(
        "allow",
        "Who may have videos made",
        Option("who", "Whom", plain=True, needed=True, choices=_WHO),
    ),
    Subcommand("rotate-code", "A new access code", "rotate-code"),
    _plain("guests", "Whether guests may have videos made", _ON),
    _member("let-in", "One person may have videos made"),
    _member("shut-out", "Take that back"),
    _member("block", "One person may not have videos made, whatever else holds"),
    _member("unblock", "Take that back"),
    _member("add", "Make somebody an admin here"),
    _member("remove", "Take that back"),
    _plain("alerts", "Who hears of what needs attention", _MEMBER, _ON),
    _plain(
        "auto",
        "Whether a PDF dropped in a channel starts without a question",
        Option("channel", "Where", CHANNEL, plain=True, needed=True),
        _ON,
    ),
    _plain("approval", "Whether every script waits for its requester’s word", _ON),
    _plain(
        "retention",
        "Delete finished videos after so many days",
        Option("days", "A number of days, or off", plain=True, needed=True, most=5),
    ),
    _plain(
        "providers",
        "Whether files go to Gemini and Runway, and what happens when one fails",
        Option("uploads", "Files that are handed in", choices=_UPLOADS),
        Option("on-failure", "When a provider fails", choices=_ON_FAILURE),
    ),
    _plain("pause", "Take no new videos for now"),
    _plain("resume", "Take new videos again"),
    _plain(
        "delete",
        "Delete several videos, after a question",
        Option("videos", "Their ids", plain=True, needed=True, most=1000),
    ),
    _plain("help", "What an admin can say"),
)


def commands(name: str, offered: Collection[str] = OF_PROVIDERS) -> list[dict[str, Any]]:
    """All commands, as Discord is told of them; `name` is the slash command's.

    Of the options that need a provider only those are among them that are `offered`.
    """
    missing = OF_PROVIDERS.difference(offered)
    group = {
        "type": GROUP,
        "name": ADMIN,
        "description": "For those who look after this server’s videos",
        "options": [one.json for one in ADMINS],
    }
    shared = {"contexts": _CONTEXTS, "integration_types": _INSTALLED}
    slash = {
        "type": 1,
        "name": name,
        "description": "A paper in, a short narrated video out",
        "options": [*(one.without(missing).json for one in SUBCOMMANDS), group],
    }
    return [slash | shared, {"type": 3, "name": MAKE_OF_MESSAGE} | shared]


def found(path: tuple[str, ...]) -> Subcommand | None:
    """The subcommand of that path; `None` for one that a newer or older program had."""
    return next((one for where, one in paths() if where == path), None)


def digest(told: list[dict[str, Any]]) -> str:
    """Equal for commands that are the same."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def paths() -> Iterator[tuple[tuple[str, ...], Subcommand]]:
    """Every subcommand with the names that lead to it."""
    for one in SUBCOMMANDS:
        yield (one.name,), one
    for one in ADMINS:
        yield (ADMIN, one.name), one
