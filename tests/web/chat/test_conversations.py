"""Order, numbers and deletion of messages, on the real database."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from web.chat import conversations, switch
from web.chat.conversations import Overtaken, Post, Reply, SwitchedOff
from web.chat.models import Author, Conversation, Deletion, Feedback, Message, State
from web.chat.protocol import message_json
from web.chat.rows import Deleted
from web.chat.stream import look

pytestmark = pytest.mark.django_db(transaction=True)


def _post(text: str = "Was ist die Allianz?", client_id: uuid.UUID | None = None) -> Post:
    return Post(client_id or uuid.uuid4(), text, "standard", redacted=False)


def _reply(text: str, topic: str = "alliance_goals") -> Reply:
    return Reply(Author.BOT, text, "standard", "answer", topic)


def test_first_message_makes_the_conversation() -> None:
    conversation = uuid.uuid4()

    message, is_new, is_claimed = conversations.message_add(conversation, _post())

    assert (is_new, is_claimed) == (True, False)
    assert message.seq == 1
    assert Conversation.objects.get().id == conversation


def test_message_posted_twice_is_stored_once() -> None:
    conversation, post = uuid.uuid4(), _post()

    first = conversations.message_add(conversation, post)
    second = conversations.message_add(conversation, post, claim=True)

    assert (second.is_new, second.is_claimed) == (False, False)
    assert second.message.pk == first.message.pk
    assert Message.objects.count() == 1


def test_numbers_have_no_gap_and_no_double_when_many_post_at_once() -> None:
    conversation = uuid.uuid4()

    def post(number: int) -> None:
        try:
            conversations.message_add(conversation, _post(f"Frage {number}"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(post, range(18)))

    assert [message.seq for message in conversations.messages_after(conversation, 0)] == list(range(1, 19))


def test_reply_ends_what_was_pending() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())
    claimed = conversations.message_claim(conversation)
    assert claimed is not None

    assert not conversations.message_answer(claimed, [_reply("Eins"), _reply("Zwei")], None, None).more_wait

    [_, one, two] = conversations.messages_after(conversation, 0)
    assert [(each.seq, each.reply_to, each.last, each.text) for each in (one, two)] == [
        (2, 1, False, "Eins"),
        (3, 1, True, "Zwei"),
    ]
    assert conversations.message_claim(conversation) is None


def test_answer_tells_whether_another_message_waits() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())
    first = conversations.message_claim(conversation)
    assert first is not None
    conversations.message_add(conversation, _post())

    assert conversations.message_answer(first, [_reply("Eins")], None, None).more_wait

    second = conversations.message_claim(conversation)
    assert second is not None
    assert not conversations.message_answer(second, [_reply("Zwei")], None, None).more_wait


def test_what_is_handed_to_readers_is_what_a_look_finds() -> None:
    conversation = uuid.uuid4()
    added = conversations.message_add(conversation, _post(), claim=True)

    answered = conversations.message_answer(added.message, [_reply("Eins"), _reply("Zwei")], None, None)

    found = look(conversation, 0)
    assert answered.news == found._replace(messages=found.messages[1:])
    assert message_json(added.message) == found.messages[0]


def test_answer_in_an_emergency_is_kept_as_any_and_nobody_is_asked_to_rate_it() -> None:
    conversation = uuid.uuid4()
    added = conversations.message_add(conversation, _post(), claim=True)
    conversations.message_answer(
        added.message, [_reply("Bitte rufen Sie den Notruf an.", "crisis"), _reply("Eins")], None, None
    )

    assert [message["zone"] for message in look(conversation, 0).messages] == ["", "", "answer"]
    assert Message.objects.get(conversation=conversation, topic="crisis").zone == "answer"


def test_hand_off_with_an_answer_is_left_to_a_look() -> None:
    conversation = uuid.uuid4()
    added = conversations.message_add(conversation, _post(), claim=True)

    answered = conversations.message_answer(added.message, [_reply("Eins")], {"reason": "wish", "topic": None}, None)

    assert answered.news is None


def test_claim_that_finds_nothing_leaves_the_conversation_free() -> None:
    conversation = uuid.uuid4()
    assert conversations.message_claim(conversation) is None
    conversations.message_add(conversation, _post())
    first = conversations.message_claim(conversation)
    assert first is not None
    conversations.message_answer(first, [_reply("Eins")], None, None)

    assert conversations.message_claim(conversation) is None

    conversations.message_add(conversation, _post())
    assert conversations.message_claim(conversation) is not None


def test_message_is_claimed_by_one_worker_only() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())

    assert conversations.message_claim(conversation) is not None
    assert conversations.message_claim(conversation) is None


def test_message_is_claimed_as_it_is_stored_where_none_waits() -> None:
    conversation = uuid.uuid4()

    first = conversations.message_add(conversation, _post(), claim=True)
    second = conversations.message_add(conversation, _post(), claim=True)

    assert (first.is_claimed, second.is_claimed) == (True, False)
    assert conversations.message_claim(conversation) is None
    assert conversations.message_answer(first.message, [_reply("Eins")], None, None).more_wait
    third = conversations.message_add(conversation, _post(), claim=True)
    assert not third.is_claimed  # the second is older
    assert conversations.message_claim(conversation) == second.message


def test_switched_off_chat_takes_what_is_said_to_a_person_only() -> None:
    with_bot, with_person = uuid.uuid4(), uuid.uuid4()
    conversations.message_add(with_person, _post())
    Conversation.objects.update(state=State.REQUESTED)
    switch.turn(False, "Wir arbeiten daran.", "leitung")

    with pytest.raises(SwitchedOff) as off:
        conversations.message_add(with_bot, _post())

    assert off.value.comment == "Wir arbeiten daran."
    assert not Conversation.objects.filter(pk=with_bot).exists()
    assert conversations.message_add(with_person, _post()).is_new


def test_deleted_conversation_leaves_no_text_and_cannot_be_opened_again() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())
    claimed = conversations.message_claim(conversation)
    assert claimed is not None

    deletion = conversations.conversation_delete(conversation)

    assert deletion.messages == 1
    assert Message.objects.count() == Conversation.objects.count() == 0
    with pytest.raises(Deleted):
        conversations.message_answer(claimed, [_reply("zu spät")], None, None)
    with pytest.raises(Deleted):
        conversations.message_add(conversation, _post())
    with pytest.raises(Deleted):
        conversations.messages_after(conversation, 0)
    assert Message.objects.count() == Conversation.objects.count() == 0


def test_deleting_twice_gives_the_same_result() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())

    first = conversations.conversation_delete(conversation)

    assert conversations.conversation_delete(conversation).at == first.at
    assert Conversation.objects.count() == 0


def test_message_that_another_worker_has_answered_is_not_answered_again() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())
    claimed = conversations.message_claim(conversation)
    assert claimed is not None
    conversations.message_answer(claimed, [_reply("Eins")], None, None)

    with pytest.raises(Overtaken):
        conversations.message_answer(claimed, [_reply("Zwei")], None, None)

    assert [message.text for message in conversations.messages_after(conversation, 1)] == ["Eins"]


def test_message_that_is_released_may_be_claimed_at_once() -> None:
    conversation = uuid.uuid4()
    conversations.message_add(conversation, _post())
    claimed = conversations.message_claim(conversation)
    assert claimed is not None
    assert conversations.conversations_waiting() == []

    conversations.message_release(conversation)

    assert conversations.conversations_waiting() == [conversation]
    assert conversations.message_claim(conversation) == claimed


def test_feedback_and_deletion_at_once_leave_no_row_and_no_error_of_the_database() -> None:
    for _ in range(10):
        conversation = uuid.uuid4()
        conversations.message_add(conversation, _post())
        claimed = conversations.message_claim(conversation)
        assert claimed is not None
        conversations.message_answer(claimed, [_reply("Eins")], None, None)
        with ThreadPoolExecutor(2) as threads:
            deletion = threads.submit(_in_thread, partial(conversations.conversation_delete, conversation))
            feedback = threads.submit(_in_thread, partial(conversations.feedback_set, conversation, 2, True, None))
        assert deletion.exception() is None
        assert isinstance(feedback.exception(), (Deleted, type(None)))
    assert Feedback.objects.count() == Message.objects.count() == Conversation.objects.count() == 0


def _in_thread(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connections.close_all()


def test_conversation_expires_when_nothing_was_said_since() -> None:
    old, young = uuid.uuid4(), uuid.uuid4()
    for conversation in (old, young):
        conversations.message_add(conversation, _post())
    before = timezone.now() - datetime.timedelta(days=30)
    Conversation.objects.filter(pk=old).update(active_at=before - datetime.timedelta(minutes=1))
    Conversation.objects.filter(pk=young).update(active_at=before + datetime.timedelta(minutes=1))

    assert [each.id for each in conversations.conversations_expired(before)] == [old]


def test_record_of_a_deletion_goes_once_its_key_has_run_out_and_the_memory_is_gone() -> None:
    settled, unsettled, young = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    for conversation in (settled, unsettled, young):
        conversations.conversation_delete(conversation)
    for conversation in (settled, young):
        conversations.deletion_settle(conversation)
    Deletion.objects.exclude(pk=young).update(at=timezone.now() - datetime.timedelta(hours=24, minutes=1))

    conversations.deletions_prune()

    assert set(Deletion.objects.values_list("pk", flat=True)) == {unsettled, young}
