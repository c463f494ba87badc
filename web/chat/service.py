"""What runs in a worker beside the requests: the way to the bot, answering, waking, chores."""

from __future__ import annotations

from web.chat.answering import Answering
from web.chat.bot import Bot
from web.chat.chores import Chores
from web.chat.wakeup import Wakeup


class Service:
    """Everything that belongs to the worker's event loop. Views reach the running one by `running()`."""

    def __init__(self) -> None:
        self.bot = Bot()
        self.wakeup = Wakeup()
        self.answering = Answering(self.bot, self.wakeup)
        self.chores = Chores()

    async def start(self) -> None:
        global _running
        self.wakeup.start()
        self.answering.start()
        self.chores.start()
        _running = self

    async def stop(self) -> None:
        global _running
        _running = None
        await self.chores.stop()
        await self.answering.stop()
        await self.wakeup.stop()
        await self.bot.close()


_running: Service | None = None


def running() -> Service:
    """This worker's service. Raises RuntimeError where the process was started without lifespan events."""
    if _running is None:
        raise RuntimeError("the service is not running: serve web.asgi with lifespan events on")
    return _running
