from __future__ import annotations

import datetime
import json

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.utils import timezone

from tests.web import records
from web.desk import views
from web.desk.beat import Standing, standing
from web.desk.workspace import conversation_of
from web.handoff.machine import conversation_hand, lease_end
from web.handoff.models import Presence
from web.handoff.presence import FRESH, presence_set

pytestmark = pytest.mark.django_db


def test_a_beat_keeps_the_user_there_and_what_is_theirs(rf: RequestFactory, diehl: User, piesk: User) -> None:
    request = rf.post("/team/beratung/da")
    request.user = diehl
    mine, colleagues = (records.conversation([("citizen", "Guten Tag")]) for _ in range(2))
    conversation_hand(mine.id, "step_in", diehl)
    conversation_hand(colleagues.id, "step_in", piesk)
    held = conversation_of(colleagues.id).owned_until
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=20), tick=False):
        answer = json.loads(views.beat(request).content)
        assert Presence.objects.get(user=diehl).there_until == timezone.now() + FRESH
        assert conversation_of(mine.id).owned_until == lease_end()
    assert conversation_of(colleagues.id).owned_until == held
    assert answer == {"waiting": 0, "said": "0 Personen warten", "available": True, "reach": "erreichbar"}


@pytest.mark.parametrize(("number", "said"), [(1, "1 Person wartet"), (2, "2 Personen warten")])
def test_how_many_wait(diehl: User, number: int, said: str) -> None:
    for _ in range(number):
        conversation_hand(records.conversation([("citizen", "Guten Tag")]).id, "ask")
    presence_set(diehl, available=False)
    assert standing(diehl) == Standing(number, said, available=False, reach="nicht erreichbar")
