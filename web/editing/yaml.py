"""Changes single values of a YAML text and leaves every other byte as it stands: comments, order, quoting, line breaks."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: Where a value stands: keys of mappings and numbers of sequences.
Place = tuple["str | int", ...]
#: A text, a day, or rows of texts (the opening hours).
Value = "str | datetime.date | Sequence[Mapping[str, str]]"

#: Between two sentences, each of which stands on a line of its own in a folded text.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„{])")


def load(text: str) -> Any:
    """What `text` holds, in plain types. Raises ruamel's YAMLError."""
    return YAML(typ="safe", pure=True).load(text)


def value_at(data: Any, place: Place) -> Any:
    """Raises KeyError, IndexError where there is none."""
    for key in place:
        data = data[key]
    return data


def changed(text: str, values: Mapping[Place, Any]) -> str:
    """`text` with these values in their places; each of them must be there. A value that is there already changes nothing.

    Raises KeyError, and ValueError where `text` is laid out in a way that this does not handle.
    """
    data = load(text)
    root = YAML(typ="safe", pure=True).compose(text)
    new = {place: value for place, value in values.items() if _flat(value_at(data, place)) != _flat(value)}
    splices = [(_node(root, place), value) for place, value in new.items()]
    result = text
    for node, value in sorted(splices, key=lambda splice: splice[0].start_mark.index, reverse=True):
        start, end = node.start_mark.index, node.end_mark.index
        result = result[:start] + _written(text, node, value) + result[end:]
    found = load(result)
    if any(_flat(value_at(found, place)) != _flat(value) for place, value in values.items()):
        raise ValueError("the value does not come back as it was written")
    return result


def _flat(value: Any) -> Any:
    """Line breaks of a text do not count, as in `content.schema.Text`."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _node(node: Node, place: Place) -> Node:
    for key in place:
        if isinstance(node, MappingNode):
            node = next(value for name, value in node.value if name.value == key)
        elif isinstance(node, SequenceNode):
            node = node.value[key]
        else:
            raise KeyError(key)
    return node


def _written(text: str, node: Node, value: Any) -> str:
    """`value` in the style of `node`."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not isinstance(value, str):
        rows = ("{" + ", ".join(f"{key}: {_quoted(each)}" for key, each in row.items()) + "}" for row in value)
        return f"[{', '.join(rows)}]"
    style = node.style if isinstance(node, ScalarNode) else None
    if style == ">":
        return _folded(text, node, value)
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return value if style is None and _is_plain(value) else _quoted(value)


def _folded(text: str, node: Node, value: str) -> str:
    old = text[node.start_mark.index : node.end_mark.index]
    header, _, body = old.partition("\n")
    indent = body[: len(body) - len(body.lstrip(" "))]
    end = old[len(old.rstrip()) :]
    if not value:
        return _quoted(value) + end
    return header + "".join(f"\n{indent}{sentence}" for sentence in _SENTENCE_END.split(value)) + end


def _quoted(value: str) -> str:
    """In double quotes, which YAML reads as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def _is_plain(value: str) -> bool:
    try:
        return bool(value) and load(f"key: {value}\n") == {"key": value}
    except Exception:  # ruamel raises many kinds for what is no YAML
        return False
