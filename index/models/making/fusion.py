"""Modules of a model written anew with fewer operators, where the result is the same.

A question is so short that the operators between the products of matrices take as long as these: those that compute
shapes and positions, and those that quantise and cut the same vectors three times. A module is known by its parts, and
those written anew stay only if the model computes the same with them on a sample. Attention that does something else
between its parts, as turning queries by their positions, is thereby left as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch

SAME = 1e-3  # how far components may be apart that are summed in another order; others are much further


class FusedAttention(torch.nn.Module):
    """Self-attention within one text by one product for queries, keys and values; its shapes are constants."""

    PARTS = ("query", "key", "value", "num_attention_heads")

    def __init__(self, attention: Any) -> None:
        super().__init__()
        parts = [attention.query, attention.key, attention.value]
        self.heads = int(attention.num_attention_heads)
        self.size = parts[0].out_features // self.heads
        self.together = torch.nn.Linear(parts[0].in_features, 3 * parts[0].out_features)
        scales = [self.size**-0.5, 1, 1]  # what attention divides products by is in the queries at once
        for name in ("weight", "bias"):
            scaled = [getattr(part, name) * scale for part, scale in zip(parts, scales, strict=True)]
            setattr(self.together, name, torch.nn.Parameter(torch.cat(scaled)))

    def forward(self, hidden_states: torch.Tensor, *_: Any, **__: Any) -> tuple[torch.Tensor, None]:
        """Return the vectors of one text as attention mixes them."""
        vectors = self.together(hidden_states).reshape(-1, 3, self.heads, self.size)
        query, key, value = vectors.permute(1, 2, 0, 3).split(1)
        mixed = (query @ key.transpose(2, 3)).softmax(dim=-1) @ value
        return mixed.transpose(1, 2).reshape(1, -1, self.heads * self.size), None


class FusedEmbeddings(torch.nn.Module):
    """Embeddings of one text whose tokens are all of the first type, with one table for type and position."""

    places: torch.Tensor
    PARTS = ("word_embeddings", "position_embeddings", "token_type_embeddings", "LayerNorm")

    def __init__(self, embeddings: Any) -> None:
        super().__init__()
        self.words, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        self.register_buffer(
            "places", (embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0])[None]
        )

    def forward(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        """Return the vectors of the tokens of one text."""
        vectors: torch.Tensor = self.norm(self.words(input_ids) + self.places[:, : input_ids.shape[1]])
        return vectors


def fuse(model: Any, sample: Sequence[Sequence[int]]) -> None:
    """Write attention and embeddings anew in a model that reads one text at a time, where that changes nothing."""
    for fused in (FusedAttention, FusedEmbeddings):
        found = {
            name: module for name, module in model.named_modules() if all(hasattr(module, part) for part in fused.PARTS)
        }
        try:
            changes = {name: fused(module) for name, module in found.items()}
        except Exception:  # whatever comes of parts that have these names and are something else
            continue
        change_if_same(model, changes, sample)


def change_if_same(model: Any, changes: Mapping[str, torch.nn.Module], sample: Sequence[Sequence[int]]) -> bool:
    """Replace modules of a model by others, and take that back if the vectors of a sample are not the same.

    Args:
        model: the model.
        changes: a module for each name.
        sample: ids of texts.

    Returns:
        Whether the modules were replaced.
    """
    before = read(model, sample)
    kept = {name: model.get_submodule(name) for name in changes}
    put(model, changes)
    try:
        same = all(
            torch.allclose(*pair, rtol=SAME, atol=SAME) for pair in zip(before, read(model, sample), strict=True)
        )
    except Exception:  # whatever a model raises when a part is not what it expects
        same = False
    if not same:
        put(model, kept)
    return same


def read(model: Any, sample: Sequence[Sequence[int]]) -> list[torch.Tensor]:
    """Return the vectors of the tokens of each text."""
    return [model(input_ids=torch.tensor([ids])).last_hidden_state for ids in sample]


def put(model: torch.nn.Module, modules: Mapping[str, torch.nn.Module]) -> None:
    """Set modules in a model under their names."""
    for name, module in modules.items():
        model.set_submodule(name, module)
