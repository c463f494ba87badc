"""The staff of the Servicestelle, in a process of their own: what they do goes the way of the console."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.browser.child import Child, running_child

#: What Frau Diehl is called where citizens see her; a colleague shows no name.
DIEHL = "Frau Diehl von der Servicestelle"
NAMELESS = "eine Person von der Servicestelle"


class Staff:
    """Two members of staff, „diehl“ and „kollegin“."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def there(self, is_there: bool = True) -> None:
        """Somebody takes conversations, or nobody does."""
        self._do("there", is_there)

    def hand(self, conversation: uuid.UUID, event: str, by: str = "diehl") -> None:
        """An event of the state machine."""
        self._do("hand", str(conversation), event, by)

    def say(self, conversation: uuid.UUID, text: str, by: str = "diehl") -> None:
        """Writes to the citizen."""
        self._do("say", str(conversation), text, by)

    def types(self, conversation: uuid.UUID, by: str = "diehl") -> None:
        """Is writing to the citizen."""
        self._do("types", str(conversation), by)

    def _do(self, *command: Any) -> None:
        assert self._child.ask(command) == "done"


@contextmanager
def working_staff(variables: Mapping[str, str]) -> Iterator[Staff]:
    """Staff on the database that `variables` name, while the block runs."""
    with running_child("tests.browser.staff", variables) as child:
        yield Staff(child)


def _work() -> None:
    """Does what comes in, line by line."""
    import django

    django.setup()
    import datetime

    from django.contrib.auth.models import User
    from django.utils import timezone

    from tests.web.records import member
    from web.chat.models import Conversation
    from web.handoff.machine import conversation_hand
    from web.handoff.messages import staff_say
    from web.handoff.models import Presence
    from web.handoff.presence import presence_set
    from web.handoff.signs import staff_types

    member("diehl", shown_as="Frau Diehl")
    member("kollegin", shown_as="")

    def user(name: str) -> User:
        return User.objects.select_related("profile").get(username=name)

    def there(is_there: bool) -> None:
        presence_set(user("diehl"), is_there)
        Presence.objects.update(there_until=timezone.now() + datetime.timedelta(hours=1))  # no desk is open that would beat

    def hand(conversation: str, event: Any, by: str) -> None:
        conversation_hand(uuid.UUID(conversation), event, user(by), confirmed=True)

    def say(conversation: str, text: str, by: str) -> None:
        last = Conversation.objects.get(pk=conversation).last_seq
        staff_say(uuid.UUID(conversation), user(by), text, uuid.uuid4(), last)

    def types(conversation: str, by: str) -> None:
        staff_types(uuid.UUID(conversation), user(by))

    commands = {"there": there, "hand": hand, "say": say, "types": types}
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        commands[name](*arguments)
        print(json.dumps("done"), flush=True)


if __name__ == "__main__":
    _work()
