"""Whether time and memory of every public reader grow with its input, or faster.

Each reader is given each pattern in sizes up to 1 MB, or up to what takes a second. The exponent is the slope of the
last sizes on a doubly logarithmic scale: 1 is linear, 2 quadratic. An error's text and a result's repr count too.
``growth.py READER ...`` measures those alone, ``--all`` every class of cmdlets and snapshots instead of one of those
that share a function, and ``--limit N`` sets the largest size in bytes. It ends with 1 where an exponent is above 1.2.
"""

from __future__ import annotations

import argparse
import gc
import math
import signal
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs
from growth_patterns import FILES, PATTERNS

import exchange_imap as xi
from support import seeds
from support.fuzz import Reader, readers

MOST_EXPONENT: Final = 1.2
FIRST, STEP = 256, 4
ENOUGH_SECONDS, HANGS_SECONDS = 1.0, 60
NOISE_SECONDS = 0.004
"""What takes less says nothing of how it grows."""
NOISE_BYTES = 4_000_000


class HangsError(BaseException):
    """It takes too long; no ``except Exception`` on the way may stop this."""


@attrs.frozen
class Growth:
    """How one reader grew with one pattern."""

    reader: str
    pattern: str
    size: int
    seconds: float
    exponent: float
    bytes: int
    memory_exponent: float

    @property
    def grows(self) -> bool:
        """Whether it grows faster than it may."""
        return max(self.exponent, self.memory_exponent) > MOST_EXPONENT

    def __str__(self) -> str:
        return (
            f"{self.reader:34} {self.pattern:42} {self.size:>9,} {self.seconds:8.3f} s  ^{self.exponent:4.2f}"
            f" {self.bytes / 1e6:9.1f} MB  ^{self.memory_exponent:4.2f}"
        )


@contextmanager
def limited() -> Iterator[None]:
    """End what hangs."""

    def end(*_: object) -> None:
        raise HangsError

    signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, HANGS_SECONDS)  # of the processor's time
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def use(read: Callable[[Any], object], given: Any) -> None:  # Any: what a reader takes
    """Read, and show what came of it."""
    try:
        repr(read(given))
    except xi.ExchangeImapError as error:
        str(error), repr(error)


def seconds(read: Callable[[Any], object], given: Any) -> float:  # Any: as above
    """Return the processor's time, the best of two.

    The garbage collector is off: how often it looks through all objects is its own rule, and no reader's.
    """
    taken = []
    for _ in range(2):
        gc.collect()
        gc.disable()
        try:
            start = time.process_time()
            use(read, given)
            taken.append(time.process_time() - start)
        finally:
            gc.enable()
        if taken[0] > ENOUGH_SECONDS:
            break
    return min(taken)


