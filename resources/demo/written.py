"""Turns the measures that are written out (published and shared ones) into records."""

from __future__ import annotations

from resources.demo.blocks import Block, Record, blocks, cells, record

SETS = {"participating_ags", "fields_of_action", "target_groups", "tags", "partners", "dependencies", "sdgs"}
WHOLE = {"total_cost_cents", "progress_percent"}
CHILDREN = ("milestone", "cost", "funding", "indicator", "value", "risk", "decision")


def _number(text: str) -> int | None:
    return int(text) if text else None


def _milestone(text: str) -> Record:
    title, due, status, done = cells(text, 4)
    return {"title": title, "due": due, "status": status, "done_on": done}


def _cost(text: str) -> Record:
    year, cost_type, planned, actual, eligible, note = cells(text, 6)
    return {
        "year": int(year),
        "cost_type": cost_type,
        "planned_cents": int(planned),
        "currency": "EUR",
        "actual_cents": _number(actual),
        "eligible": eligible == "1",
        "note": note,
    }


def _funding(text: str) -> Record:
    source, year, amount, rate, status, file_ref, approved = cells(text, 7)
    return {
        "source": source,
        "year": int(year),
        "amount_cents": int(amount),
        "currency": "EUR",
        "rate_percent": _number(rate),
        "status": status,
        "file_ref": file_ref,
        "approved_on": approved,
    }


def _indicator(text: str) -> Record:
    names = ("name", "level", "unit", "baseline", "target", "target_on", "method")
    return dict(zip(names, cells(text, 7), strict=True))


def _risk(text: str) -> Record:
    title, likelihood, impact, mitigation, owner = cells(text, 5)
    return {
        "title": title,
        "likelihood": int(likelihood),
        "impact": int(impact),
        "mitigation": mitigation,
        "owner": owner,
    }


def decision(text: str, measures: list[str]) -> Record:
    """Cells: subject | body | date | paper | result | yes | no | abstain."""
    subject, body, day, paper, result, yes, no, abstain = cells(text, 8)
    return {
        "subject": subject,
        "body": body,
        "decided_on": day,
        "paper_no": paper,
        "result": result,
        "votes_yes": _number(yes),
        "votes_no": _number(no),
        "votes_abstain": _number(abstain),
        "measure_ids": measures,
    }


def _children(block: Block) -> list[Record]:
    made: list[Record] = []
    shapes = {
        "milestone": _milestone,
        "cost": _cost,
        "funding": _funding,
        "indicator": _indicator,
        "risk": _risk,
    }
    kinds = {"cost": "cost_item", "funding": "funding_item"}
    indicator = ""
    for index, (key, text) in enumerate(block.pairs()):
        ref = f"{block.ref}/{key}-{index}"
        if key in shapes:
            made.append(record(kinds.get(key, key), ref, shapes[key](text), block.ref))
            indicator = ref if key == "indicator" else indicator
        elif key == "decision":
            made.append(record("decision", ref, decision(text, [block.ref]), block.ref))
        elif key == "value":
            day, number, remark = cells(text, 3)
            reading: Record = {"indicator_id": indicator, "measured_on": day, "text": remark}
            if number:
                reading |= {"number": float(number)}
            made.append(record("indicator_value", ref, reading, block.ref))
    return made


def written_measures(name: str, visibility: str) -> list[Record]:
    """The measures of one file with their children; `visibility` holds where none is written."""
    made: list[Record] = []
    for block in blocks(name):
        values: Record = {}
        sources = []
        for key, text in block.pairs():
            if key == "source":
                sources.append(text)
            elif key in SETS:
                values[key] = [part.strip() for part in text.split(";")]
            elif key not in CHILDREN:
                values[key] = int(text) if key in WHOLE else text
        if values.get("code", "").startswith("M") and "bundle_code" not in values:
            values["bundle_code"] = values["code"]
        values |= {"sources": sources, "visibility": values.get("visibility", visibility)}
        made += [record("measure", block.ref, values), *_children(block)]
    return made
