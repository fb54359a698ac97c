"""The messages by which any device brings others' sealed letters to the agency. Additive to protocol 1."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.sync.signed import MAX_WORDS, Signed
from app.sync.wire import PROTOCOL, Dots, Reply, Request, Whole

MAX_LETTER = 5 * 1024 * 1024
"""Bytes of a sealed letter, so that a request with it stays below what an agency takes; a larger one travels as a
courier file."""


class CarryRequest(Request):
    """Words of devices how far they have come, and one device's sealed letter.

    Attributes:
        words: signed by the devices themselves (`Word`); what they say has been made can have been seen.
        letter: a courier file to the agency in base64, "" for none.
    """

    protocol: Annotated[str, Field(max_length=20)] = PROTOCOL
    words: Annotated[list[Signed], Field(max_length=MAX_WORDS)] = []
    letter: Annotated[str, Field(max_length=MAX_LETTER * 4 // 3 + 4)] = ""


class CarryReply(Reply):
    """What became of a letter.

    Attributes:
        outcome: taken: all of it was dealt with. reset: the agency has begun anew since, or lacks what comes
            before; its author has to send it again. refused: `reason` is the code of the error. "": there was none.
        changes: in the letter; of them `taken` are merged now, `aside` are kept for a decision.
        receipt: the agency's word on a letter that was taken, for its author.
    """

    outcome: Literal["", "taken", "reset", "refused"] = ""
    reason: str = ""
    changes: Whole = 0
    taken: Whole = 0
    aside: Whole = 0
    accepted: Dots = []
    receipt: Signed | None = None
