"""Who may import whom, and what no file may be called or import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_BOT = frozenset({"actions", "channels", "components", "content", "training", "benchmarks"})
_OURS = _BOT | {"web"}

#: What each package may import of ours besides itself: packages, or single modules of one.
_ARROWS: dict[str, frozenset[str]] = {
    "content": frozenset(),
    "actions": frozenset({"content", "components.folding", "components.names"}),
    "channels": frozenset({"content", "components.encoder", "components.spelling"}),
    "components": frozenset({"content"}),
    "training": _BOT,
    "benchmarks": _BOT,
    "web": frozenset({"content"}),
}
#: The folders of `training`, each of which uses those before it only.
_STEPS = ("serving", "corpus", "bank", "evaluation", "release")
_VAGUE = frozenset({"util", "utils", "helper", "helpers", "common", "manager", "misc"})
_PICKLES = frozenset({"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "shelve", "joblib.load", "joblib.dump"})


def _files(package: str) -> list[Path]:
    return sorted(path for path in (_ROOT / package).rglob("*.py") if "__pycache__" not in path.parts)


def _packages() -> list[str]:
    return sorted(name for name in _OURS if _files(name))


def _imports(code: str, package: str) -> Iterator[str]:
    """Dotted names of all that `code` imports, anywhere in it, `package` being where it lies.

    `from a import b` counts as a.b, which is right for modules and does no harm for other names.
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _imports_of(path: Path) -> list[str]:
    return list(_imports(path.read_text(encoding="utf-8"), ".".join(path.parent.relative_to(_ROOT).parts)))


def _within(name: str, allowed: frozenset[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


def _forbidden(package: str, imported: list[str]) -> list[str]:
    """What of ours a file of `package` imports although it must not."""
    ours = [name for name in imported if name.split(".")[0] in _OURS]
    return [name for name in ours if not _within(name, _ARROWS[package] | {package})]


def test_all_packages_of_the_bot_are_looked_at() -> None:
    assert set(_packages()) >= _BOT


@pytest.mark.parametrize("package", _packages())
def test_package_imports_only_what_its_arrow_allows(package: str) -> None:
    wrong = [(path.name, found) for path in _files(package) if (found := _forbidden(package, _imports_of(path)))]

    assert wrong == []


@pytest.mark.parametrize("number", range(len(_STEPS)), ids=_STEPS)
def test_folder_of_training_uses_only_those_before_it(number: int) -> None:
    later = frozenset(f"training.{step}" for step in _STEPS[number + 1 :])
    folder = _ROOT / "training" / _STEPS[number]
    imports = {path.name: [name for name in _imports_of(path) if _within(name, later)] for path in folder.glob("*.py")}

    assert len(imports) > 1
    assert {name: found for name, found in imports.items() if found} == {}


def test_training_has_no_other_folder_of_code() -> None:
    assert {path.parent.name for path in (_ROOT / "training").glob("*/*.py")} == set(_STEPS)


@pytest.mark.parametrize("package", sorted(_BOT))
def test_nobody_imports_web(package: str) -> None:
    assert [str(path) for path in _files(package) if _within_web(_imports_of(path))] == []


def _within_web(imported: list[str]) -> bool:
    return any(_within(name, frozenset({"web"})) for name in imported)


@pytest.mark.parametrize("package", _packages())
def test_no_module_has_a_vague_name(package: str) -> None:
    names = {part for path in _files(package) for part in path.relative_to(_ROOT).with_suffix("").parts}

    assert names & _VAGUE == set()


@pytest.mark.parametrize("package", _packages())
def test_no_file_imports_pickle(package: str) -> None:
    assert [str(path) for path in _files(package) if any(_within(name, _PICKLES) for name in _imports_of(path))] == []


@pytest.mark.parametrize(
    ("package", "code", "wrong"),
    [
        ("content", "from components.folding import fold", ["components.folding.fold"]),
        ("actions", "import components.intent_model", ["components.intent_model"]),
        ("actions", "from components import names, intent_model", ["components.intent_model"]),
        ("actions", "def later():\n    import channels.rest", ["channels.rest"]),
        ("components", "from actions.turn import Turn", ["actions.turn.Turn"]),
        ("channels", "from importlib import import_module\nimport_module('training.chat')", ["training.chat"]),
        ("training", "import web.chat", ["web.chat"]),
        ("actions", "from components.folding import fold\nfrom . import turn\nimport contents, rasa_sdk", []),
    ],
)
def test_forbidden_import_is_seen(package: str, code: str, wrong: list[str]) -> None:
    assert _forbidden(package, list(_imports(code, package))) == wrong
