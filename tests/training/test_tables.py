from __future__ import annotations

import pytest
from rich.console import Console, RenderableType

from training.tables import table


def _printed(renderable: RenderableType, width: int = 80) -> str:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_brackets_in_cells_and_title_are_shown_as_they_are() -> None:
    printed = _printed(table(("Text",), [["[/b] Was ist [Name]?"]], "Fragen [3]"))

    assert "Fragen [3]" in printed
    assert "[/b] Was ist [Name]?" in printed


@pytest.mark.parametrize("width", [40, 80])
def test_nothing_is_cut_off_in_a_narrow_terminal(width: int) -> None:
    word = "Wohnraumförderungsgesetz" * 5
    lines = _printed(table(("Turn", "Text"), [["phone.jsonl:3", word]], whole=("Turn",)), width).splitlines()

    assert max(map(len, lines)) <= width
    assert any("phone.jsonl:3" in line for line in lines)
    assert "".join(line.split("│")[2].strip() for line in lines if line.startswith("│")) == word


def test_numbers_are_aligned_to_the_right() -> None:
    lines = _printed(table(("Intent", "turns"), [["a", "5"], ["b", "10"]], numbers=("turns",), frame=None)).splitlines()

    assert [line.rstrip() for line in lines] == ["Intent  turns", "a           5", "b          10"]
