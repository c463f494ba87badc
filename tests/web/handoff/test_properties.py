"""Whatever a citizen, the bot, two members of staff and the clock do, in any order: nobody speaks out of turn."""

from __future__ import annotations

import datetime
import itertools
import uuid
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import User
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.web import records
from web.chat import conversations
from web.chat.conversations import Overtaken, Post, Reply
from web.chat.models import WITH_A_PERSON, Author, Conversation, Message, State
from web.handoff.asking import person_ask, person_cancel
from web.handoff.machine import Event, Refused, conversation_hand, leases_extend
from web.handoff.messages import staff_say
from web.handoff.models import Transition
from web.handoff.presence import presence_beat, presence_set
from web.handoff.queue import queue_waiting
from web.handoff.signs import citizen_seen
from web.handoff.sweep import handoffs_sweep

START = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.timezone.utc)
STAFF = st.integers(0, 1)


class Handoff(RuleBasedStateMachine):
    """One conversation; `said` is what must be in it, in order, `thinking` what the bot has not answered yet."""

    staff: list[User]

    @initialize()
    def start(self) -> None:
        Conversation.objects.all().delete()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.conversation_id = uuid.uuid4()
        self.said: list[str] = []
        self.posts: list[tuple[uuid.UUID, str]] = []
        self.thinking: list[Message] = []
        self.counter = itertools.count()
        for user in self.staff:
            presence_set(user, available=True)

    @rule(claim=st.booleans())
    def citizen_writes(self, claim: bool) -> None:
        self._post(uuid.uuid4(), f"Frage {next(self.counter)}", claim)

    @rule()
    def citizen_sends_the_last_again(self) -> None:
        if self.posts:
            self._post(*self.posts[-1])

    @rule()
    def citizen_asks(self) -> None:
        person_ask(self.conversation_id, "standard")

    @rule()
    def citizen_cancels(self) -> None:
        person_cancel(self.conversation_id, "standard")

    @rule()
    def citizen_is_seen(self) -> None:
        citizen_seen(self.conversation_id)

    @rule()
    def bot_begins(self) -> None:
        if self.said and (message := conversations.message_claim(self.conversation_id)) is not None:
            self.thinking.append(message)

    @rule(hands_off=st.booleans())
    def bot_answers(self, hands_off: bool) -> None:
        if not self.thinking:
            return
        message = self.thinking.pop(0)
        reply = Reply(Author.BOT, f"Antwort auf {message.text}", "standard", "answer", "alliance_goals")
        was_with_a_person = self._is_with_a_person()
        try:
            conversations.message_answer(message, [reply], {"reason": "wish", "topic": None} if hands_off else None, None)
        except Overtaken:
            return
        assert not was_with_a_person
        self.said.append(reply.text)

    @rule()
    def bot_gives_up(self) -> None:
        if self.thinking:
            self.thinking.pop(0)
            conversations.message_release(self.conversation_id)

    @precondition(lambda self: self._row())
    @rule(who=STAFF, event=st.sampled_from(["take", "step_in", "give_back", "close", "take_over"]), confirmed=st.booleans())
    def staff_act(self, who: int, event: Event, confirmed: bool) -> None:
        owner = self._owner()
        try:
            conversation_hand(self.conversation_id, event, self.staff[who], confirmed=confirmed)
        except Refused:
            assert self._owner() == owner

    @precondition(lambda self: self._row())
    @rule(who=STAFF)
    def staff_say(self, who: int) -> None:
        text, client_id, seen = f"Auskunft {next(self.counter)}", uuid.uuid4(), len(self._messages())
        say = partial(staff_say, self.conversation_id, self.staff[who], text, client_id, after=seen)
        if self._owner() == self.staff[who]:
            assert say() == say()  # the line was lost, and the page sends it again
            self.said.append(text)
        else:
            with pytest.raises(Refused, match="not_owner"):
                say()

    @rule(who=STAFF)
    def staff_beat(self, who: int) -> None:
        presence_beat(self.staff[who])
        assert leases_extend(self.staff[who]) == int(self._owner() == self.staff[who])

    @rule(who=STAFF, available=st.booleans())
    def staff_come_and_go(self, who: int, available: bool) -> None:
        presence_set(self.staff[who], available)

    @rule(seconds=st.sampled_from([5, 61, 301, 601]))
    def time_goes_by(self, seconds: int) -> None:
        self.time.shift(seconds)
        handoffs_sweep()

    @invariant()
    def every_message_is_there_once_and_in_order(self) -> None:
        messages, row = self._messages(), self._row()
        assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
        assert [message.text for message in messages if message.author != Author.SYSTEM] == self.said
        assert row is None or row.last_seq == len(messages)

    @invariant()
    def bot_is_silent_while_a_person_is_asked_for_or_there(self) -> None:
        is_with_a_person = False
        for message in self._messages():
            assert not (is_with_a_person and message.author == Author.BOT)
            if message.topic in ("handoff_waiting", "handoff_taken", "handoff_back", "handoff_late", "handoff_closed"):
                is_with_a_person = message.topic in ("handoff_waiting", "handoff_taken")
        assert is_with_a_person == self._is_with_a_person()
        if is_with_a_person:
            assert conversations.message_claim(self.conversation_id) is None

    @invariant()
    def last_thing_asked_of_the_bot_is_answered_or_waits_for_its_answer(self) -> None:
        messages = self._messages()
        said = [message for message in messages if message.author in (Author.CITIZEN, Author.STAFF)]
        if self._state() == State.BOT and said and said[-1].author == Author.CITIZEN and not self._has_staff_spoken():
            assert said[-1].pending or said[-1].seq in [message.reply_to for message in messages]

    @invariant()
    def somebody_owns_it_only_while_staff_have_it(self) -> None:
        if (row := self._row()) is not None:
            assert (row.owner is not None, row.owned_until is not None) == (row.state == State.STAFF,) * 2
            assert [each.conversation_id for each in queue_waiting()] == [row.pk] * (row.state == State.REQUESTED)

    @invariant()
    def every_change_is_recorded(self) -> None:
        steps = list(Transition.objects.filter(conversation_id=self.conversation_id).order_by("id"))
        states = [State.BOT, *(step.after for step in steps)]
        assert [step.before for step in steps] == states[:-1]
        assert states[-1] == self._state()

    def teardown(self) -> None:
        """Left alone, it is with the bot again, or closed."""
        if hasattr(self, "clock"):
            try:
                self.time.shift(24 * 60 * 60)
                handoffs_sweep()
                assert not self._is_with_a_person()
                self.every_change_is_recorded()
                self.every_message_is_there_once_and_in_order()
            finally:
                self.clock.stop()

    def _post(self, client_id: uuid.UUID, text: str, claim: bool = False) -> None:
        post = Post(client_id, text, "standard", redacted=False)
        try:
            added = conversations.message_add(self.conversation_id, post, claim)
        except conversations.TooMany:
            self.time.shift(61)
            added = conversations.message_add(self.conversation_id, post, claim)
        if added.is_claimed:
            self.thinking.append(added.message)
        assert added.is_new == ((client_id, text) not in self.posts)
        if added.is_new:
            self.posts.append((client_id, text))
            self.said.append(text)

    def _row(self) -> Conversation | None:
        return Conversation.objects.select_related("owner").filter(pk=self.conversation_id).first()

    def _state(self) -> str:
        row = self._row()
        return row.state if row else State.BOT

    def _owner(self) -> User | None:
        row = self._row()
        return row.owner if row else None

    def _messages(self) -> list[Message]:
        return list(Message.objects.filter(conversation_id=self.conversation_id).order_by("seq"))

    def _has_staff_spoken(self) -> bool:
        """Whether staff had it last, and whoever did said something."""
        last = Transition.objects.filter(conversation_id=self.conversation_id).order_by("id").last()
        if last is None or last.before != State.STAFF:
            return False
        messages = self._messages()
        taken = max(message.seq for message in messages if message.topic == "handoff_taken")
        return any(message.author == Author.STAFF for message in messages if message.seq > taken)

    def _is_with_a_person(self) -> bool:
        return self._state() in WITH_A_PERSON


@pytest.mark.django_db
def test_nobody_speaks_out_of_turn_and_nothing_is_lost() -> None:
    Handoff.staff = [records.member(), records.member("piesk", shown_as="")]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Handoff,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
        ),
    )
