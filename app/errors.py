"""The errors Maßwerk knows: stable codes and parameters; the German words for them live in `ui/labels.py`.

    MasswerkError
    ├── UserError                  something typed cannot be taken as it is: shown beside the field
    │   ├── FieldError             one field of one kind (`kind`, `field`)
    │   │   └── TooLarge           longer or bigger than the field may be (`size`, `limit`)
    │   ├── ImportLineError        a place in a file (`line`, `column`, `header`, `value`)
    │   ├── UnreadableFile         the whole file cannot be understood (`path`)
    │   ├── QuotaExceeded          more than one profile may hold (`size`, `limit`)
    │   ├── NotAllowed             this role may not do that (`action`)
    │   ├── HallRefused            two laptops in a hall do not come together; the code says why
    │   └── NotFound               the record is not, or no longer, on this device (`kind`, `id`)
    ├── StoreError                 the local database: a banner and what to do; the data stays as it is
    │   ├── WrongKey               the key or passphrase does not open the file
    │   ├── KeyUnavailable         no keyring and no passphrase given
    │   ├── DamagedFile            not a database, or its integrity check fails
    │   ├── DiskFull               nothing was written
    │   ├── ReadOnlyProfile        the folder or the file may not be written
    │   ├── NewerSchema            written by a newer Maßwerk (`found`, `known`)
    │   ├── MigrationFailed        the upgrade did not pass its self-check; the old file is untouched
    │   └── ProfileInUse           another Maßwerk has this profile open (`pid`)
    ├── ContentError               bytes that do not mean what they should; nothing of them is taken
    │   ├── GarbledText            an update of the text CRDT is damaged
    │   └── GarbledChange          a change or a state does not fit the field registry (`kind`, `slot`)
    └── AgencyError                anything between this device and the agency
        ├── AgencyUnreachable      no connection: a state, not a fault; work goes on
        │   └── AgencyBusy         the agency asks for patience (`retry_after` seconds)
        ├── AgencyRefused          the agency answered no; each has exactly one remedy
        │   ├── TokenRevoked       the device was signed off
        │   ├── InvitationInvalid  the invitation code is unknown, used or too old
        │   ├── WrongAgency        another agency answers at this address (`expected`, `found`)
        │   ├── ProtocolTooOld     this Maßwerk is too old for the agency (`spoken`, `needed`)
        │   ├── RequestTooLarge    send less at once (the engine halves its batch)
        │   └── ReplicaFork        a copy of this profile is at work elsewhere: take a new identity
        └── AgencyGarbled          the answer is not of our protocol; nothing of it was taken

A class is what the program decides by; `code` is what a text, a log line and a test name it by. `code` is
fixed per class except where a caller must say which rule was broken (`FieldError("measure", "title",
"blank")`). `params` hold only plain values: an error can be logged, sent and shown without its object.
"""

from __future__ import annotations

from collections.abc import Mapping

Param = str | int | float | bool | None
"""What a parameter may be: printable as it is, never a record."""


