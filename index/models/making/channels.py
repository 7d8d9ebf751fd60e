"""Large channels made small before vectors are quantised.

What comes into the products of feed-forward layers has a few channels that are ten times larger than all others, and
eight bits for all of them lose the others; what comes into attention has some that are three times larger. Two remedies
leave the result as it is and cost one multiplication:

*   Before the second product of a feed-forward layer, a large channel becomes several smaller ones that add up to it
    and have the same weights; the first product makes them (outlier channel splitting, Zhao et al., 2019).
*   Elsewhere its weights are multiplied by what it is divided by (SmoothQuant, Xiao et al., 2023), which makes the
    weights a little less exact.

Together they raise cosines to those of the model from .997 to .9995, as does the product of large channels in single
precision (LLM.int8(), Dettmers et al., 2022), which takes a sixth of the whole time.

How large channels are is measured in double precision and then rounded. In single precision processors sum in other
orders, so the last bits of the factors and some weights would depend on the machine. That is not little: eight bits
round otherwise from there on, and vectors of two such graphs are as far apart as each is from the model.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import torch

from index.models.making.fusion import change_if_same, put, read

LARGE = 8  # channels at most that are divided; the one or two largest matter
UNEVEN = 1.6  # times that the largest channel exceeds those that are not large, from which on it is worth while
DIVIDED = 0.7  # the power of how much larger they are than the rest: 0 nothing, 1 all; .5 and 1 do worse
COPIES = 16  # of channels that are split, together


class Shrunk(torch.nn.Module):
    """A product of channels that are multiplied by factors first."""

    factors: torch.Tensor

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None, factors: torch.Tensor) -> None:
        super().__init__()
        self.linear = linear_of(weight, bias)
        self.register_buffer("factors", factors)

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return the product."""
        product: torch.Tensor = self.linear(vectors * self.factors)
        return product


def shrink_large_channels(model: Any, sample: Sequence[Sequence[int]]) -> None:
    """Make the inputs of products more even, with ids of texts that show which channels are large."""
    # A product that makes vectors neither longer nor shorter takes what attention has mixed, which is even.
    products = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and LARGE + COPIES < module.in_features != module.out_features
    }
    uneven = {name: peaks for name, peaks in _peaks(model, products, sample).items() if _is_uneven(peaks)}
    split: dict[str, torch.nn.Module] = {}
    for (first, up), (second, down) in pairwise(products.items()):
        if second in uneven and up.in_features < up.out_features == down.in_features:
            split[first], split[second] = _split(up, down, uneven[second])
    done = change_if_same(model, split, sample)
    for name, peaks in uneven.items():
        if not (done and isinstance(split.get(name), Shrunk)):
            put(model, {name: _divided(model.get_submodule(name), peaks)})


def linear_of(weight: torch.Tensor, bias: torch.Tensor | None) -> torch.nn.Linear:
    """Return the product with these weights."""
    linear = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    linear.weight = torch.nn.Parameter(weight)
    if bias is not None:
        linear.bias = torch.nn.Parameter(bias)
    return linear


def _peaks(model: Any, products: Mapping[str, Any], sample: Sequence[Sequence[int]]) -> dict[str, torch.Tensor]:
    """Return the largest magnitude of each channel that comes into each product, in double precision."""
    peaks: dict[str, torch.Tensor] = {}

    def watch(name: str) -> Any:
        def note(module: Any, inputs: Any) -> None:
            highest = inputs[0].abs().flatten(0, -2).amax(dim=0)
            peaks[name] = torch.maximum(peaks.get(name, highest), highest)

        return note

    watched = [module.register_forward_pre_hook(watch(name)) for name, module in products.items()]
    read(model.double(), sample)
    model.float()  # as it was, to the bit
    for hook in watched:
        hook.remove()
    return peaks


def _is_uneven(peaks: torch.Tensor) -> bool:
    return bool(peaks.max() > UNEVEN * _rest(peaks))


def _rest(peaks: torch.Tensor) -> torch.Tensor:
    """Return how large the channels are that are not large."""
    return torch.topk(peaks, LARGE + 1).values[-1].clamp(min=torch.finfo().tiny)


def _split(up: Any, down: Any, peaks: torch.Tensor) -> tuple[torch.nn.Linear, Shrunk]:
    """Return two products with more channels between them, and smaller ones."""
    copies = torch.ones_like(peaks)
    for _ in range(COPIES):
        copies[(peaks / copies).argmax()] += 1
    places = torch.arange(len(peaks)).repeat_interleave(copies.long())
    bias = up.bias if up.bias is None else up.bias[places]
    return linear_of(up.weight[places], bias), Shrunk(down.weight[:, places], down.bias, (1 / copies[places]).float())


def _divided(linear: Any, peaks: torch.Tensor) -> Shrunk:
    """Return a product whose large channels are divided before it and multiplied in it."""
    factors = ((peaks / _rest(peaks)).clamp(min=1) ** -DIVIDED).float()
    return Shrunk(linear.weight / factors, linear.bias, factors)
