"""The messages between two laptops in a hall: HTTP with JSON in zstd, rows packed as on the agency's wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.sync.signed import Hex32, Signed
from app.sync.wire import Author, Page, Pair, Reply, Request, Whole

HALL = "1"
RECEIPTS = "/hall/receipts"
FILES, PIECES = "/hall/files", "/hall/piece"
PARTS = "/hall/part"
PROGRAM = "/hall/program"
ALSO = [RECEIPTS, FILES, PIECES, PARTS, PROGRAM]
"""Routes that this program answers, and the first one of this version did not."""
MAX_ROWS = 200
"""Rows in one message; what is left comes with the next."""
MAX_BYTES = 1_000_000
MAX_RECORDS = 50_000
"""Records of one workshop that are compared at once."""
MAX_DEVICES = 32
MAX_FILES = 500
"""Files that a guest asks for at once."""
Digests = Annotated[dict[Annotated[str, Field(max_length=36)], Whole], Field(max_length=MAX_RECORDS)]
Nonce = Hex32


class Knock(Request):
    """The first word: nothing of either side is told yet."""

    hall: Annotated[str, Field(max_length=10)] = HALL
    nonce: Nonce


class KnockReply(Reply):
    """The hub's nonce, good for one try."""

    nonce: Nonce


class Prove(Request):
    """That the guest has been told the code, without telling it."""

    nonce: Nonce
    proof: Hex32


class ProveReply(Reply):
    """That the hub knows the code, too; who it is, and that this line is its own."""

    proof: Hex32
    passport: Signed
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class Enter(Request):
    """Who the guest is, and that it stands at the other end of this very line."""

    nonce: Nonce
    passport: Signed
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class EnterReply(Reply):
    """What the guest shows from now on, and which workshop this is about.

    Attributes:
        also: routes that this hub answers beyond those of the first version; an earlier guest reads over them, and
            a later one asks an earlier hub none of them.
    """

    session: Hex32
    workshop: Annotated[str, Field(max_length=36)]
    also: Annotated[list[str], Field(max_length=100)] = []


class Said(Request):
    """A device's statements: its pass, its word how far it has come, and its word on its sealed letter."""

    passport: Signed
    word: Signed
    note: Signed | None = None


class Program(Request):
    """Which registry of fields the guest's program knows; `ProgramReply` the hub's."""

    schema_version: Whole


class ProgramReply(Reply):
    """The answer."""

    schema_version: Whole


class Person(Reply):
    """Somebody who takes part at the moment.

    Attributes:
        schema_version: which registry of fields the program there knows, 0 if it is too early a one to say so;
            None while nobody knows.
    """

    signing: Hex32
    person: str
    device: str
    schema_version: Whole | None = None


class HallRequest(Request):
    """What the guest has to tell; the same twice is once.

    Attributes:
        digests: of all the workshop's records as they stand here, to compare; else only the sum.
        total: [records, sum of digests mod 2**62] once there is nothing more to tell.
        pages: records that the other side does not have as they are here.
        said: the sender's own statements and, as far as they are news, those of others whose letters lie here.
        has: letters that lie here: device -> SHA-256.
        authors: who writes under which replica.
        taken: number of the last reply whose records were taken.
    """

    taken: Whole = 0
    digests: Digests | None = None
    total: Pair | None = None
    pages: Annotated[list[Page], Field(max_length=64)] = []
    said: Annotated[list[Said], Field(max_length=MAX_DEVICES)] = []
    has: Annotated[dict[Hex32, Hex32], Field(max_length=MAX_DEVICES)] = {}
    authors: Annotated[list[Author], Field(max_length=1000)] = []


class HallReply(Reply):
    """The same from the hub.

    Attributes:
        digests: of all records, where the guest has told its own, or has to (`compare`).
        more: there are further records; ask again at once.
        compare: the sums differ: tell all digests with the next request.
        present: who takes part, the hub first.
        wanted: devices whose letters the hub asks the guest for.
        number: of this reply.
        receipt: the agency's word on a letter of the guest's, if it lies here.
    """

    number: Whole = 0
    digests: Digests | None = None
    pages: Annotated[list[Page], Field(max_length=64)] = []
    more: bool = False
    compare: bool = False
    said: Annotated[list[Said], Field(max_length=MAX_DEVICES)] = []
    has: Annotated[dict[Hex32, Hex32], Field(max_length=MAX_DEVICES)] = {}
    authors: Annotated[list[Author], Field(max_length=1000)] = []
    present: Annotated[list[Person], Field(max_length=MAX_DEVICES)] = []
    wanted: Annotated[list[Hex32], Field(max_length=MAX_DEVICES)] = []
    receipt: Signed | None = None


class LetterRequest(Request):
    """Asks for the letter of a device, or brings it (`letter`, base64)."""

    device: Hex32
    letter: Annotated[str, Field(max_length=8_000_000)] = ""


class LetterReply(Reply):
    """The letter asked for, base64; "" if it does not lie here. What was brought is on the disk (`kept`)."""

    letter: str = ""
    kept: bool = False


class PartRequest(Request):
    """One of several letters of a device: asks whether it lies there, asks for it (`give`), or brings it (base64)."""

    device: Hex32
    sha: Hex32
    give: bool = False
    letter: Annotated[str, Field(max_length=8_000_000)] = ""


class ReceiptsRequest(Request):
    """The agency's words to letters that the guest has brought there, for their authors."""

    receipts: Annotated[list[Signed], Field(max_length=MAX_DEVICES)]


class Heard(Reply):
    """What was brought lies here."""


class FilesRequest(Request):
    """How much of these files the hub has, each named by its SHA-256."""

    files: Annotated[list[Hex32], Field(max_length=MAX_FILES)]


class FilesReply(Reply):
    """Bytes that lie there, from the beginning; all of them only if their checksum is right."""

    have: Annotated[dict[Hex32, Whole], Field(max_length=MAX_FILES)] = {}


class PieceRequest(Request):
    """Asks for the bytes of a file from `at` on, or brings them (`piece`, base64)."""

    file: Hex32
    at: Whole
    piece: Annotated[str, Field(max_length=400_000)] = ""


class PieceReply(Reply):
    """How much of the file lies at the hub; the bytes asked for, base64, if all of it does."""

    have: Whole = 0
    piece: Annotated[str, Field(max_length=400_000)] = ""


class Refusal(Reply):
    """Why not: one of the codes of `HallRefused`."""

    code: Annotated[str, Field(max_length=40)]
