"""What is no personal data because the bot itself says it: names, addresses and numbers that stand in `content/`."""

from __future__ import annotations

import re

from content import Content
from web.privacy.contact import emails, phones
from web.privacy.finding import Kind

_TITLES = frozenset(["frau", "fr", "herr", "hr", "dr", "prof", "ms", "mrs", "mr"])


def is_known(kind: Kind, found: str, content: Content) -> bool:
    """Whether `found` stands in `content`, however it is spelled."""
    if kind == "name":
        return _is_known_name(_words(found), content)
    if kind == "address":
        return _is_known_address(_words(found), content)
    if kind == "email":
        mails = [value[each.start : each.end] for value in _contact_values(content) for each in emails(value)]
        return found.casefold() in {mail.casefold() for mail in mails}
    if kind == "phone":
        numbers = [value[each.start : each.end] for value in _contact_values(content) for each in phones(value)]
        return _subscriber(found) in {_subscriber(number) for number in numbers}
    return False


def _is_known_name(words: list[str], content: Content) -> bool:
    own = [word for word in words if word not in _TITLES]
    for person in content.contacts.persons:
        if set(own) <= {word for name in (person.name, *person.aliases) for word in _words(name)}:
            return True
    organisations = [content.contacts.office, content.contacts.operator]
    for participant in content.participants:
        organisations += [participant.name, *participant.aliases]
        organisations += [name for member in participant.members for name in (member.name, *member.aliases)]
    return words in [_words(name) for name in organisations]


def _is_known_address(words: list[str], content: Content) -> bool:
    contacts = content.contacts
    lines = [
        f"{contacts.street} {contacts.postcode} {contacts.town}",
        f"{contacts.street} {contacts.postcode}",
        f"{contacts.street} {contacts.town}",
        contacts.street,
    ]
    return "".join(words) in ["".join(_words(line)) for line in lines]


def _contact_values(content: Content) -> list[str]:
    contacts = content.contacts
    return [value for value in (contacts.phone, contacts.fax, contacts.email, contacts.form) if value]


def _words(text: str) -> list[str]:
    folded = re.sub(r"str(?:a(?:ß|ss)e|\.|(?![^\W\d_]))", "strasse ", text.casefold().replace("ß", "ss"))
    return re.findall(r"[^\W_]+", folded)


def _subscriber(number: str) -> str:
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return re.sub(r"^(?:0049|49|0)", "", digits)
