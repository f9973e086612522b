"""What a message of ours carries where nobody sees it, so that it is known again, and posted once.

Discord has no metadata. But each component may have a number, which survives edits: the first one's is made
from the tag. And a message that is sent again with the same nonce within a few minutes is not posted again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bots.discord.controls import Component
from bots.port import Tag

#: Milliseconds of 1970 at which Discord's ids begin.
_EPOCH: Final = 1_420_070_400_000
#: Numbers of components end here; those below are left to Discord, which counts from one.
_LARGEST, _LOWEST = 2**31 - 1, 1_000
#: Characters of a nonce.
_NONCE: Final = 25


def marked(components: Sequence[Component], tag: Tag) -> list[Component]:
    """The components with the tag on the first of them."""
    return [{**components[0], "id": number_of(tag)}, *components[1:]]


def carries(message: Mapping[str, Any], tag: Tag) -> bool:
    """Whether a message, as Discord gives it, has the tag."""
    components = list(message.get("components") or ())
    return bool(components) and components[0].get("id") == number_of(tag)


def number_of(tag: Tag) -> int:
    """The number that the tag is written as. Of a thousand messages, two share one once in four thousand times."""
    return _LOWEST + int.from_bytes(_digest(tag)[:8]) % (_LARGEST - _LOWEST)


def nonce_of(tag: Tag) -> str:
    """What a message with this tag is sent with."""
    return _digest(tag).hex()[:_NONCE]


def id_at(moment: float) -> str:
    """The id that a message of that moment (epoch seconds) would have at least."""
    return str(max(int(moment * 1000) - _EPOCH, 0) << 22)


def moment_of(message: str) -> float:
    """When the message of that id was posted (epoch seconds)."""
    return ((int(message) >> 22) + _EPOCH) / 1000


def _digest(tag: Tag) -> bytes:
    return hashlib.sha256(f"{tag.job}\0{tag.what}".encode()).digest()
