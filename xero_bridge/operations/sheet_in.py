"""A sheet of questions comes back with answers: every row is checked, then all or none are kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from xero_bridge.operations import answering
from xero_bridge.operations.answering import LINK, Reply
from xero_bridge.operations.cells import undone
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.questions import QuestionView, checked, find, question_views, shareable
from xero_bridge.operations.rows import store_of
from xero_bridge.operations.services import By, Services
from xero_bridge.operations.sheet import answers_of, candidate_names, version_of
from xero_bridge.store.repository import SqlStore

#: Columns that a sheet must have to be read.
_NEEDED = ("connection", "key", "version", "answer", "value")
#: More than this is no sheet of questions.
MOST_BYTES = 20_000_000


class SheetWrong(NotAccepted):
    """A sheet with rows that cannot be carried out: nothing was changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        rows = "1 row is" if len(problems) == 1 else f"{len(problems):,} rows are"
        super().__init__("\n".join([f"Nothing was changed: {rows} wrong.", *problems]))
        self.problems = tuple(problems)


class Taken(NamedTuple):
    """What became of a sheet."""

    answered: int
    #: Rows without an answer, or with the one that was given before.
    unchanged: int
    #: Sentences about answers to questions that have settled themselves.
    settled: tuple[str, ...]

    def __str__(self) -> str:
        """What a person is told."""
        counts = f"Answered: {self.answered:,}. Left as they were: {self.unchanged:,}."
        follows = "The next run carries the answers out." if self.answered else ""
        return " ".join(part for part in (counts, *self.settled, follows) if part)


class _Line(NamedTuple):
    #: Line of the file on which the row begins, the heading being 1.
    number: int
    cells: Mapping[str, str]


class _Wrong(NamedTuple):
    column: str
    message: str


def take_in(
    services: Services, raw: bytes, *, by: By, reachable: Collection[str] | None = None
) -> Taken:
    """Carry out the answers of a sheet: every one is checked first, and all are kept or none.

    `reachable`: the connections that the person may act on; None: all. Raises `SheetWrong` with the
    line and column of each row that is wrong, `NotAccepted` for what is no such sheet.
    """
    lines = list(_lines(_text(raw)))
    checker = _Checker(services, reachable)
    replies = [reply for line in lines if (reply := checker.reply(line)) is not None]
    if checker.problems:
        raise SheetWrong(checker.problems)
    for connection in dict.fromkeys(reply.view.connection for reply in replies):
        mine = [reply for reply in replies if reply.view.connection == connection]
        answering.give(services, connection, mine, by=by)
    unchanged = len(lines) - len(replies) - len(checker.settled)
    return Taken(len(replies), unchanged, tuple(checker.settled))


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise NotAccepted("The file is larger than 20 MB: it is no sheet of questions.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAccepted(
            "The file is not text in UTF-8: save it as `CSV UTF-8` in the spreadsheet."
        ) from error


def _lines(text: str) -> Iterator[_Line]:
    """The rows below the heading; some spreadsheets separate by semicolons or tabs."""
    heading = text.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise NotAccepted(
                f"The file has no column {', '.join(missing)}: it has to be a sheet of questions "
                "as it is exported here."
            )
        number = reader.line_num + 1
        for row in reader:
            cells = {name: undone(cell or "").strip() for name, cell in row.items() if name}
            yield _Line(number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise NotAccepted(f"Line {reader.line_num} of the file is no CSV: {error}.") from error


class _Checker:
    """Judges one row after the other, and remembers what it has seen."""

    def __init__(self, services: Services, reachable: Collection[str] | None) -> None:
        self.problems: list[str] = []
        self.settled: list[str] = []
        self._services = services
        self._reachable = reachable
        self._views = {
            (view.connection, view.key): view
            for state in ("open", "answered")
            for view in question_views(services, state=state)
            if self._reaches(view.connection)
        }
        self._stores: dict[str, SqlStore] = {}
        #: Where each question was answered, and each record given away: the line.
        self._answered: dict[tuple[str, str], int] = {}
        self._given: dict[tuple[str, str], int] = {}

    def reply(self, line: _Line) -> Reply | None:
        """The answer of a row; None where it has none, or one that is wrong or needless."""
        code = line.cells["answer"].casefold()
        name = (line.cells["connection"], line.cells["key"])
        if not code:
            if line.cells["value"]:
                self._wrong(line, _Wrong("answer", "there is a value, but no answer"))
            return None
        view = self._views.get(name)
        if view is None:
            self._unknown(line, name)
            return None
        if (view.answer, view.answer_value) == (code, line.cells["value"]):
            return None
        wrong = self._stale(line, view) or self._twice(line, name)
        if wrong is None:
            found = self._value(view, code, line)
            if isinstance(found, Reply):
                return found
            wrong = found
        self._wrong(line, wrong)
        return None

    def _unknown(self, line: _Line, name: tuple[str, str]) -> None:
        """A question that is closed needs no answer any more; one that never was is a mistake."""
        connection, key = name
        try:
            closed = self._reaches(connection) and find(self._services, key, connection=connection)
        except NotAccepted:
            closed = False
        if not closed:
            self._wrong(line, _Wrong("key", f"there is no question {key!r} of {connection!r}"))
            return
        label = line.cells.get("name") or key
        self.settled.append(f"Line {line.number}: the question about {label} is settled already.")

    def _reaches(self, connection: str) -> bool:
        return bool(connection) and (self._reachable is None or connection in self._reachable)

    def _stale(self, line: _Line, view: QuestionView) -> _Wrong | None:
        if line.cells["version"] == version_of(view):
            return None
        return _Wrong(
            "version",
            f"{view.label or view.key} has changed since the export: export again and look at it",
        )

    def _twice(self, line: _Line, name: tuple[str, str]) -> _Wrong | None:
        first = self._answered.setdefault(name, line.number)
        if first == line.number:
            return None
        return _Wrong("key", f"the same question is answered on line {first}")

    def _value(self, view: QuestionView, code: str, line: _Line) -> Reply | _Wrong:
        if code not in answers_of(view):
            offered = ", ".join(answers_of(view)) or "none: it closes by itself or on its own page"
            return _Wrong("answer", f"{code!r} is not one of the answers ({offered})")
        store = self._stores.setdefault(view.connection, store_of(self._services, view.connection))
        try:
            value = checked(store, view, code, self._named(store, view, code, line.cells["value"]))
        except NotAccepted as error:
            return _Wrong("value", str(error))
        first = self._given.setdefault((view.connection, f"{view.kind}:{value}"), line.number)
        # Two customers share a contact only where a person names it for both.
        named = shareable(view.question) and bool(line.cells["value"])
        if code == LINK and first != line.number and not named:
            return _Wrong("value", f"{value} is given to another record on line {first}")
        return Reply(view, code, value)

    def _named(self, store: SqlStore, view: QuestionView, code: str, value: str) -> str:
        """The record meant: by its id, by its name, or as the only one there is."""
        candidates = view.question.candidates
        if code != LINK or value in {key.id for key in candidates}:
            return value
        if not value:
            return candidates[0].id if len(candidates) == 1 else ""
        names = candidate_names(store, [view])
        called = [key.id for key, name in names.items() if name.casefold() == value.casefold()]
        return called[0] if len(called) == 1 else value

    def _wrong(self, line: _Line, wrong: _Wrong) -> None:
        message = wrong.message.rstrip(".")
        self.problems.append(f"Line {line.number}, column {wrong.column}: {message}.")
