"""The structure of a piece of a delimited file, vectorised: where records end, and which are broken.

Strict RFC 4180: a quote opens a value only at its start and closes it only at its end; `""` inside quotes is a quote.
"""

from dataclasses import dataclass, field

import numpy as np

MAX_RECORD = 1 << 20
FEW = 64  # bytes a quote, above which quotes count as few
LF, CR = 10, 13
REPLACEMENT = "\ufffd".encode()
ROWS_INSIDE = "a quoted value holds {n} lines that look like rows: a quote is missing or too many"
Problem = tuple[str, str]


@dataclass(frozen=True)
class Layout:
    """How a file is written, as its adapter says; `width` is the number of values of a record."""

    width: int
    delimiter: str = ","
    quote: str | None = '"'
    backslash: bool = False
    encoding: str = "utf-8"
    terminator: int = LF


@dataclass
class Structure:
    """Records at the front of a piece, in its first `used` bytes. `ends` leave the line end out; `height` is in lines.

    `faults`: record -> (rule, message). `stop`: why the opening line of the record that begins at `used` is dropped.
    """

    starts: np.ndarray
    ends: np.ndarray
    height: np.ndarray
    used: int
    blank: np.ndarray
    faults: dict[int, Problem] = field(default_factory=dict)
    stop: Problem | None = None
    line_ends: frozenset[str] = frozenset()


def structure_of(buffer: bytes, layout: Layout, final: bool) -> Structure:
    """Structure of a piece that starts at a record; an unfinished record at its back is left out unless `final`."""
    data = np.frombuffer(buffer, np.uint8)
    quotes = structural_quotes(buffer, data, layout)
    outside = None if quotes is None else outside_of_quotes(data, quotes)
    ends = marks(data, layout.terminator, outside)
    stop = broken_quote(data, quotes, layout)
    if final and stop is None and (not len(ends) or ends[-1] != len(data) - 1):
        if outside is None or outside[-1]:
            ends = np.append(ends, len(data))
        else:
            stop = len(data)
    if stop is not None:
        ends = ends[ends < stop]
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    used = min(int(ends[-1]) + 1, len(data)) if len(ends) else 0
    found = Structure(starts, ends, heights(data, ends, layout, quotes is not None), used, ends == starts)
    if stop is not None:
        closed = "a quote is opened and never closed" if stop == len(data) else "a quote stands where none may"
        found.stop = ("quote", f"{closed}: one is missing or too many")
    if len(ends):
        check_ends(buffer, data, layout, outside, found)
        check_widths(buffer, data, layout, outside, found)
        check_bytes(buffer, layout, found)
        stop_at_tall_fault(found)
    return found


def first_record(buffer: bytes, layout: Layout) -> tuple[bytes, int] | None:
    """The first record without its line end, and the bytes it takes with it; None when its quotes are broken."""
    data = np.frombuffer(buffer, np.uint8)
    quotes = structural_quotes(buffer, data, layout)
    outside = None if quotes is None else outside_of_quotes(data, quotes)
    ends = marks(data, layout.terminator, outside)
    end = int(ends[0]) if len(ends) else len(data)
    broken = broken_quote(data, quotes, layout)
    if (broken is not None and broken < end) or (not len(ends) and outside is not None and not outside[-1]):
        return None
    record = buffer[:end]
    return (record.removesuffix(b"\r") if layout.terminator == LF else record), min(end + 1, len(data))


def marks(data: np.ndarray, byte: int, outside: np.ndarray | None) -> np.ndarray:
    """Offsets of a byte outside quotes."""
    return np.flatnonzero(data == byte if outside is None else (data == byte) & outside)


def structural_quotes(buffer: bytes, data: np.ndarray, layout: Layout) -> np.ndarray | None:
    """Offsets of the quotes that open or close; None when there are none. Escaped by a backslash: not structural."""
    if layout.quote is None or layout.quote.encode() not in buffer:
        return None
    quotes = np.flatnonzero(data == ord(layout.quote))
    if layout.backslash and b"\\" in buffer:
        escaped = [at for at in quotes.tolist() if backslashes_before(buffer, at) % 2]
        quotes = np.setdiff1d(quotes, escaped)
    return quotes if len(quotes) else None


def backslashes_before(buffer: bytes, at: int) -> int:
    count = 0
    while count < at and buffer[at - 1 - count] == ord("\\"):
        count += 1
    return count


