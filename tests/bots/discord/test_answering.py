"""Who was not answered yet comes first, but nobody waits for ever behind others."""

from __future__ import annotations

import asyncio

import pytest

from bots.discord import answering
from bots.discord.answering import Answering


def test_what_was_asked_waits_until_everybody_was_answered() -> None:
    async def work() -> list[str]:
        door, told = Answering(), list[str]()
        slow = asyncio.Event()

        async def answer(name: str) -> None:
            async with door:
                await slow.wait()
            told.append(f"answered {name}")

        answers = [asyncio.create_task(answer(name)) for name in ("one", "two")]
        await asyncio.sleep(0)
        begun = asyncio.create_task(door.over())
        await asyncio.sleep(0)
        assert not begun.done()
        slow.set()
        await asyncio.gather(*answers)
        await begun
        await door.over()  # at once, where nobody is being answered
        return told

    assert asyncio.run(work()) == ["answered one", "answered two"]


def test_an_answer_that_fails_holds_nobody_up() -> None:
    async def work() -> None:
        door = Answering()
        with pytest.raises(OSError, match="away"):
            async with door:
                raise OSError("away")
        async with asyncio.timeout(1):
            await door.over()

    asyncio.run(work())


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "PATIENCE", 0.05)

    async def work() -> None:
        door = Answering()
        async with door, asyncio.timeout(5):
            await door.over()

    asyncio.run(work())