def peak(read: Callable[[Any], object], given: Any) -> int:  # Any: as above
    """Return the most memory that reading takes, in bytes."""
    tracemalloc.start()
    try:
        use(read, given)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def measure(reader: Reader, pattern: str, make: Callable[[int], Any], limit: int) -> Growth:  # Any: as above
    """Measure in growing sizes."""
    times: list[tuple[int, float]] = []
    size = FIRST
    try:
        with limited():
            while size <= limit and (not times or times[-1][1] < ENOUGH_SECONDS):
                times.append((size, seconds(reader.read, make(size))))
                size *= STEP
        last = times[-1][0]
        with limited():
            memory = [(each, peak(reader.read, make(each))) for each in (last // STEP, last)]
    except HangsError:
        return Growth(reader.name, pattern, size, HANGS_SECONDS, math.inf, 0, math.inf)
    told = [(each, float(used)) for each, used in memory]
    return Growth(
        reader.name,
        pattern,
        *times[-1],
        exponent(times, NOISE_SECONDS),
        memory[-1][1],
        exponent(told, NOISE_BYTES),
    )


def exponent(points: list[tuple[int, float]], noise: float) -> float:
    """Return the slope through the last points that are more than noise; 0 where there are none."""
    known = [(math.log(size), math.log(value)) for size, value in points[-3:] if value > noise]
    if len(known) < 2:  # noqa: PLR2004 - a slope needs two
        return 0.0
    (x0, y0), (x1, y1) = known[0], known[-1]
    return (y1 - y0) / (x1 - x0)


def measured(reader: Reader, pattern: str, make: Callable[[int], Any], limit: int) -> Growth:  # Any: as above
    """Measure; what seems to grow too fast is measured three times, since other processes make single times longer."""
    growth = measure(reader, pattern, make, limit)
    for _ in range(2):
        if growth.grows:
            again = measure(reader, pattern, make, limit)
            growth = min(growth, again, key=lambda each: max(each.exponent, each.memory_exponent))
    return growth


def inputs(reader: Reader, folder: Path) -> dict[str, Callable[[int], Any]]:  # Any: as above
    """Return the patterns in the form that the reader takes: a text, or an object with the text in each property."""
    if reader.kind == "text":
        return dict(PATTERNS)
    if reader.kind == "path":
        return {name: _filed(folder / "given", make) for name, make in {**PATTERNS, **FILES}.items()}
    sources = seeds.data() if reader.kind == "data" else seeds.records()
    good = next((source for source in sources if _reads(reader, source)), sources[0])
    return {name: _within(good, make) for name, make in PATTERNS.items()}


def _filed(path: Path, make: Callable[[int], str]) -> Callable[[int], Path]:
    def write(n: int) -> Path:
        path.write_text(make(n), encoding="utf-8", errors="surrogatepass")
        return path

    return write


def _within(good: Any, make: Callable[[int], str]) -> Callable[[int], Any]:  # Any: JSON, or a record
    """Put the text where the first text is, or a list of its lines where the first list is."""

    def put(n: int) -> Any:  # Any: as above
        if isinstance(good, xi.Record):
            return attrs.evolve(good, properties=_replaced(dict(good.properties), make(n)))
        return _replaced(good, make(n))

    return put


def _replaced(data: dict[str, Any], text: str) -> dict[str, Any]:  # Any: JSON
    inner = next((name for name, value in data.items() if isinstance(value, dict)), None)
    if inner is not None:
        return {**data, inner: _replaced(data[inner], text)}
    texts = [name for name, value in data.items() if isinstance(value, str)]
    lists = [name for name, value in data.items() if isinstance(value, list | tuple)]
    changed = dict(data)
    for name in texts[-1:]:
        changed[name] = text
    for name in lists[:1]:
        changed[name] = type(data[name])(text.split("\n"))
    return changed


def _reads(reader: Reader, source: object) -> bool:
    try:
        reader.read(source)
    except xi.ExchangeImapError:
        return False
    return True


def chosen(names: list[str], *, every: bool) -> list[Reader]:
    """Return the readers of these names, or all; of those that share a function the one whose class has most fields."""
    found = [reader for reader in readers() if not names or reader.name in names]
    if every or names:
        return found
    shared: dict[object, list[Reader]] = {}
    for reader in found:
        shared.setdefault(getattr(reader.read, "__func__", reader.read), []).append(reader)
    return [max(group, key=_fields) for group in shared.values()]


def _fields(reader: Reader) -> int:
    cls = getattr(reader.read, "__self__", None)
    return len(attrs.fields(cls)) if isinstance(cls, type) and attrs.has(cls) else 0


def main() -> int:
    """Measure, print what grows too fast and the worst of each reader, and say whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--limit", type=int, default=2**20)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    found: list[Growth] = []
    with TemporaryDirectory() as folder:
        gc.freeze()  # what is there already is not looked through again and again
        for reader in chosen(given.readers, every=given.all):
            made = inputs(reader, Path(folder))
            here = []
            for name, make in made.items():
                growth = measured(reader, name, make, given.limit)
                here.append(growth)
                if growth.grows or given.verbose:
                    print(f"{'FAST ' if growth.grows else '     '}{growth}", flush=True)
            print(f"worst {max(here, key=lambda growth: growth.exponent)}", flush=True)
            found += here
    fast = sum(growth.grows for growth in found)
    print(f"growth: {len(found)} combinations of reader and pattern, {fast} grow faster than ^{MOST_EXPONENT}")
    return min(fast, 1)


if __name__ == "__main__":
    sys.exit(main())
