"""A walk over the agency's description of its API: whatever is sent, the answer is described there and leaks nothing.

`MASSWERK_FUZZ=20000 pytest tests/server/test_fuzz.py` walks further than the suite does.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
import zstandard

from app.domain.catalogue import Role
from app.server.api import create_app
from app.server.config import Limits, ServeSettings
from app.server.database import Database
from app.server.service import AgencyService
from app.server.serving import serving_app
from app.sync.wire import Problem
from tests.server.scope_world import Holder, World

REQUESTS = int(os.environ.get("MASSWERK_FUZZ", "600"))
_JUNK: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 2**200, 1e308, "", "\x00", "ä" * 300, "' OR 1=1 --", "../../etc/passwd", "%00", [], {},
    [[]], [[[[[[[[]]]]]]]], {"a": {"b": {}}}, ["x"] * 600, "municipality:05958004", "agency",
)  # fmt: skip


class Walker:
    """Makes requests from the description: mostly well formed, often not."""

    def __init__(self, world: World, described: dict[str, Any], dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self._shapes = described.get("components", {}).get("schemas", {})
        self.routes = [
            (method, path, operation)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
        ]

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """Something that fits a JSON schema, or now and then something that does not."""
        dice = self.dice
        if dice.random() < 0.06 or depth > 6:
            return dice.choice(_JUNK)
        if "$ref" in schema:
            return self.value(self._shapes[schema["$ref"].rpartition("/")[2]], depth + 1)
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self.value(dice.choice(schema[choice]), depth + 1)
        if "enum" in schema:
            return dice.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        return self._typed(schema, depth)

    def _typed(self, schema: dict[str, Any], depth: int) -> Any:
        dice = self.dice
        match schema.get("type"):
            case "integer":
                low, high = int(schema.get("minimum", 0)), int(schema.get("maximum", 2**40))
                own = [h.laptop.replica for h in self.world.holders]
                return dice.choice([low, high, dice.randint(low, high), *own])
            case "number":
                return dice.random() * 1000
            case "boolean":
                return dice.random() < 0.5
            case "string":
                return self.word()[: int(schema.get("maxLength", 200))]
            case "array":
                least = int(schema.get("minItems", 0))
                count = max(least, dice.choice([0, 1, 2, 3]))
                return [self.value(schema.get("items", {}), depth + 1) for _ in range(count)]
            case "object":
                found = {n: self.value(s, depth + 1) for n, s in schema.get("properties", {}).items()}
                required = schema.get("required", ())
                kept = {n: v for n, v in found.items() if n in required or dice.random() < 0.7}
                if "additionalProperties" in schema and isinstance(schema["additionalProperties"], dict):
                    kept |= {self.word()[:80]: self.value(schema["additionalProperties"], depth + 1)}
                return kept | ({"surprise": 1} if dice.random() < 0.03 else {})
        return dice.choice(_JUNK)

    def word(self) -> str:
        """A name that means something here, somebody else's as likely as one's own."""
        world, dice = self.world, self.dice
        scopes = ["agency", "region", "consortium", "municipality:05970004"]
        known = [*world.roots, *world.children, *world.files, *scopes, "measure", "workshop", world.writer.laptop.epoch]
        return dice.choice([dice.choice(known), dice.choice(["1.0", "x", "", "ü" * 50, "0" * 64, "\u0000"])])

    def send(self, web: requests.Session, address: str) -> tuple[str, Holder | None, requests.Response]:
        """One request, by somebody or nobody."""
        method, path, operation = self.dice.choice(self.routes)
        where = path
        while "{" in where:
            before, _, rest = where.partition("{")
            where = before + quote(self.word() or "x", safe="") + rest.partition("}")[2]
        holder = self.dice.choice(self.world.holders) if self.dice.random() < 0.85 else None
        token = holder.token if holder else self.dice.choice(["", "x", "\u20ac".encode().decode("latin-1")])
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = self._body(path, operation, headers)
        return (
            f"{method.upper()} {path}",
            holder,
            web.request(method, address + where, headers=headers, data=body, timeout=20, allow_redirects=False),
        )

    def _body(self, path: str, operation: dict[str, Any], headers: dict[str, str]) -> bytes | None:
        described = operation.get("requestBody", {}).get("content", {})
        if not described:
            if "blob" in path:
                headers["Upload-Offset"] = str(self.dice.choice([0, 5, -1, "x", 2**70]))
                headers["Upload-Length"] = str(self.dice.choice([0, 30, "", 2**40]))
                return self.dice.randbytes(self.dice.choice([0, 30]))
            return None
        schema = next(iter(described.values()))["schema"]
        told = self.value(schema)
        if path == "/v1/wait" and isinstance(told, dict):
            told["seconds"] = 1
        body = json.dumps(told).encode()
        if self.dice.random() < 0.1:
            headers["Content-Encoding"] = self.dice.choice(["zstd", "gzip", "zstd"])
            body = zstandard.compress(body) if self.dice.random() < 0.6 else body
        return body[: len(body) // 2] if self.dice.random() < 0.03 else body


def _is_whole(route: str, response: requests.Response) -> bool:
    """Whether this answer is a file, or tells that all of it is there."""
    told = response.headers
    return route.startswith("GET") or told.get("Upload-Offset") == told.get("Upload-Length")


@pytest.mark.slow
def test_a_walk_over_the_description_meets_only_described_answers_and_no_word_of_others(tmp_path: Path) -> None:
    dice = random.Random(REQUESTS)
    database = Database(f"sqlite:///{tmp_path}/agency.db")
    AgencyService.found(database, "Testagentur")
    service = AgencyService(database, snapshot_from=1)
    world = World(service, dice)
    for _ in range(50):
        world.happen()
    limits = Limits(requests_per_minute=10**6, burst=10**6, enrolments_per_minute=10**6)
    app = create_app(service, limits)
    walker, met = Walker(world, app.openapi(), dice), Counter[tuple[str, int]]()
    with serving_app(app, ServeSettings(port=0)) as address, requests.Session() as web:
        web.trust_env = False
        for _ in range(REQUESTS):
            route, holder, response = walker.send(web, address)
            met[route, response.status_code] += 1
            described = app.openapi()["paths"][route.partition(" ")[2]][route.partition(" ")[0].lower()]["responses"]
            assert response.status_code < 500 or response.status_code == 503, (route, response.content[:300])
            assert str(response.status_code) in described or response.status_code in (206, 404, 405, 416), route
            if response.status_code >= 400 and response.content and response.status_code != 416:
                Problem.model_validate_json(response.content)
            if holder is not None and holder.role is Role.AGENCY and route.endswith(("/v1/office", "/v1/handovers")):
                continue  # its own staff sees everybody
            if holder is not None:
                assert not world.leaks(holder, response.content), route
                if response.ok and route.endswith("/v1/blob/{sha}") and _is_whole(route, response):
                    world.given(holder, response.url.rpartition("/")[2])
            else:
                assert b"mk0" not in response.content, route
    assert {route for route, _ in met} == {f"{m.upper()} {p}" for m, p, _ in walker.routes}
    assert any(status == 200 for _, status in met)
    database.close()
