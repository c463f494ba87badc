"""What a request of the chat's API says: who asks, about which conversation, with which body."""

from __future__ import annotations

import functools
import json
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, QueryDict

from content import REGISTERS, Register
from web.chat import switch
from web.chat.database import query
from web.chat.errors import ChatError
from web.chat.faults import described
from web.chat.keys import KeyRefused, read_key
from web.chat.limits import AddressLimit, address_of
from web.chat.models import Channel
from web.chat.origin import is_allowed, is_elsewhere
from web.chat.rows import Deleted

logger = logging.getLogger(__name__)

T = TypeVar("T")
View = Callable[..., Awaitable[HttpResponseBase]]
LARGEST = 2**31 - 1
_address_limit = AddressLimit(settings.WOHNLOTSE.address_per_minute)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def api(**views: View) -> Callable[..., Any]:
    """One view out of one for each method: `api(GET=read, POST=write)`. Whatever goes wrong gets the shape of an error."""

    @functools.wraps(next(iter(views.values())))
    async def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            if request.method not in views:
                raise ChatError("method_not_allowed")
            if request.method != "GET" and not is_allowed(request):
                raise ChatError("forbidden")
            response = await views[request.method](request, **kwargs)
        except ChatError as error:
            response = error.response(_register_of_errors(request))
            if error.code == "method_not_allowed":
                response.headers["Allow"] = ", ".join(views)
        except Deleted:
            response = ChatError("deleted").response(_register_of_errors(request))
        except Exception as error:
            logger.error("%s", described(error))
            response = ChatError("unavailable").response(_register_of_errors(request))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return view


def conversation_of(request: HttpRequest) -> uuid.UUID:
    """The conversation whose key the request carries. Raises ChatError."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise KeyRefused
        return read_key(key.strip())
    except KeyRefused:
        raise ChatError("unauthorized") from None


def body_of(request: HttpRequest, fields: dict[str, Callable[[Any], Any]], required: set[str]) -> dict[str, Any]:
    """The fields of the JSON body, each read by its function, which raises ValueError with what is wrong. Raises ChatError
    that names every wrong field."""
    if request.content_type != "application/json":
        raise ChatError("unsupported_type")
    try:
        raw = request.body
    except RequestDataTooBig:
        raise ChatError("too_large") from None
    if len(raw) > settings.WOHNLOTSE.body_bytes:  # sent in chunks, without a length
        raise ChatError("too_large")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ChatError("invalid", {"fields": {"": "kein gültiges JSON"}}) from None
    if not isinstance(body, dict):
        raise ChatError("invalid", {"fields": {"": "muss ein JSON-Objekt sein"}})
    wrong = {name[:40].encode(errors="replace").decode(): "dieses Feld gibt es nicht" for name in body.keys() - fields.keys()}
    wrong |= dict.fromkeys(required - body.keys(), "fehlt")
    read: dict[str, Any] = {}
    for name in body.keys() & fields.keys():
        try:
            read[name] = fields[name](body[name])
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise ChatError("invalid", {"fields": wrong})
    return read


async def check_switch() -> None:
    """Raises ChatError while the chat is switched off."""
    state = await query(switch.current)
    if not state.on:
        raise ChatError("switched_off", comment=state.comment)


def check_address(request: HttpRequest) -> None:
    """Raises ChatError where the address has done as much as it may in a minute."""
    if not _address_limit.takes(address_of(request)):
        raise ChatError("too_many")


def channel_of(request: HttpRequest) -> Channel:
    """Where the citizen writes."""
    return Channel.EMBEDDED if is_elsewhere(request) else Channel.WIDGET


def register_of(request: HttpRequest) -> Register:
    """The parameter `register`. Raises ChatError."""
    return _parameter(request.GET, "register", a_register, "standard")


def number_of(request: HttpRequest, name: str) -> int:
    """The parameter `name`, 0 where it is missing. Raises ChatError."""
    return _parameter(request.GET, name, lambda text: a_number(int(text)), 0)


def a_register(value: Any) -> Register:
    if value not in REGISTERS:
        raise ValueError("muss standard, einfach oder en sein")
    return cast(Register, value)


def a_number(value: Any) -> int:
    """A sequence number or 0."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    raise ValueError("muss eine ganze Zahl sein")


def a_uuid(value: Any) -> uuid.UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError("muss eine UUID sein")
    return uuid.UUID(value)


def a_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("muss ein Text sein")
    return value


def a_switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("muss true oder false sein")
    return value


def _parameter(parameters: QueryDict, name: str, read: Callable[[str], T], default: T) -> T:
    if name not in parameters:
        return default
    try:
        return read(str(parameters[name]))
    except ValueError as error:
        message = str(error) if str(error).startswith("muss") else "muss eine ganze Zahl sein"
        raise ChatError("invalid", {"fields": {name: message}}) from None


def _register_of_errors(request: HttpRequest) -> Register:
    """The language of an error: what the citizen's program asked for, as far as it can be told."""
    asked = request.GET.get("register") or request.headers.get("Accept-Language", "")[:2]
    return "en" if asked == "en" else "standard"
