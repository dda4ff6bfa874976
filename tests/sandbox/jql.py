"""JQL, as far as an adapter needs it: read into a tree, with Jira's complaints about what it cannot read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.sandbox.errors import JiraError

TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<op>>=|<=|!=|!~|=|>|<|~)|(?P<mark>[(),])|(?P<word>[^\s()=<>!~,"']+))""",
    re.VERBOSE,
)
OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "~", "!~")
RESERVED = frozenset({"and", "or", "not", "order", "by", "in", "is", "empty", "null", "asc", "desc"})


@dataclass(frozen=True)
class Clause:
    """`field operator values`; operators in words are lower case: `in`, `not in`, `is`, `is not`."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Both:
    """All of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """Any of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """The opposite."""

    part: Node


Node = Clause | Both | Either | Not


@dataclass(frozen=True)
class Query:
    """A query; `where` is None where there is no restriction at all."""

    where: Node | None
    order: tuple[tuple[str, bool], ...]  # field, and whether descending


def bad(message: str) -> JiraError:
    """Jira's 400 on JQL."""
    return JiraError(400, message)


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str

    def says(self, word: str) -> bool:
        return self.kind == "word" and self.text.lower() == word


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[_Token] = []
        position = 0
        while text[position:].strip():
            match = TOKEN.match(text, position)
            if match is None:
                raise bad(f"Error in the JQL Query: The character '{text[position:].strip()[0]}' is not valid here.")
            kind = match.lastgroup or ""
            found = match[kind]
            self.tokens.append(_Token(re.sub(r"\\(.)", r"\1", found[1:-1]) if kind == "quoted" else found, kind))
            position = match.end()
        self.at = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _Token("", "end")

    def take(self) -> _Token:
        token = self.now
        self.at += 1
        return token

    def took(self, word: str) -> bool:
        if self.now.says(word):
            self.at += 1
            return True
        return False

    def query(self) -> Query:
        where = None if self.now.kind == "end" or self.now.says("order") else self.either()
        order: list[tuple[str, bool]] = []
        if self.took("order"):
            if not self.took("by"):
                raise self.expected("'by'")
            order.append(self.ordered())
            while self.now.text == "," and self.now.kind == "mark":
                self.take()
                order.append(self.ordered())
        if self.now.kind != "end":
            raise self.expected("either 'OR' or 'AND'")
        return Query(where, tuple(order))

    def ordered(self) -> tuple[str, bool]:
        name = self.value()
        return name, self.took("desc") or (self.took("asc") and False)

    def either(self) -> Node:
        parts = [self.both()]
        while self.took("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Node:
        parts = [self.one()]
        while self.took("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self) -> Node:
        if self.took("not"):
            return Not(self.one())
        if self.now.kind == "mark" and self.now.text == "(":
            self.take()
            inner = self.either()
            self.close()
            return inner
        return self.clause()

    def close(self) -> None:
        if self.take().text != ")":
            self.at -= 1
            raise self.expected("')'")

    def clause(self) -> Clause:
        field = self.value()
        token = self.take()
        if token.kind == "op":
            return Clause(field, token.text, (self.value(),))
        if token.says("is"):
            operator = "is not" if self.took("not") else "is"
            if not (self.took("empty") or self.took("null")):
                raise self.expected("'EMPTY' or 'NULL'")
            return Clause(field, operator, ())
        negated = token.says("not")
        if self.took("in") if negated else token.says("in"):
            return Clause(field, "not in" if negated else "in", self.values())
        self.at -= 1
        found = f"'{token.text}'" if token.text else "the end of the query"
        choices = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
        raise bad(f"Error in the JQL Query: Expecting operator but got {found}. The valid operators are {choices}.")

    def values(self) -> tuple[str, ...]:
        if self.now.text != "(":
            raise self.expected("'('")
        self.take()
        found = [self.value()]
        while self.now.kind == "mark" and self.now.text == ",":
            self.take()
            found.append(self.value())
        self.close()
        return tuple(found)

    def value(self) -> str:
        token = self.take()
        if token.kind == "quoted" or (token.kind == "word" and token.text.lower() not in RESERVED):
            return token.text + self.call()
        self.at -= 1
        raise self.expected("a value or field name")

    def call(self) -> str:
        """The brackets of a function, such as `currentUser()`."""
        if [t.text for t in self.tokens[self.at : self.at + 2]] != ["(", ")"]:
            return ""
        self.at += 2
        return "()"

    def expected(self, what: str) -> JiraError:
        found = f"got '{self.now.text}'" if self.now.text else "the query ended"
        return bad(f"Error in the JQL Query: Expecting {what} but {found}.")


def read(text: str) -> Query:
    """Reads a query; 400 where Jira could not read it."""
    return _Reader(text).query()
