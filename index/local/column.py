"""What items have under one name: texts, of which each is kept once and in order, and known by its rank at the items.

A comparison is made with the texts, of which there are fewer; the items follow by their ranks.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.filters.comparing import Operator, matches
from index.filters.conditions import Comparison
from index.local.letters import Mask
from index.local.ordered_texts import OrderedTexts

Numbers = NDArray[np.int32]

# Texts that are not in order yet are compared one by one: so many, and as many again as one in so many that are.
MOST_NEW = 256
NEW_SHARE = 64


@dataclass(frozen=True, slots=True)
class _Layer:
    """One value of each of some items.

    Attributes:
        items: each once, ascending.
        ranks: of their texts.
    """

    items: Numbers
    ranks: Numbers

    @property
    def places(self) -> Numbers | slice:
        """Where the items are; a slice, which NumPy is faster with, where they are the first without a gap."""
        complete = len(self.items) == int(self.items[-1]) + 1
        return slice(len(self.items)) if complete else self.items


class Column:
    """The texts that items, which are numbers from 0, have under a name: the first of each, the second, and so on."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._texts = OrderedTexts([])
        self._layers: list[_Layer] = []
        # What is not in order yet: items, and the text that each has in a layer.
        self._new: list[tuple[array[int], list[str]]] = []

    def __bool__(self) -> bool:
        """Whether any item has a text."""
        return bool(self._layers or self._new)

    def add(self, item: int, texts: Sequence[str]) -> None:
        """Add what an item has, which is after all others."""
        while len(self._new) < len(texts):
            self._new.append((array("i"), []))
        for (items, of_items), text in zip(self._new, texts, strict=False):
            items.append(item)
            of_items.append(text)
        if self._new and len(self._new[0][0]) > MOST_NEW + self._count():
            self.settle()

    def keep(self, numbers: Numbers) -> None:
        """Keep some items only, under new numbers, given for each item, -1 where it goes."""
        self.settle()
        kept = [numbers[layer.items] >= 0 for layer in self._layers]
        ranks = [layer.ranks[each] for layer, each in zip(self._layers, kept, strict=True)]
        used = np.unique(np.concatenate([np.empty(0, np.int32), *ranks]))
        self._layers = [
            _Layer(numbers[layer.items[each]], np.searchsorted(used, of_layer).astype(np.int32))
            for layer, each, of_layer in zip(self._layers, kept, ranks, strict=True)
            if len(of_layer)
        ]
        self._texts = OrderedTexts([self._texts.texts[rank] for rank in used.tolist()])

    def settle(self) -> None:
        """Put what is new among the texts in order."""
        if not self._new:
            return
        before = self._texts.texts
        fresh = set[str]().union(*(texts for _, texts in self._new)).difference(before)
        texts_in_order = sorted([*before, *fresh])
        ranks = {text: rank for rank, text in enumerate(texts_in_order)}
        moved = np.array([ranks[text] for text in before], np.int32)
        layers = [_Layer(layer.items, moved[layer.ranks]) for layer in self._layers]
        for place, (items, texts) in enumerate(self._new):
            layer = _Layer(np.array(items, np.int32), np.array([ranks[text] for text in texts], np.int32))
            layers[place : place + 1] = [_joined(layers[place], layer) if place < len(layers) else layer]
        self._texts, self._layers, self._new = OrderedTexts(texts_in_order), layers, []

    def meeting(self, comparison: Comparison, size: int) -> Mask:
        """Return which of `size` items meet a comparison."""
        if self._new and len(self._new[0][0]) > MOST_NEW + len(self._texts.texts) // NEW_SHARE:
            self.settle()
        mask = np.zeros(size, np.bool_)
        if comparison.operator is Operator.EMPTY:
            for layer in self._layers[:1]:
                mask[layer.places] = True
            for items, _ in self._new[:1]:
                mask[items] = True
            return ~mask
        how, wanted = comparison.operator, comparison.wanted
        met = self._texts.meeting(self._name, how, wanted)
        for layer in self._layers:
            mask[layer.places] |= met[layer.ranks]
        for items, texts in self._new:
            found = {text for text in set(texts) if any(matches(self._name, how, text, each) for each in wanted)}
            mask[[item for item, text in zip(items, texts, strict=True) if text in found]] = True
        return mask

    def _count(self) -> int:
        """Return how many items have a text that is in order."""
        return len(self._layers[0].items) if self._layers else 0


def _joined(first: _Layer, second: _Layer) -> _Layer:
    return _Layer(np.concatenate([first.items, second.items]), np.concatenate([first.ranks, second.ranks]))
