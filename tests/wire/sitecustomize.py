"""Python runs this file at the start of each process that has its folder on PYTHONPATH, children included.

From then on the process may speak to this machine only: every other host that it looks up or addresses is noted in the file
that WIRE_LOG names, and refused, so that nothing leaves while a test looks on. What libraries in other languages do by
themselves is not seen: PostgreSQL's client, for one.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Any

#: What Python tells of before it does it, and which of the arguments says whom it is for.
_ADDRESSING = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event in _ADDRESSING:
        _allow(args[_ADDRESSING[event]])


def _allow(address: Any) -> None:
    """Raises PermissionError where `address` (a host, a pair that starts with one, the path of a socket) is elsewhere."""
    host = address[0] if isinstance(address, tuple) and address else None if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = os.fsdecode(host)
    if host and not _is_here(str(host)):
        with open(os.environ["WIRE_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{host}\n")
        raise PermissionError(f"a test forbids to speak to {host}")


def _is_here(host: str) -> bool:
    if host == "localhost" or host.startswith(("/", "\0")):  # of a socket: its path
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _watch_uvloop() -> None:
    """Its loop is written in C and tells nothing of itself."""
    try:
        import uvloop
    except ImportError:
        return
    create_connection, getaddrinfo = uvloop.Loop.create_connection, uvloop.Loop.getaddrinfo

    async def watched_connection(loop: Any, factory: Any, host: Any = None, *args: Any, **more: Any) -> Any:
        _allow(host)
        return await create_connection(loop, factory, host, *args, **more)

    async def watched_lookup(loop: Any, host: Any, *args: Any, **more: Any) -> Any:
        _allow(host)
        return await getaddrinfo(loop, host, *args, **more)

    uvloop.Loop.create_connection, uvloop.Loop.getaddrinfo = watched_connection, watched_lookup


if "WIRE_LOG" in os.environ:
    sys.addaudithook(_audit)
    _watch_uvloop()
