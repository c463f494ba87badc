from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django.fixtures import Settings

from tests.web import records
from tests.web.inquiries.leaving import PERSONAL, TYPED, left
from web.chat.conversations import conversation_delete
from web.chat.models import Message
from web.inquiries import inquiries
from web.inquiries.contents import Contents, contents_of
from web.inquiries.inquiries import Refused, inquiry_delete, inquiry_reopen, inquiry_settle, inquiry_take
from web.inquiries.models import Inquiry, Progress
from web.inquiries.vault import Sealed

pytestmark = pytest.mark.django_db(transaction=True)

_CONTENTS = Contents(TYPED["concern"], "Erika Mustermann", "erika@example.org", "+49 611 123456")


def _at_once(*calls: Callable[[], object]) -> list[object]:
    """What the calls return or raise, all made at the same moment."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _state(inquiry: Inquiry) -> tuple[str, User | None, bool]:
    inquiry.refresh_from_db()
    return inquiry.progress, inquiry.by, inquiry.done_at is not None


class TestLeaving:
    def test_what_was_left_can_be_read_with_the_key(self) -> None:
        inquiry = left(register="einfach")
        stored = Inquiry.objects.get(reference=inquiry.reference)
        assert contents_of(stored) == _CONTENTS
        assert (stored.register, stored.progress, stored.conversation, stored.done_at) == ("einfach", Progress.OPEN, None, None)
        assert stored.consented_at <= stored.at

    def test_table_holds_nothing_that_can_be_read(self) -> None:
        left()
        with connection.cursor() as cursor:
            cursor.execute("select to_jsonb(row)::text, row.concern, row.name from inquiries_inquiry row")
            [(text, *sealed)] = cursor.fetchall()
        raw = text.encode() + b"".join(bytes(each) for each in sealed)
        # As bytes are written in PostgreSQL's own text form.
        forms = [form for word in PERSONAL for form in (word.encode(), word.encode().hex().encode())]
        assert [form for form in forms if form in raw] == []

    def test_what_was_not_given_is_not_there(self) -> None:
        inquiry = Inquiry.objects.get(pk=left(name="", email="", phone="").pk)
        assert (inquiry.name, inquiry.email, inquiry.phone) == (None, None, None)
        assert contents_of(inquiry) == Contents(TYPED["concern"], "", "", "")

    def test_same_post_again_is_the_same_inquiry(self) -> None:
        post_id = uuid.uuid4()
        assert left(post_id) == left(post_id)
        assert Inquiry.objects.count() == 1

    def test_same_post_at_the_same_moment_is_one_inquiry(self) -> None:
        post_id = uuid.uuid4()
        found = _at_once(*[lambda: left(post_id).reference] * 6)
        assert found == [Inquiry.objects.get().reference] * 6

    def test_form_that_is_changed_and_sent_again_is_another_inquiry(self) -> None:
        post_id = uuid.uuid4()
        first, second = left(post_id), left(post_id, concern="Etwas ganz anderes.")
        assert first.reference != second.reference
        assert contents_of(second).concern == "Etwas ganz anderes."

    def test_reference_that_is_taken_is_not_given_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        taken = left().reference
        drawn = iter([taken, taken, "WL-2222-3333"])
        monkeypatch.setattr(inquiries, "new_reference", lambda: next(drawn))
        assert left().reference == "WL-2222-3333"

    def test_conversation_gets_a_note_with_the_reference_and_nothing_of_the_text(self) -> None:
        conversation = records.conversation([("citizen", "Ist jemand da?")])
        inquiry = left(conversation_id=conversation.id, register="en")
        last = Message.objects.filter(conversation=conversation).latest("seq")
        assert (inquiry.conversation, last.seq, last.author, last.register) == (conversation, 2, "system", "en")
        assert last.text == f"You left a message for the Servicestelle. Your reference is {inquiry.reference}."

    def test_same_post_again_notes_nothing_again(self) -> None:
        conversation, post_id = records.conversation([("citizen", "Ist jemand da?")]), uuid.uuid4()
        left(post_id, conversation_id=conversation.id)
        left(post_id, conversation_id=conversation.id)
        assert Message.objects.filter(conversation=conversation).count() == 2

    def test_conversation_in_which_nothing_was_said_is_not_made(self) -> None:
        assert left(conversation_id=uuid.uuid4()).conversation is None

    def test_inquiry_outlives_its_conversation(self) -> None:
        conversation = records.conversation([("citizen", "Ist jemand da?")])
        inquiry = left(conversation_id=conversation.id)
        conversation_delete(conversation.id)
        inquiry.refresh_from_db()
        assert (inquiry.conversation, contents_of(inquiry)) == (None, _CONTENTS)
        assert left(conversation_id=conversation.id).conversation is None


class TestWork:
    def test_from_open_to_done_and_open_again(self) -> None:
        inquiry, diehl = left(), records.member("diehl")
        inquiry_take(inquiry.reference, diehl)
        assert _state(inquiry) == (Progress.TAKEN, diehl, False)
        inquiry_settle(inquiry.reference, diehl)
        assert _state(inquiry) == (Progress.DONE, diehl, True)
        inquiry_reopen(inquiry.reference)
        assert _state(inquiry) == (Progress.OPEN, None, False)

    def test_what_is_quickly_done_need_not_be_taken_first(self) -> None:
        inquiry, diehl = left(), records.member("diehl")
        inquiry_settle(inquiry.reference, diehl)
        assert _state(inquiry) == (Progress.DONE, diehl, True)

    def test_one_of_two_who_take_at_once_gets_it_and_the_other_is_told_who(self) -> None:
        inquiry = left()
        diehl = records.member("diehl", first_name="Xenia", last_name="Diehl")
        piesk = records.member("piesk", first_name="Susanne", last_name="Piesk")
        outcomes = _at_once(*[lambda by=by: inquiry_take(inquiry.reference, by) for by in (diehl, piesk)])  # type: ignore[misc]
        [refused] = [each for each in outcomes if isinstance(each, Refused)]
        [taken] = [each for each in outcomes if isinstance(each, Inquiry)]
        winner = taken.by
        assert winner in (diehl, piesk)
        assert str(refused) == f"Dieses Anliegen bearbeitet schon {winner.get_full_name()}."
        assert _state(inquiry) == (Progress.TAKEN, winner, False)

    def test_taking_twice_changes_nothing(self) -> None:
        inquiry, diehl = left(), records.member("diehl")
        inquiry_take(inquiry.reference, diehl)
        inquiry_take(inquiry.reference, diehl)
        assert _state(inquiry) == (Progress.TAKEN, diehl, False)

    def test_colleague_cannot_settle_what_another_deals_with_before_it_is_free(self) -> None:
        inquiry, diehl, piesk = left(), records.member("diehl"), records.member("piesk")
        inquiry_take(inquiry.reference, diehl)
        with pytest.raises(Refused, match=r"^Dieses Anliegen bearbeitet schon diehl\.$"):
            inquiry_settle(inquiry.reference, piesk)
        inquiry_reopen(inquiry.reference)
        inquiry_settle(inquiry.reference, piesk)
        assert _state(inquiry) == (Progress.DONE, piesk, True)

    def test_what_is_taken_by_somebody_without_an_account_can_be_freed(self) -> None:
        inquiry, diehl, piesk = left(), records.member("diehl"), records.member("piesk")
        inquiry_take(inquiry.reference, diehl)
        diehl.delete()
        with pytest.raises(Refused, match=r"^Dieses Anliegen bearbeitet schon jemand anderes\.$"):
            inquiry_take(inquiry.reference, piesk)
        inquiry_reopen(inquiry.reference)
        inquiry_take(inquiry.reference, piesk)
        assert _state(inquiry) == (Progress.TAKEN, piesk, False)

    def test_what_is_so_already_is_told(self) -> None:
        inquiry, diehl = left(), records.member("diehl")
        with pytest.raises(Refused, match=r"^Dieses Anliegen ist schon offen\.$"):
            inquiry_reopen(inquiry.reference)
        inquiry_settle(inquiry.reference, diehl)
        for again in (inquiry_take, inquiry_settle):
            with pytest.raises(Refused, match=r"^Dieses Anliegen ist schon erledigt\.$"):
                again(inquiry.reference, diehl)

    def test_deleted_inquiry_is_gone(self) -> None:
        inquiry = left()
        inquiry_delete(inquiry.reference)
        assert Inquiry.objects.count() == 0
        with pytest.raises(Inquiry.DoesNotExist):
            inquiry_delete(inquiry.reference)


class TestRotation:
    def test_after_rotation_the_new_key_is_enough(self, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
        inquiry, old, new = left(phone=""), settings.WOHNLOTSE.contact_key, "n" * 40
        settings.WOHNLOTSE = replace(settings.WOHNLOTSE, contact_key=f"{new},{old}")
        call_command("inquiries", "rotate")
        settings.WOHNLOTSE = replace(settings.WOHNLOTSE, contact_key=new)
        inquiry.refresh_from_db()
        assert capsys.readouterr().out == "1 encrypted with the first key.\n"
        assert contents_of(inquiry) == replace(_CONTENTS, phone="")

    def test_what_no_key_opens_is_counted_and_left_as_it_is(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lost, kept = left(), settings.WOHNLOTSE
        settings.WOHNLOTSE = replace(kept, contact_key="n" * 40)
        left()
        with pytest.raises(CommandError, match=r"^1 could not be read: their key is not in WOHNLOTSE_CONTACT_KEY\."):
            call_command("inquiries", "rotate")
        assert capsys.readouterr().out == "1 encrypted with the first key.\n"
        lost.refresh_from_db()
        with pytest.raises(Sealed):
            contents_of(lost)
        settings.WOHNLOTSE = kept
        assert contents_of(lost) == _CONTENTS