def outside_of_quotes(data: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """For each byte, whether it stands outside quotes."""
    if len(quotes) * FEW > len(data):
        toggles = np.zeros(len(data), np.uint8)
        toggles[quotes] = 1
        return (np.cumsum(toggles, dtype=np.uint8) & 1) == 0
    outside = np.ones(len(data), bool)
    spans = [*quotes.tolist(), len(data)] if len(quotes) % 2 else quotes.tolist()
    for start, end in zip(spans[0::2], spans[1::2], strict=True):
        outside[start:end] = False
    return outside


def broken_quote(data: np.ndarray, quotes: np.ndarray | None, layout: Layout) -> int | None:
    """Offset of the first quote that opens inside a value or closes before its end."""
    if quotes is None:
        return None
    is_edge = np.zeros(256, bool)
    is_edge[[ord(layout.delimiter), layout.terminator, LF, CR, ord(layout.quote or '"')]] = True
    opens, closes = quotes[0::2], quotes[1::2]
    opens = opens[opens > 0]
    closes = closes[closes < len(data) - 1]
    bad = np.concatenate((opens[~is_edge[data[opens - 1]]], closes[~is_edge[data[closes + 1]]]))
    return int(bad.min()) if len(bad) else None


def heights(data: np.ndarray, ends: np.ndarray, layout: Layout, quoted: bool) -> np.ndarray:
    """Physical lines of each record."""
    if not quoted:
        return np.ones(len(ends), np.int64)
    lines = np.searchsorted(np.flatnonzero(data == layout.terminator), ends)
    return np.diff(lines, prepend=-1)


def check_ends(buffer: bytes, data: np.ndarray, layout: Layout, outside: np.ndarray | None, found: Structure) -> None:
    """Line ends other than the file's, outside quotes; takes the CR of CRLF out of the records."""
    if layout.terminator == CR:
        other, kinds = marks(data, LF, outside), {"cr"}
    elif b"\r" in buffer:
        before_end = (found.ends > found.starts) & (data[np.maximum(found.ends, 1) - 1] == CR)
        before_end &= found.ends < len(data)
        real = found.ends < len(data)
        other = marks(data[: found.used], CR, None if outside is None else outside[: found.used])
        other = other[:0] if len(other) == before_end.sum() else np.setdiff1d(other, found.ends[before_end] - 1)
        seen = {"crlf": before_end.any(), "lf": (real & ~before_end).any()}
        kinds = {kind for kind, is_seen in seen.items() if is_seen}
        found.ends = found.ends - before_end
    else:
        other, kinds = data[:0], {"lf"} if (found.ends < len(data)).any() else set()
    found.line_ends = frozenset(kinds)
    for at in record_of(found, other):
        found.faults[at] = ("line_end", "a line end of another kind stands inside the row")


def check_widths(buffer: bytes, data: np.ndarray, layout: Layout, outside: np.ndarray | None, found: Structure) -> None:
    """Number of values, length, blank lines, and quoted values that swallowed rows."""
    delimiters = marks(data, ord(layout.delimiter), outside)
    widths = np.searchsorted(delimiters, found.ends) - np.searchsorted(delimiters, found.starts) + 1
    lengths = found.ends - found.starts
    found.blank = lengths == 0
    for at in np.flatnonzero((widths != layout.width) & ~found.blank).tolist():
        found.faults[at] = ("width", f"{layout.width} values are expected, {widths[at]} found")
    for at in np.flatnonzero(lengths > MAX_RECORD).tolist():
        found.faults[at] = ("too_long", f"longer than {MAX_RECORD // 1024} KB")
    for at in np.flatnonzero(found.height > 2).tolist():
        inside = buffer[found.starts[at] : found.ends[at]].split(bytes([layout.terminator]))[1:-1]
        if looks_like_rows(inside, layout):
            found.faults[at] = ("swallowed", ROWS_INSIDE.format(n=len(inside)))


def looks_like_rows(lines: list[bytes], layout: Layout) -> bool:
    """Whether lines inside one quoted value each have as many delimiters as a record: chance hardly does that."""
    per_row = layout.width - 1
    given = [line for line in lines if line.strip()]
    if per_row < 2 or not given or (per_row < 4 and len(given) < 2):
        return False
    return all(line.count(layout.delimiter.encode()) == per_row for line in given)


def check_bytes(buffer: bytes, layout: Layout, found: Structure) -> None:
    """NUL bytes and bytes that the declared encoding does not have."""
    if b"\0" in buffer:
        nuls = np.flatnonzero(np.frombuffer(buffer, np.uint8) == 0)
        for at in record_of(found, nuls):
            found.faults[at] = ("nul", "a NUL byte")
    if buffer.isascii():
        return
    view, start, end = memoryview(buffer), 0, int(found.ends[-1])
    while start < end:
        try:
            str(view[start:end], layout.encoding)
        except UnicodeDecodeError as error:
            byte = buffer[start + error.start]
            for at in record_of(found, np.array([start + error.start])):
                found.faults[at] = ("encoding", f"byte 0x{byte:02X} does not exist in {layout.encoding}")
                start = int(found.ends[at])
            start += 1
        else:
            return


def record_of(found: Structure, offsets: np.ndarray) -> list[int]:
    """Records that hold these offsets, each once."""
    records = np.unique(np.searchsorted(found.ends, offsets))
    return records[records < len(found.ends)].tolist()


def stop_at_tall_fault(found: Structure) -> None:
    """A broken record over several lines may have swallowed others: stop there, so that only its first line is lost."""
    tall = [at for at in sorted(found.faults) if found.height[at] > 1]
    if not tall:
        return
    at = tall[0]
    found.used, found.stop = int(found.starts[at]), found.faults[at]
    found.faults = {record: problem for record, problem in found.faults.items() if record < at}
    found.starts, found.ends, found.height = found.starts[:at], found.ends[:at], found.height[:at]
    found.blank = found.blank[:at]