class MasswerkError(Exception):
    """Base of every error that is foreseen; anything else that reaches the top is our own mistake."""

    code: str = "masswerk"
    params: Mapping[str, Param]

    def __init__(self, code: str | None = None, **params: Param) -> None:
        if code is not None:
            self.code = code
        self.params = params
        super().__init__(self.code, dict(params))

    def __str__(self) -> str:
        """For logs and tracebacks: code and parameters, in the order they were given."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({told})" if told else self.code


class UserError(MasswerkError):
    """Something typed or chosen cannot be taken as it is; nothing was changed."""

    code = "user"


class FieldError(UserError):
    """A rule of one field is broken, for example `FieldError("measure", "title", "blank")`."""

    code = "field"

    def __init__(self, kind: str, field: str, code: str = "field", **params: Param) -> None:
        super().__init__(code, kind=kind, field=field, **params)
        self.kind = kind
        self.field = field


class TooLarge(FieldError):
    """More text or bytes than the field may hold; `size` and `limit` in characters or bytes of that field."""

    code = "too_large"

    def __init__(self, kind: str, field: str, size: int, limit: int) -> None:
        super().__init__(kind, field, self.code, size=size, limit=limit)


class ImportLineError(UserError):
    """A place in an imported file that cannot be understood; line and column count from 1."""

    code = "import_line"

    def __init__(
        self,
        line: int,
        column: int,
        code: str = "import_line",
        *,
        header: str = "",
        value: str = "",
        **params: Param,
    ) -> None:
        super().__init__(code, line=line, column=column, header=header, value=value[:80], **params)
        self.line = line
        self.column = column


class UnreadableFile(UserError):
    """A whole file that is not what it should be: encoding, header line, format."""

    code = "unreadable_file"

    def __init__(self, path: str, code: str = "unreadable_file", **params: Param) -> None:
        super().__init__(code, path=path, **params)


class QuotaExceeded(UserError):
    """One profile or one change would hold more than it may; the code names the unit."""

    code = "quota_exceeded"

    def __init__(self, size: int, limit: int, code: str = "quota_exceeded", **params: Param) -> None:
        super().__init__(code, size=size, limit=limit, **params)


class NotAllowed(UserError):
    """The role of this profile may not do that here."""

    code = "not_allowed"

    def __init__(self, action: str, code: str = "not_allowed", **params: Param) -> None:
        super().__init__(code, action=action, **params)


class HallRefused(UserError):
    """Two laptops in one hall do not come together, or no longer; nothing was told or taken because of it."""

    code = "hall_refused"


class NotFound(UserError):
    """The record is not, or no longer, on this device."""

    code = "not_found"


class StoreError(MasswerkError):
    """The local database cannot be used as asked; what was stored before is untouched."""

    code = "store"


class WrongKey(StoreError):
    """The key or the passphrase does not open this database."""

    code = "wrong_key"


class KeyUnavailable(StoreError):
    """There is no keyring that holds the key and no passphrase was given."""

    code = "key_unavailable"


class DamagedFile(StoreError):
    """The file is no database of ours, or its integrity check fails."""

    code = "damaged_file"


class DiskFull(StoreError):
    """There was no room left; the transaction was rolled back as a whole."""

    code = "disk_full"


class ReadOnlyProfile(StoreError):
    """The profile folder or its database may not be written by this account."""

    code = "read_only_profile"


class NewerSchema(StoreError):
    """A newer Maßwerk wrote this database; it is refused before anything is touched."""

    code = "newer_schema"

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found=found, known=known)


class MigrationFailed(StoreError):
    """The upgraded copy did not pass its self-check; the old file stays in use."""

    code = "migration_failed"


class ProfileInUse(StoreError):
    """Another process holds the lock of this profile."""

    code = "profile_in_use"


class ContentError(MasswerkError):
    """Bytes or values that do not mean what they should; nothing of them was taken."""

    code = "content"


class GarbledText(ContentError):
    """An update of the text CRDT is damaged or foreign."""

    code = "garbled_text"


class GarbledChange(ContentError):
    """A change or a record's state does not fit the field registry."""

    code = "garbled_change"


class AgencyError(MasswerkError):
    """Anything that goes wrong between this device and the agency; local work is never touched by it."""

    code = "agency"


class AgencyUnreachable(AgencyError):
    """No connection, a time-out or a broken reply: what was sent counts as not received."""

    code = "agency_unreachable"


class AgencyBusy(AgencyUnreachable):
    """The agency answers, but asks to come back in `retry_after` seconds."""

    code = "agency_busy"

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


class AgencyRefused(AgencyError):
    """The agency understood and said no; trying again as before is useless."""

    code = "agency_refused"


class TokenRevoked(AgencyRefused):
    """This device was signed off, or its token is unknown."""

    code = "token_revoked"


class InvitationInvalid(AgencyRefused):
    """The invitation code is unknown, already used or too old."""

    code = "invitation_invalid"


class WrongAgency(AgencyRefused):
    """Another agency answers at this address than the one the profile belongs to."""

    code = "wrong_agency"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected=expected, found=found)


class ProtocolTooOld(AgencyRefused):
    """The agency no longer speaks this protocol downward; it still accepts what is pending."""

    code = "protocol_too_old"

    def __init__(self, spoken: str, needed: str) -> None:
        super().__init__(spoken=spoken, needed=needed)


class RequestTooLarge(AgencyRefused):
    """One request carried more than the agency takes at once."""

    code = "request_too_large"


class ReplicaFork(AgencyRefused):
    """The agency has other content under this replica's number: a copied profile is at work elsewhere."""

    code = "replica_fork"

    def __init__(self, replica: str, n: int) -> None:
        super().__init__(replica=replica, n=n)
        self.replica = replica
        self.n = n


class AgencyGarbled(AgencyError):
    """The answer is not of our protocol (login page, half a body, wrong checksum); nothing was taken."""

    code = "agency_garbled"
