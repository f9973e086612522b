"""How fast the messenger writes in Discord."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from bots.messenger.pacing import Pacing

#: Writes a second in a channel, and how many at once after a pause. Discord takes five edits and five posts in five
#: seconds in each: faster, or with a larger burst, they are gone too soon, and what is new waits for the rest of these.
RATE: Final = 0.8
BURST: Final = 2.0
#: Edits a second in all channels together, of the 50 calls that Discord takes of an app.
EDITS: Final = 20.0


def discord_pacing(clock: Callable[[], float] = time.monotonic) -> Pacing:
    """A pace within Discord's limits; a channel whose limit is used up holds up no other."""
    return Pacing(
        rate=RATE, burst=BURST, edit_rate=EDITS, edit_burst=EDITS, edits_together=False, clock=clock
    )
