"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    title: str = "",
    numbers: Collection[str] = (),
    whole: Collection[str] = (),
    frame: box.Box | None = box.HEAVY_HEAD,
) -> Table:
    """`rows` below `columns`. What stands in a cell is shown as it is: brackets in a question are no markup.

    `numbers`: columns that are aligned to the right. `whole`: columns whose cells stay on one line; all others are broken into
    several in a narrow terminal, and nothing is cut off.
    """
    made = Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=frame,
        pad_edge=frame is box.HEAVY_HEAD,
    )
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", no_wrap=column in whole, overflow="fold")
    for row in rows:
        made.add_row(*map(Text, row))
    return made
