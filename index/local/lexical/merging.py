"""Making one segment of several, without the passages that are no longer held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.local.lexical.postings import (
    AT_ONCE,
    CAPACITY,
    COUNT_BITS,
    MOST,
    Digests,
    Held,
    Indices,
    Keys,
    Packed,
    Segment,
    Sounds,
    distinct,
    segment_of,
)

MOST_DEAD = 4  # passages that are removed stay in their segment until they are one in so many of it


def without(part: Held, keys: Keys) -> Held:
    """Return a part without the passages of some keys."""
    kept = ~np.isin(part.segment.keys, keys)
    alive = kept if part.alive is None else kept & part.alive
    dead = len(alive) - int(np.count_nonzero(alive))
    if not dead or (part.alive is not None and np.array_equal(alive, part.alive)):
        return part
    left = Held(part.segment, alive)
    return Held(merge([left])) if dead * MOST_DEAD > len(alive) else left


@dataclass(frozen=True, slots=True)
class _Range:
    """The terms of a segment within a range of digests, and their postings."""

    terms: Digests
    sounds: Sounds
    sizes: Indices
    postings: Packed


def merge(parts: Sequence[Held]) -> Segment:
    """Return one segment of the passages that are held of several, of at most `CAPACITY` in all."""
    if len(parts) == 1 and parts[0].alive is None:
        return parts[0].segment
    keys = np.concatenate([part.living(part.segment.keys) for part in parts])
    lengths = np.concatenate([part.living(part.segment.lengths) for part in parts])
    moved, before = list[Packed](), 0  # where each passage of a part goes
    for part in parts:
        alive = part.held()
        moved.append((before + np.cumsum(alive) - 1).astype(np.uint32) << np.uint32(COUNT_BITS))
        before += int(np.count_nonzero(alive))
    # Digests are spread evenly, so ranges of them have as many postings each.
    ranges = sum(len(part.segment.postings) for part in parts) // AT_ONCE + 1
    edges = np.array([(number << 64) // ranges for number in range(ranges)], dtype=np.uint64)
    cuts = [[*np.searchsorted(part.segment.terms, edges).tolist(), len(part.segment.terms)] for part in parts]
    merged = [
        _merged([_taken(part, to, cut[each], cut[each + 1]) for part, to, cut in zip(parts, moved, cuts, strict=True)])
        for each in range(ranges)
    ]
    sizes = np.concatenate([each.sizes for each in merged])
    return segment_of(
        terms=np.concatenate([each.terms for each in merged]),
        sounds=np.concatenate([each.sounds for each in merged]),
        starts=np.append(0, np.cumsum(sizes)),
        postings=np.concatenate([each.postings for each in merged]),
        keys=keys,
        lengths=lengths,
    )


def _taken(part: Held, moved: Packed, first: int, last: int) -> _Range:
    """Return some terms of a segment with the postings of passages that are held, moved to where these go."""
    segment = part.segment
    starts = segment.starts[first : last + 1] - segment.starts[first]
    postings = segment.postings[segment.starts[first] : segment.starts[last]]
    terms, sounds, sizes = segment.terms[first:last], segment.sounds[first:last], np.diff(starts)
    places = postings >> COUNT_BITS
    if part.alive is not None and len(terms):
        held = part.alive[places]
        sizes = np.add.reduceat(held, starts[:-1], dtype=np.int64)
        places, postings = places[held], postings[held]
        some = sizes > 0
        terms, sounds, sizes = terms[some], sounds[some], sizes[some]
    return _Range(terms, sounds, sizes, moved[places] | (postings & MOST))


def _merged(parts: Sequence[_Range]) -> _Range:
    """Return the same range of several segments as one."""
    terms = distinct(np.concatenate([part.terms for part in parts]))
    homes = [np.searchsorted(terms, part.terms) for part in parts]
    sounds, sizes = np.empty(len(terms), np.uint32), np.zeros(len(terms), dtype=np.int64)
    for part, home in zip(parts, homes, strict=True):
        sounds[home] = part.sounds
        sizes[home] += part.sizes
    ends = np.cumsum(sizes)
    free, postings = ends - sizes, np.empty(int(sizes.sum()), dtype=np.uint32)  # where the next posting of a term goes
    for part, home in zip(parts, homes, strict=True):
        starts = np.cumsum(part.sizes) - part.sizes
        postings[np.repeat(free[home] - starts, part.sizes) + np.arange(len(part.postings))] = part.postings
        free[home] += part.sizes
    return _Range(terms, sounds, sizes, postings)


def pack(parts: Sequence[Held]) -> Iterator[Segment]:
    """Yield the same passages in full segments and a rest, which depend on nothing but the passages."""
    waiting: list[Held] = []
    room = CAPACITY
    for part in parts:
        alive = part.held()
        numbers = np.cumsum(alive) * alive  # of those held, from 1 on
        start, held = 0, int(np.count_nonzero(alive))
        while start < held:
            end = min(start + room, held)
            whole = part.alive is None and end - start == held
            waiting.append(part if whole else Held(part.segment, (start < numbers) & (numbers <= end)))
            room, start = room - (end - start), end
            if not room:
                yield merge(waiting)
                waiting, room = [], CAPACITY
    if waiting:
        yield merge(waiting)
