"""The vector of a token as the mean of those that the last layers of a model give it."""

from collections.abc import Sequence
from typing import Any

import torch

SHORTEST = 1e-12  # by less than this no vector is divided


def mean_of_layers(layers: Sequence[torch.Tensor], count: int) -> torch.Tensor:
    """Return the mean of the last layers, each of whose vectors counts at length 1.

    Args:
        layers: what each layer gives, the last one last, shape `(texts, tokens, dimension)` each.
        count: how many of the last are meant.
    """
    # Written out: `normalize`, `stack` and `mean` have the same bits, and more operators in a graph.
    first, *others = (layer / layer.norm(dim=-1, keepdim=True).clamp(min=SHORTEST) for layer in layers[-count:])
    mean: torch.Tensor = sum(others, first) / count
    return mean


def with_mean_of_layers(transformer: Any, count: int) -> None:
    """Let a module of sentence-transformers put out that mean as `token_means` beside the last layer."""
    transformer.auto_model.config.output_hidden_states = True

    def add(module: Any, inputs: Any, features: dict[str, Any]) -> dict[str, Any]:
        return {**features, "token_means": mean_of_layers(features.pop("all_layer_embeddings"), count)}

    transformer.register_forward_hook(add)
