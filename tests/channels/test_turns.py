"""Messages are let through one after the other; one that hangs does not stop the rest."""

from __future__ import annotations

import asyncio

from channels.turns import Turns


def test_messages_are_let_through_one_after_the_other_in_their_order() -> None:
    seen: list[str] = []

    async def message(turns: Turns, name: str) -> None:
        async with turns.next():
            seen.append(f"{name} begins")
            await asyncio.sleep(0.001)
            seen.append(f"{name} ends")

    async def main() -> None:
        turns = Turns(patience=60)
        await asyncio.gather(*(message(turns, name) for name in "abc"))

    asyncio.run(main())
    assert seen == ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]


def test_message_that_hangs_holds_up_the_others_no_longer_than_patience() -> None:
    async def main() -> bool:
        turns = Turns(patience=0.01)
        over = asyncio.Event()

        async def hanging() -> None:
            async with turns.next():
                await over.wait()

        hang = asyncio.create_task(hanging())
        await asyncio.sleep(0)
        async with turns.next():
            still_hanging = not hang.done()
        over.set()
        await hang
        async with turns.next():  # whoever waited in vain has not given back what was not his
            return still_hanging and turns._running.locked()

    assert asyncio.run(main())


def test_message_that_fails_lets_the_next_one_through() -> None:
    async def main() -> bool:
        turns = Turns(patience=60)
        try:
            async with turns.next():
                raise ValueError("broken")
        except ValueError:
            pass
        async with turns.next():
            return True

    assert asyncio.run(main())
