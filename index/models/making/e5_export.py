"""Writing an E5 model as the folder that sentence-transformers, transformers and tokenizers load."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnavailable
from index.models.making.e5_file import E5File, E5Sizes, dequantised
from index.models.making.e5_tokenizer import LONGEST_INPUT, build_tokenizer, special_pieces

EMBEDDINGS = {  # the file's names of the tensors, and those of transformers
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln.w": "LayerNorm.weight",
    "ln.b": "LayerNorm.bias",
}
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_model(file: E5File, folder: Path) -> None:
    """Write the complete model into a folder: weights in half precision, tokenizer, settings.

    Raises:
        ModelUnavailable: if the file lacks a tensor or holds one of another shape.
    """
    from safetensors.numpy import save_file

    for name, content in settings(file).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    build_tokenizer(file).save(str(folder / "tokenizer.json"), pretty=False)
    save_file(dict(weights(file)), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # like the other files; save_file lets only the owner read


def weights(file: E5File) -> Iterator[tuple[str, NDArray[np.float16]]]:
    """Yield every tensor by the name that transformers gives it, in its shape."""
    for name, (exported, shape) in tensor_names(file.sizes).items():
        if name not in file.tensors or file.tensors[name].elements != np.prod(shape):
            raise ModelUnavailable(f"the model file holds no tensor {name} of the shape {shape}")
        yield exported, dequantised(file.tensors[name]).reshape(shape)


def tensor_names(sizes: E5Sizes) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return, for every tensor of the file, its name in transformers and its shape."""
    hidden = sizes.hidden
    rows = {"word": sizes.vocabulary, "pos": sizes.positions, "type": sizes.token_types}
    names: dict[str, tuple[str, tuple[int, ...]]] = {
        f"emb.{part}": (f"embeddings.{exported}", (rows[part], hidden) if part in rows else (hidden,))
        for part, exported in EMBEDDINGS.items()
    }
    for layer in range(sizes.layers):
        for part, exported in LAYER_PARTS.items():
            wide = sizes.feed_forward if part == "fi" else hidden
            deep = sizes.feed_forward if part == "fo" else hidden
            matrix = (wide,) if part.endswith("ln") else (wide, deep)
            names[f"l{layer}.{part}.w"] = (f"encoder.layer.{layer}.{exported}.weight", matrix)
            names[f"l{layer}.{part}.b"] = (f"encoder.layer.{layer}.{exported}.bias", (wide,))
    return names


def settings(file: E5File) -> Mapping[str, object]:
    """Return the settings files of the model by name."""
    return {
        "config.json": network_settings(file),
        "tokenizer_config.json": tokenizer_settings(file),
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "sentence_bert_config.json": {"max_seq_length": LONGEST_INPUT},
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for place, (path, kind) in enumerate(
                [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
            )
        ],
        "1_Pooling/config.json": {
            "pooling_mode_mean_tokens": True,
            "word_embedding_dimension": file.sizes.hidden,
        },
        "2_Normalize/config.json": {},
    }


def network_settings(file: E5File) -> dict[str, object]:
    """Return the settings by which transformers builds the network."""
    sizes = file.sizes
    return {
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.0,
        "dtype": "float16",
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.0,
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.feed_forward,
        "layer_norm_eps": sizes.layer_norm_epsilon,
        "max_position_embeddings": sizes.positions,
        "model_type": "bert",
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": file.special.padding,
        "type_vocab_size": sizes.token_types,
        "vocab_size": sizes.vocabulary,
    }


def tokenizer_settings(file: E5File) -> dict[str, object]:
    """Return the settings by which transformers wraps the tokenizer."""
    begin, padding, end, unknown, mask = special_pieces(file)
    return {
        "bos_token": begin,
        "cls_token": begin,
        "eos_token": end,
        "mask_token": mask,
        "model_max_length": LONGEST_INPUT,
        "pad_token": padding,
        "sep_token": end,
        "split_special_tokens": True,  # a text that reads "</s>" is text
        "tokenizer_class": "PreTrainedTokenizerFast",  # takes tokenizer.json as it is; others rebuild it
        "unk_token": unknown,
    }
