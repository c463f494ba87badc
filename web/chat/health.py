"""`/health`: which part works. 200 where all do, else 503; the names are for whoever runs it, and hold no secret."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import psycopg
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from psycopg_pool import PoolTimeout

from web.chat import facts
from web.chat.bot import Bot
from web.chat.database import direct_connection, query
from web.chat.service import running

_SECONDS = 4.0


async def health_view(request: HttpRequest) -> JsonResponse:
    """{"status": "ok" | "disturbed", "parts": {name: "ok" or what is wrong}}."""
    bot = running().bot
    database, rasa, actions = await asyncio.gather(
        _within(_database(), "no answer"), _within(_rasa(bot), "no answer"), _within(_actions(bot), "no answer")
    )
    rasa_state, _, model_state = rasa.partition("|")
    parts = {
        "web": "ok",
        "database": database,
        "rasa": rasa_state,
        "model": model_state or "unknown",
        "actions": actions,
        "content": "broken files, the last good ones are used" if facts.problems() else "ok",
    }
    well = all(state == "ok" for state in parts.values())
    status = {"status": "ok" if well else "disturbed", "parts": parts}
    return JsonResponse(status, status=200 if well else 503, headers={"Cache-Control": "no-store"})


async def _within(check: Awaitable[str], otherwise: str) -> str:
    try:
        return await asyncio.wait_for(check, _SECONDS)
    except asyncio.TimeoutError:
        return otherwise


async def _database() -> str:
    """First past the pool: while the database is away its threads are taken by those who wait for it. Then through it, as
    everything goes that way."""

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select 1")

    try:
        async with await direct_connection() as asking:
            await asking.execute("select 1")
        await query(ask)
    except (psycopg.Error, DatabaseError, PoolTimeout, OSError):
        return "away"
    return "ok"


async def _rasa(bot: Bot) -> str:
    """The states of Rasa and of its model, with a bar between."""
    state = await bot.health()
    if state is None:
        return "away|unknown"
    if "error" in state:  # the channel refuses us, for one because its secret is another
        return f"{state['error']}|unknown"
    return "ok|ok" if state.get("model") else "ok|none is loaded"


async def _actions(bot: Bot) -> str:
    return "ok" if await bot.actions_are_up() else "away"
