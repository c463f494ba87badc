"""What the running process answers is what docs/openapi.yaml says, for data that fit it and for data that do not."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.running import API, Web
from training.processes import ROOT

_MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
_GENERATION = GenerationConfig(modes=_MODES, deterministic=True, with_security_parameters=False)
_CONFIG = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=_GENERATION)))
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yaml", config=_CONFIG)


@pytest.fixture(scope="module")
def key(web_process: Web) -> dict[str, str]:
    """Opens a conversation in which there is an answer already."""
    web_process.bot.recover()
    key = web_process.open()
    web_process.answer(key)
    return key


@schema.parametrize()
@hypothesis.settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck)
)
def test_answers_conform_to_the_contract(case: Case[Any], key: dict[str, str], web_process: Web) -> None:
    is_deletion = case.operation.definition.raw["operationId"] == "deleteConversation"
    # A stream would stay open.
    case.headers.update({**(web_process.open() if is_deletion else key), "Accept": "application/json"})
    case.call_and_validate(base_url=f"{web_process.url}{API}", checks=_CHECKS, timeout=10)
