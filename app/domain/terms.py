"""The words of the catalogues: a term is renamed, retired, replaced by another; what was written with it stays.

A measure keeps the word that was written. The catalogue says what that word is called today, and what is offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.catalogue import TermList
from app.domain.folding import fold
from app.domain.ids import EntityId


@dataclass(frozen=True, slots=True)
class Term:
    """One word.

    Attributes:
        former: what it was called before.
        retired: it is not offered any more.
        replaced_by: the term that is used instead, "" for none.
        code: of a bundle its number.
    """

    id: EntityId
    list: TermList
    label: str
    former: frozenset[str] = frozenset()
    retired: bool = False
    replaced_by: EntityId = ""
    note: str = ""
    code: str = ""


class Vocabulary:
    """The terms of one list."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = {term.id: term for term in sorted(terms, key=lambda term: term.id)}
        self._by_word: dict[str, Term] = {}
        for term in self.terms.values():
            for word in term.former:
                self._by_word.setdefault(word, term)
        # What something is called now counts before what something else was called once.
        self._by_word |= {term.label: term for term in reversed(self.terms.values())}

    def term(self, word: str) -> Term | None:
        """The term that is or was called so."""
        return self._by_word.get(word)

    def in_force(self, term: Term) -> Term:
        """What is used instead of a term, often itself; where terms replace each other in a ring, the oldest."""
        path = [term]
        while (following := self.terms.get(path[-1].replaced_by)) is not None:
            if following in path:
                return min(path[path.index(following) :], key=lambda one: one.id)
            path.append(following)
        return path[-1]

    def now(self, word: str) -> str:
        """What a word that somebody wrote is called today; itself, if no term knows it."""
        term = self.term(word)
        return word if term is None else self.in_force(term).label

    def is_offered(self, term: Term) -> bool:
        """Whether a term is offered to whoever chooses: it is neither retired nor replaced."""
        return not term.retired and self.in_force(term) is term

    def offered(self, in_use: Iterable[str] = ()) -> list[str]:
        """What can be chosen: the terms in force, and words in use that no term knows."""
        words = {term.label for term in self.terms.values() if self.is_offered(term)}
        words |= {word for word in in_use if self.term(word) is None}
        return sorted(words, key=lambda word: (fold(word), word))

    def clash(self, label: str, without: EntityId = "") -> Term | None:
        """Another term that is called the same, however it is written."""
        return next((t for t in self.terms.values() if t.id != without and fold(t.label) == fold(label)), None)
