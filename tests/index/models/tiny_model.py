"""A model so small that it is written, loaded and made a graph of within a second."""

import json
from pathlib import Path


def make_tiny_model(folder: Path) -> Path:
    """Write a model of sentence-transformers with random weights, one layer, and a token for each letter."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import XLMRobertaConfig, XLMRobertaModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    pieces = ["<s>", "<pad>", "</s>", "<unk>", " ", *"abcdefghijklmnopqrstuvwxyz"]
    tokenizer = Tokenizer(models.WordLevel({piece: n for n, piece in enumerate(pieces)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=66,  # of which this family uses 64
        pad_token_id=1,
    )
    XLMRobertaModel(config).save_pretrained(folder)
    kinds = ["Transformer", "Pooling", "Normalize"]
    write_json(
        folder / "modules.json",
        [
            {
                "idx": n,
                "name": str(n),
                "path": f"{n}_{kind}" if n else "",
                "type": f"sentence_transformers.models.{kind}",
            }
            for n, kind in enumerate(kinds)
        ],
    )
    write_json(folder / "1_Pooling/config.json", {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True})
    write_json(folder / "2_Normalize/config.json", {})
    special = {"pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", **special})
    write_json(folder / "config_sentence_transformers.json", {"prompts": {"query": "ask ", "passage": "say "}})
    return folder


def forbid_graph(folder: Path) -> Path:
    """Change how a model's tokens become one vector, to a way of which no graph can be made."""
    write_json(folder / "1_Pooling/config.json", {"word_embedding_dimension": 16, "pooling_mode_max_tokens": True})
    return folder


def write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
