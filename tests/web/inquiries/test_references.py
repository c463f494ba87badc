from __future__ import annotations

import re

from web.inquiries.references import new_reference


def test_reference_can_be_read_aloud_and_told_apart_on_paper() -> None:
    references = {new_reference() for _ in range(2000)}
    assert len(references) == 2000
    assert [each for each in references if not re.fullmatch(r"WL-[2-9A-Z]{4}-[2-9A-Z]{4}", each)] == []
    letters = "".join(references).replace("WL", "").replace("-", "")
    assert set(letters) & set("01ILOU") == set()
