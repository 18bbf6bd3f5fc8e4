"""Goes once through a delimited file, without the engine that loads it: how many records, where, what is broken.

A record with a misplaced quote, or a broken one over several lines, loses its opening line only; reading goes on at the
next physical line, so that the lines a stray quote swallowed are all counted, and loaded when they are right.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from data.readers.scan import Lines, Reject
from data.readers.structure import MAX_RECORD, REPLACEMENT, Layout, Problem, Structure, structure_of

CHUNK = 1 << 20
MAX_FAULTS = 10_000
MAX_RESTARTS = 1_000
TOO_LONG: Problem = ("too_long", f"longer than {MAX_RECORD // 1024} KB, or a quote is opened and never closed")


@dataclass(frozen=True)
class Piece:
    """Bytes of the file with the records found in them and whether each is good (neither broken nor blank)."""

    buffer: bytes
    found: Structure
    good: np.ndarray


@dataclass
class Survey:
    """What a file holds; complete once `pieces` is exhausted. `gave_up` says why the rest was not read."""

    layout: Layout
    line: int
    lines: Lines = field(default_factory=Lines)
    rejects: list[Reject] = field(default_factory=list)
    blank: int = 0
    restarts: int = 0
    line_ends: set[str] = field(default_factory=set)
    is_ascii: bool = True
    is_mangled: bool = False
    gave_up: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether an engine may read the bytes as they are: nothing to leave out, one kind of line end."""
        return not (self.rejects or self.blank or len(self.line_ends) > 1 or "cr" in self.line_ends)

    def pieces(self, stream: BinaryIO, rest: bytes) -> Iterator[Piece]:
        """The records of `rest` followed by the stream, from physical line `line` on."""
        buffer, final, dropping = rest, False, False
        while not self.gave_up:
            if dropping:
                buffer, dropping = self.after_line(buffer)
            if buffer and not dropping:
                found = structure_of(buffer, self.layout, final)
                if len(found.ends):
                    yield self.accept(buffer, found)
                buffer = buffer[found.used :]
                dropping = self.is_broken(buffer, found)
                if dropping:
                    continue
            if final:
                return
            chunk = stream.read(CHUNK)
            final = not chunk
            buffer += chunk

    def accept(self, buffer: bytes, found: Structure) -> Piece:
        """Count the records of a piece and write down those that are broken."""
        first_lines = self.line + np.concatenate(([0], np.cumsum(found.height)[:-1]))
        good = ~found.blank
        for at, problem in found.faults.items():
            good[at] = False
            self.reject(int(first_lines[at]), problem)
        self.lines.add(first_lines[good])
        self.blank += int(found.blank.sum())
        self.line += int(found.height.sum())
        self.line_ends |= found.line_ends
        self.is_ascii = self.is_ascii and buffer.isascii()
        self.is_mangled = self.is_mangled or (not self.is_ascii and REPLACEMENT in buffer)
        return Piece(buffer, found, good)

    def is_broken(self, buffer: bytes, found: Structure) -> bool:
        """Whether the buffer begins with a physical line to drop: a broken record, or one without end in sight."""
        if found.stop is not None:
            self.restarts += 1
            self.reject(self.line, found.stop)
            return True
        if len(buffer) > MAX_RECORD:
            self.reject(self.line, TOO_LONG)
            return True
        return False

    def after_line(self, buffer: bytes) -> tuple[bytes, bool]:
        """The buffer after its first line end; empty, and still dropping, when it has none."""
        end = buffer.find(bytes([self.layout.terminator]))
        if end < 0:
            return b"", True
        self.line += 1
        return buffer[end + 1 :], False

    def reject(self, line: int, problem: Problem) -> None:
        self.rejects.append(Reject(line, *problem))
        if len(self.rejects) > MAX_FAULTS or self.restarts > MAX_RESTARTS:
            self.gave_up = f"{len(self.rejects):,} broken rows up to line {line:,}"


def write_good(piece: Piece, survey: Survey, sink: BinaryIO) -> None:
    """Append the good records of a piece as UTF-8 with LF ends."""
    layout, found = survey.layout, piece.found
    if piece.good.all() and found.line_ends == {"lf"} and not layout.backslash:
        whole = piece.buffer[: found.used]
        rows = [whole.removesuffix(b"\n")]
    else:
        spans = zip(found.starts[piece.good].tolist(), found.ends[piece.good].tolist(), strict=True)
        rows = [piece.buffer[start:end] for start, end in spans]
    if layout.backslash:
        rows = [doubled(row, layout) for row in rows]
    if layout.encoding != "utf-8":
        rows = [str(row, layout.encoding).encode() for row in rows]
    if rows:
        sink.write(b"\n".join(rows) + b"\n")


def doubled(row: bytes, layout: Layout) -> bytes:
    """A record written with backslash escapes, in doubled quotes."""
    if b"\\" not in row:
        return row
    text = str(row, layout.encoding)
    (values,) = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=layout.delimiter,
        quotechar=layout.quote,
        escapechar="\\",
        doublequote=False,
    )
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=layout.delimiter, quotechar=layout.quote, lineterminator="").writerow(values)
    return target.getvalue().encode(layout.encoding)
