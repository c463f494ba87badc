"""The labelled strings of this folder.

`strings.jsonl`: what citizens write with personal data in it, and what is to be found, as [kind, text] in order.
`clean.jsonl`: what looks like personal data and is none.
`reviewed.jsonl`: test questions that do hold a name or an address, each read by a person.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(row) for row in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
