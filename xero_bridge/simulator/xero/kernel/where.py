"""The where and order expressions of Xero's lists, compiled to functions on records."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.errors import BadCall, bad_query

Get: TypeAlias = Callable[[Record], Any]
TYPES = {
    "text": "String",
    "guid": "Guid",
    "date": "DateTime?",
    "number": "Decimal?",
    "bool": "Boolean",
}
TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"[^"]*") | (?P<number>-?\d+(?:\.\d+)?) |
    (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*) |
    (?P<op>==|!=|>=|<=|&&|\|\||=|>|<|!|\(|\)|,)
    )""",
    re.VERBOSE,
)
METHODS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: bool(left == right),
    "=": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    ">": lambda left, right: left is not None and right is not None and left > right,
    ">=": lambda left, right: left is not None and right is not None and left >= right,
    "<": lambda left, right: left is not None and right is not None and left < right,
    "<=": lambda left, right: left is not None and right is not None and left <= right,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A property that may stand in an expression: its type (a key of TYPES) and its value."""

    kind: str
    get: Get


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression: its type and its value for a record."""

    kind: str
    get: Get


def fold(text: str) -> str:
    """Return the text as Xero compares it: without case and accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def field(kind: str, name: str) -> Field:
    """Return the field which is stored under this name."""
    return Field(kind, lambda record: record.get(name))


def fields(**kinds: str) -> dict[str, Field]:
    """Return fields by lower-case name, each stored under its own name."""
    return {name.lower(): field(kind, name) for name, kind in kinds.items()}


def compile_where(text: str, known: Mapping[str, Field]) -> Callable[[Record], bool]:
    """Compile an expression; raises BadCall (ErrorNumber 16)."""
    parser = _Parser(text, known)
    term = parser.either()
    parser.end()
    if term.kind != "bool":
        raise bad_query("Expression of type 'Boolean' expected")
    return lambda record: bool(term.get(record))


def compile_order(text: str, known: Mapping[str, Field]) -> list[tuple[Get, bool]]:
    """Compile an order to pairs of key and descending; raises BadCall (ErrorNumber 16)."""
    keys = []
    for part in text.split(","):
        name, _, direction = part.strip().partition(" ")
        if direction.strip().upper() not in ("", "ASC", "DESC"):
            raise bad_query("Syntax error")
        keys.append((_known(name, known).get, direction.strip().upper() == "DESC"))
    return keys


def _known(name: str, known: Mapping[str, Field]) -> Field:
    if not name:
        raise bad_query()
    if name.lower() not in known:
        raise bad_query(f"No property or field '{name}' exists")
    return known[name.lower()]


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, known: Mapping[str, Field]) -> None:
        self._known = known
        self._tokens = _tokens(text)
        self._at = 0

    def end(self) -> None:
        """Demand that nothing follows."""
        if self._at < len(self._tokens):
            raise bad_query("Syntax error")

    def either(self) -> Term:
        """Parse a chain of OR."""
        term = self._both()
        while self._take("||", "OR"):
            term = _joined(term, self._both(), either=True)
        return term

    def _both(self) -> Term:
        term = self._single()
        while self._take("&&", "AND"):
            term = _joined(term, self._single(), either=False)
        return term

    def _single(self) -> Term:
        if self._take("!"):
            inner = self._single()
            return Term("bool", lambda record: not inner.get(record))
        if self._take("("):
            term = self.either()
            self._need(")")
            return term
        left = self._operand()
        operator = self._peek()[1]
        if operator not in COMPARE:
            return left
        self._at += 1
        return _compared(left, operator, self._operand())

    def _operand(self) -> Term:
        kind, text = self._peek()
        self._at += 1
        if kind == "string":
            return _constant("text", text[1:-1])
        if kind == "number":
            return _constant("number", Decimal(text))
        if kind == "word":
            return self._word(text)
        raise bad_query()

    def _word(self, text: str) -> Term:
        match text.lower():
            case "null":
                return _constant("null", None)
            case "true" | "false":
                return _constant("bool", text.lower() == "true")
            case "guid" | "guid.parse":
                return _constant("guid", self._string_argument().lower())
            case "datetime":
                return _constant("date", _date_of(self._arguments()))
            case "datetime.parse":
                return _constant("date", _parsed(self._string_argument()))
        name, _, method = text.rpartition(".")
        if method.lower() in METHODS and self._peek()[1] == "(":
            return self._method(name, method)
        found = _known(text, self._known)
        return Term(found.kind, found.get)

    def _method(self, name: str, method: str) -> Term:
        subject = _known(name, self._known)
        if subject.kind != "text":
            raise bad_query(
                f"No applicable method '{method}' exists in type '{TYPES[subject.kind]}'"
            )
        part = fold(self._string_argument())

        def holds(record: Record) -> bool:
            value = subject.get(record)
            if value is None:
                raise bad_query("Object reference not set to an instance of an object.")
            return METHODS[method.lower()](fold(value), part)

        return Term("bool", holds)

    def _string_argument(self) -> str:
        arguments = self._arguments()
        if len(arguments) != 1 or not arguments[0].startswith('"'):
            raise bad_query()
        return arguments[0][1:-1]

    def _arguments(self) -> list[str]:
        self._need("(")
        found = []
        while not self._take(")"):
            kind, text = self._peek()
            if kind not in ("string", "number"):
                raise bad_query()
            found.append(text)
            self._at += 1
            self._take(",")
        return found

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, *texts: str) -> bool:
        taken = self._peek()[1].upper() in texts
        self._at += taken
        return taken

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise bad_query(f"'{text}' expected")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise bad_query(f"Syntax error '{text[at]}'")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    if not found:
        raise bad_query()
    return found


def _constant(kind: str, value: object) -> Term:
    return Term(kind, lambda _: value)


def _joined(left: Term, right: Term, *, either: bool) -> Term:
    if (left.kind, right.kind) != ("bool", "bool"):
        raise _mismatch("||" if either else "&&", left, right)
    if either:
        return Term("bool", lambda record: left.get(record) or right.get(record))
    return Term("bool", lambda record: left.get(record) and right.get(record))


def _compared(left: Term, operator: str, right: Term) -> Term:
    if "null" not in (left.kind, right.kind) and left.kind != right.kind:
        raise _mismatch(operator, left, right)
    compare = COMPARE[operator]
    return Term("bool", lambda record: compare(_plain(left.get(record)), _plain(right.get(record))))


def _mismatch(operator: str, left: Term, right: Term) -> BadCall:
    types = [TYPES.get(term.kind, "Object") for term in (left, right)]
    return bad_query(
        f"Operator '{operator}' incompatible with operand types '{types[0]}' and '{types[1]}'"
    )


def _plain(value: object) -> object:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def _date_of(arguments: list[str]) -> datetime:
    try:
        numbers = [int(argument) for argument in arguments]
        return datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
    except (TypeError, ValueError) as error:
        raise bad_query("No applicable constructor exists in type 'DateTime'") from error


def _parsed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad_query("String was not recognized as a valid DateTime.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
