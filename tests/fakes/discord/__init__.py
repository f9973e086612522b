"""A Discord on loopback: REST, gateway, files and uploads, and a hand for the test to act with.

It speaks Discord's wire protocol over real sockets, so that discord.py runs against it unchanged, and it
refuses what the real one refuses. What the wire looks like stands in `tests/contracts/discord.json`.
"""

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.state import BOT_USER, GUILD, Call, Channel, File, Message, Modal, Sent, User

__all__ = [
    "BOT_USER",
    "GUILD",
    "Call",
    "Channel",
    "FakeDiscord",
    "File",
    "Message",
    "Modal",
    "Sent",
    "User",
]
