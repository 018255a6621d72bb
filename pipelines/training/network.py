"""The span finder's network in PyTorch, and its export to onnxruntime.

MiniLM-L6 (Wang et al. 2020, six layers of width 384, here the weights of all-MiniLM-L6-v2) with two more
embeddings added to the word pieces, the case pattern and the known name, and one linear layer to tags.
"""

from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.onnx_model import OnnxModel
from torch import Tensor, nn
from transformers import BertModel

from pipelines.components.span_finder import Shape
from pipelines.known import CODES

__all__ = ["INPUTS", "Network", "export", "round_as_int8"]

INPUTS = ("ids", "types", "shapes", "known")


class Network(nn.Module):
    """Word pieces in, one row of tag scores for each out."""

    def __init__(self, encoder: Path, tags: int) -> None:
        """Load the pretrained encoder; the new parts start at zero, so training starts from what the encoder knows."""
        super().__init__()
        self.bert = BertModel.from_pretrained(encoder, add_pooling_layer=False, attn_implementation="sdpa")
        width = self.bert.config.hidden_size
        self.shape = nn.Embedding(len(Shape), width)
        self.known = nn.Embedding(CODES, width)
        for table in (self.shape, self.known):
            nn.init.zeros_(table.weight)
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(width, tags)
        self.bert.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
        for name, module in self.bert.named_modules():
            if isinstance(module, nn.Dropout) or name.endswith("attention.self"):
                module.p = module.dropout_prob = 0.0  # costs a third of the time; masked words regularise instead
            if isinstance(module, nn.Linear):
                module.register_forward_pre_hook(round_as_int8)

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, known: Tensor, mask: Tensor) -> Tensor:
        """Return the tag scores (texts, pieces, tags); all inputs are (texts, pieces)."""
        words = self.bert.embeddings.word_embeddings(ids) + self.shape(shapes) + self.known(known)
        states = self.bert(inputs_embeds=words, attention_mask=mask, token_type_ids=types).last_hidden_state
        scores: Tensor = self.tags(self.dropout(states))
        return scores


@torch.no_grad()
def _rounding(states: Tensor) -> Tensor:
    low = states.amin((1, 2), keepdim=True).clamp(max=0)
    step = (states.amax((1, 2), keepdim=True).clamp(min=0) - low).clamp(min=1e-6) / 255
    return torch.round(states / step) * step - states


def round_as_int8(module: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor] | None:
    """Round what enters a matrix to the 256 steps that int8 will have, so that training gets used to it (Jacob et al. 2018)."""
    return (inputs[0] + _rounding(inputs[0]),) if module.training else None


class _Exportable(nn.Module):
    """The same computation in the form that onnxruntime's optimiser recognises."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, known: Tensor, mask: Tensor) -> Tensor:
        net, inputs = self.network, self.network.bert.embeddings
        places = torch.arange(ids.shape[1], device=ids.device)[None].expand_as(ids)
        state = inputs.word_embeddings(ids) + net.shape(shapes) + net.known(known)
        state = inputs.LayerNorm(state + inputs.token_type_embeddings(types) + inputs.position_embeddings(places))
        hidden = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for layer in net.bert.encoder.layer:
            own, (texts, pieces, _) = layer.attention.self, state.shape
            query, key, value = (
                part(state).view(texts, pieces, own.num_attention_heads, own.attention_head_size).transpose(1, 2)
                for part in (own.query, own.key, own.value)
            )
            weights = torch.softmax(query @ key.transpose(-1, -2) / own.attention_head_size**0.5 + hidden, -1)
            context = (weights @ value).transpose(1, 2).reshape(texts, pieces, own.all_head_size)
            state = layer.attention.output.LayerNorm(layer.attention.output.dense(context) + state)
            inner = nn.functional.gelu(layer.intermediate.dense(state))
            state = layer.output.LayerNorm(layer.output.dense(inner) + state)
        return torch.log_softmax(net.tags(state), -1)


def export(network: Network, path: Path) -> None:
    """Write the network as int8 ONNX; weights are quantised per channel, activations at run time."""
    example = torch.ones((1, 8), dtype=torch.int64)
    plain, fused = path.with_suffix(".plain.onnx"), path.with_suffix(".fused.onnx")
    names = [*INPUTS, "mask"]
    torch.onnx.export(
        _Exportable(network).eval(),
        (example,) * len(names),
        str(plain),
        input_names=names,
        output_names=["scores"],
        dynamic_axes={name: {0: "texts", 1: "pieces"} for name in [*names, "scores"]},
        opset_version=17,
        dynamo=False,
    )
    options = FusionOptions("bert")
    options.enable_skip_layer_norm = False  # five times slower than its parts in onnxruntime 1.32 on a CPU
    heads = network.bert.encoder.layer[0].attention.self.num_attention_heads
    model = optimizer.optimize_model(str(plain), "bert", heads, 0, optimization_options=options)  # 0: the width is seen from the weights
    model.save_model_to_file(str(fused))
    quantize_dynamic(
        str(fused),
        str(path),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather", "Attention"],
        extra_options={"DefaultTensorType": 1},
    )
    _read_whole_texts(path)
    plain.unlink()
    fused.unlink()


def _read_whole_texts(path: Path) -> None:
    """Take the mask out of an exported network: one text is read at a time, so nothing is to be hidden from it."""
    model = onnx.load(path)
    for node in model.graph.node:
        if node.op_type == "QAttention":
            node.input[list(node.input).index("mask_index_0")] = ""
    OnnxModel(model).prune_graph()
    kept = [one for one in model.graph.input if one.name != "mask"]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    onnx.save(model, path)
