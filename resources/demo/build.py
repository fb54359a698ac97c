"""Builds the demo region from its readable sources: `python -m resources.demo.build` from the project's root.

The result is committed beside it, one record per line, roots before their children; the same sources give
the same bytes.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random

from resources.demo.blocks import Record
from resources.demo.invented import invented_measures
from resources.demo.talks import workshops
from resources.demo.written import written_measures

HERE = Path(__file__).parent


def _link(measures: list[Record], talks: list[Record]) -> None:
    """A measure names the cards it came from."""
    by_ref = {record["ref"]: record["values"] for record in measures if record["kind"] == "measure"}
    for record in talks:
        if record["kind"] == "contribution":
            for measure in record["values"].get("measure_ids", []):
                by_ref[measure].setdefault("contribution_ids", []).append(record["ref"])


def _touched(root: Record) -> str:
    """When a root was last worked on, as an instant; what lies ahead was prepared last week."""
    values = root["values"]
    rng = Random(f"touched {root['ref']}")
    day = date(2026, 1, 12) + timedelta(days=int(310 * rng.random() ** 0.6))
    if root["kind"] == "workshop":
        day = date.fromisoformat(values["ends_at"][:10]) + timedelta(days=rng.randint(1, 12))
    elif len(values.get("status_on", "")) == 10:
        day = max(date.fromisoformat(values["status_on"]), date(2025, 11, 3))
    day = min(day, date(2026, 11, 20))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return f"{day}T{rng.randint(7, 15):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}Z"


def _write(name: str, records: list[Record]) -> None:
    for record in records:
        if "root" not in record:
            record["touched"] = _touched(record)
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Writes measures.jsonl and workshops.jsonl."""
    talks, asked_for = workshops()
    written = written_measures("published.txt", "public") + written_measures("shared.txt", "consortium")
    titles = {record["values"]["title"] for record in written if record["kind"] == "measure"}
    measures = written + invented_measures(asked_for, titles)
    _link(measures, talks)
    _write("measures.jsonl", measures)
    _write("workshops.jsonl", talks)


if __name__ == "__main__":
    main()
