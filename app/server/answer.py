"""A reply to an exchange on its way out."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from app.server.pull import News
from app.sync.wire import SyncReply


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply whose rows are still the bytes they rest as, so that they are copied and not rebuilt."""

    head: SyncReply
    news: News

    def body(self) -> bytes:
        """The JSON of the reply."""
        reply = self.head.model_dump(mode="python")
        reply["feed"] = [
            {"scope": e.scope, "seq": e.seq, "kind": e.kind, "id": e.id, "held": e.held}
            | ({"digest": e.digest} if e.digest else {})
            for e in self.news.feed
        ]
        reply["pages"] = [
            {"kind": s.kind, "columns": s.columns, "rows": [orjson.Fragment(row) for row in s.rows]}
            for s in self.news.sheets
        ]
        return orjson.dumps(reply)
