"""A cross-encoder of two small layers whose weights are set so that one character decides its score."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import BertConfig, PreTrainedModel

LIKED = "茶"
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", LIKED]
SIZE = 8


def make_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Write a cross-encoder that scores a pair the higher, the more of its characters are `LIKED`."""
    import torch
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification(config_of(labels))
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.fill_(1.0 if "LayerNorm.weight" in name else 0.0)
            if name.endswith("word_embeddings.weight"):
                weights[PIECES.index(LIKED), 0] = 8.0
            # No question, no key: each token hears the mean of all, and adds it to itself.
            if name.endswith(("self.value.weight", "attention.output.dense.weight", "pooler.dense.weight")):
                weights.copy_(torch.eye(SIZE))
            if name == "classifier.weight":
                weights[:, 0] = 1.0
    return save(model, folder)


def make_embedding_model(folder: Path) -> Path:
    """Write the like of it without a head, as embedding models are."""
    from transformers import BertModel

    return save(BertModel(config_of()), folder)


def config_of(labels: int = 1) -> "BertConfig":
    from transformers import BertConfig

    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=SIZE,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=64,
        layer_norm_eps=1.0,  # so large that the norm leaves long vectors longer
    )
    config.num_labels = labels
    return config


def save(model: "PreTrainedModel", folder: Path) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    model.save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({piece: n for n, piece in enumerate(PIECES)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder
