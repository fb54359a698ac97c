"""What the agency does with the catalogues: add, rename, retire, replace, and write the word in force everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.catalogue import TermList, Visibility
from app.domain.fields import KINDS, Merge
from app.domain.ids import EntityId, derived_id, new_id
from app.domain.rules import check_save
from app.domain.terms import Term
from app.errors import FieldError, NotFound
from app.models.queries import records, terms
from app.models.queries.reader import Reader
from app.models.store import Store

_AT_ONCE = 200


def add(store: Store, into: TermList, label: str, note: str = "") -> EntityId:
    """A new term.

    Raises:
        FieldError: the label is blank, or (code "term_known") another term is called so.
    """
    _check(store, into, label)
    with store.change("term.create") as draft:
        return draft.create("term", new_id(), None, {**_shared(into), "label": label.strip(), "note": note or None})


def rename(store: Store, term: EntityId, label: str) -> None:
    """Another label; what it was called is kept, so that words written with it are still recognised."""
    own = _term(store, term)
    if label.strip() == own.label:
        return
    _check(store, own.list, label, term)
    with store.change("term.rename") as draft:
        draft.set("term", term, {"label": label.strip(), "former": {*own.former, own.label}})


def describe(store: Store, term: EntityId, note: str) -> None:
    """What a term means."""
    with store.change("term.edit") as draft:
        draft.set("term", term, {"note": note.strip() or None})


def retire(store: Store, term: EntityId, *, retired: bool) -> None:
    """Offer a term no longer, or again; where it is used it stays."""
    with store.change("term.retire" if retired else "term.restore") as draft:
        draft.set("term", term, {"retired": retired})


def replace(store: Store, term: EntityId, by: EntityId) -> None:
    """Use another term instead from now on; "" ends that.

    Raises:
        NotFound: there is no such term.
        FieldError: code "term_itself".
    """
    _term(store, term)
    if by == term:
        raise FieldError("term", "replaced_by", "term_itself")
    if by:
        _term(store, by)
    with store.change("term.replace") as draft:
        draft.set("term", term, {"replaced_by": by or None})


def name_bundle(store: Store, code: str, title: str, note: str) -> EntityId:
    """What a bundle is called and about; two desks that name the same one speak of one term.

    Raises:
        FieldError: the title is blank.
    """
    check_save("term", {"label": title})
    term = derived_id("term", TermList.BUNDLE, code)
    told = {**_shared(TermList.BUNDLE), "code": code, "label": title.strip(), "note": note.strip() or None}
    with store.change("term.edit") as draft:
        return draft.create("term", term, None, told)


def write_in_force(store: Store, of: TermList, word: str) -> int:
    """Writes the term in force into every measure that has this word and may be changed here; how many those are.

    A change for every two hundred, each one step of undo. What comes in later with the old word is counted again.
    """
    reader = Reader(store.engine)
    now = terms.vocabulary(reader, of).now(word)
    using = terms.using(reader, of, word) if now != word else ()
    edits = [
        (one.id, _rewritten(one.values, of, word, now)) for m in using if (one := _editable(reader, m)) is not None
    ]
    for start in range(0, len(edits), _AT_ONCE):
        with store.change("term.write", origin=word) as draft:
            for measure, values in edits[start : start + _AT_ONCE]:
                draft.set("measure", measure, values)
    return len(edits)


def _editable(reader: Reader, measure: EntityId) -> records.Record | None:
    found = records.get_record(reader, "measure", measure)
    return found if found is not None and found.may_edit else None


def _rewritten(values: Mapping[str, object], of: TermList, word: str, now: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in terms.FIELDS[of]:
        value = values.get(field)
        if KINDS["measure"].by_name[field].merge is Merge.SET and isinstance(value, tuple) and word in value:
            found[field] = {now if one == word else one for one in value}
        elif value == word:
            found[field] = now
    return found


def _shared(into: TermList) -> dict[str, object]:
    return {"list": into.value, "visibility": Visibility.PUBLIC.value}


def _check(store: Store, into: TermList, label: str, term: EntityId = "") -> None:
    check_save("term", {"label": label})
    if terms.vocabulary(Reader(store.engine), into).clash(label.strip(), term) is not None:
        raise FieldError("term", "label", "term_known")


def _term(store: Store, term: EntityId) -> Term:
    found = terms.get(Reader(store.engine), term)
    if found is None:
        raise NotFound(kind="term", id=term)
    return found
