"""From a model of torch to a graph of eight-bit integers that reads one text at a time.

Weights are quantised a channel at a time, activations as they come with one scale a product (dynamic quantisation,
Jacob et al., 2018), after `fusion` has left fewer operators and `channels` has made large channels small. Attention as
one operator of ONNX Runtime (`MultiHeadAttention`, `QAttention`) and blocks with scales of their own (`MatMulNBits`)
were no faster, or slower.
"""

import copy
import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

OPSET = 17  # the newest that the exporter by tracing writes


def export_graph(transformer: Any, sample: Sequence[Sequence[int]], target: Path, token_layers: int) -> None:
    """Write the graph of a transformer, from the ids of one text, `input_ids` of shape `(1, tokens)`, to `vectors`.

    Where tokens are the mean of several layers, that is a second output, `tokens`, of any length.

    Args:
        transformer: a model of the transformers library, which is left as it is.
        sample: ids of texts, which show which channels are large.
        target: the file to write, with its weights beside it, in its name and `.data`; more stands there meanwhile.
        token_layers: of how many of the last layers a token is the mean.

    Raises:
        Exception: whatever the libraries raise for a model that they do not know.
    """
    import torch

    from index.models.making.channels import shrink_large_channels
    from index.models.making.fusion import fuse

    exact = target.with_suffix(".exact.onnx")
    model = copy.deepcopy(transformer).eval()
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # what tracing has to say of every model
            model.set_attn_implementation("eager")  # which makes the simplest graph
            fuse(model, sample)
            shrink_large_channels(model, sample)
            _trace(model, exact, token_layers)
        _quantise(exact, target)
    finally:
        exact.unlink(missing_ok=True)


def _trace(model: Any, target: Path, token_layers: int) -> None:
    import torch

    from index.models.token_means import mean_of_layers

    class Tokens(torch.nn.Module):
        """The model from ids to the vectors of tokens."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any) -> Any:
            if token_layers == 1:
                return self.model(input_ids=input_ids).last_hidden_state
            found = self.model(input_ids=input_ids, output_hidden_states=True)
            return found.last_hidden_state, mean_of_layers(found.hidden_states, token_layers)

    outputs = ["vectors"] if token_layers == 1 else ["vectors", "tokens"]

    torch.onnx.export(
        Tokens().eval(),
        (torch.ones(1, 7, dtype=torch.long),),
        str(target),
        input_names=["input_ids"],
        output_names=outputs,
        dynamic_axes={name: {1: "length"} for name in ("input_ids", *outputs)},
        opset_version=OPSET,
        # The exporter that does not trace needs one package more and makes slower graphs.
        dynamo=False,
    )


def _quantise(exact: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.WARNING)  # the quantiser advises the user on preparing graphs
    try:
        quantize_dynamic(
            exact,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            # What is beside a graph is mapped, so that all processes have one table of words between them.
            use_external_data_format=True,
            extra_options={"MatMulConstBOnly": True},
        )
    finally:
        logging.disable(logging.NOTSET)
    weights = target.with_name(f"{target.name}.data")
    weights.chmod(target.stat().st_mode)  # else nobody but its maker could read it
