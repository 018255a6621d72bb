"""Exports the student and the second reader to ONNX, with the other files of a model's folder."""

import importlib
import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function

from kg.records import EntityType
from pipelines.onnx import onnxruntime
from pipelines.training.network import WHOLE, Student, Verdicts
from pipelines.training.packs import use_code

__all__ = ["write_model"]

SURE_ENOUGH = 0.95
"""Probability of "outside" from which a word piece exits early in the exported model."""
INPUTS = ("ids", "types", "shapes", "known")
WINDOW, OVERLAP = 480, 128
TAGS = ["O", *(f"{place}-{kind}" for kind in EntityType for place in "BI")]


def write_model(
    network: Student,
    names: Sequence[str],
    counts: Tensor,
    facts: tuple[Tensor, Tensor],
    encoder: Path,
    output: Path,
) -> None:
    """Write a model's folder; ``calibrate`` adds the last file.

    Args:
        network: trained and slimmed, on the CPU.
        names: the known names.
        counts: how each is used, as returned by ``Packs.set_known``.
        facts: the type of each in the lexicon, and its verdict.
        encoder: folder with the tokenizer.
        output: the folder to write.
    """
    output.mkdir(parents=True, exist_ok=True)
    _write_student(network.eval(), output / "model.onnx")
    _write_verdicts(network.verdicts.eval(), output / "verdicts.onnx")
    shutil.copyfile(encoder / "tokenizer.json", output / "tokenizer.json")
    rows = zip(
        names, use_code(counts.cpu(), facts[0].cpu()).tolist(), facts[1].tolist(), strict=True
    )
    lines = (f"{name}\t{use}\t{verdict}\n" for name, use, verdict in rows if use or verdict)
    (output / "known_names.tsv").write_text("".join(lines), encoding="utf-8")
    config = {"tags": TAGS, "window": WINDOW, "overlap": OVERLAP}
    (output / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


class _Attention(Function):
    """Attention as onnxruntime's fused operator."""

    @staticmethod
    def forward(_: object, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        parts = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in (query, key, value))
        return nn.functional.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:  # noqa: ANN401 - PyTorch has no names for them
        made = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        return made.setType(query.type())


class _OneText(nn.Module):
    """The student for a single text; later layers process only the word pieces that go on."""

    def __init__(self, network: Student) -> None:
        super().__init__()
        self.network = network
        both = network.judged.weight[:, None] + network.known.weight[None]
        self.known = nn.Embedding.from_pretrained(both.flatten(0, 1).detach().clone())

    def forward(
        self, ids: Tensor, types: Tensor, shapes: Tensor, known: Tensor
    ) -> tuple[Tensor, Tensor]:
        net, inputs, layers = (
            self.network,
            self.network.bert.embeddings,
            self.network.bert.encoder.layer,
        )
        places = torch.arange(ids.shape[1])[None]
        states = inputs.word_embeddings(ids) + net.shape(shapes) + self.known(known)
        states = inputs.LayerNorm(
            states + inputs.token_type_embeddings(types) + inputs.position_embeddings(places)
        )
        for layer in layers[:WHOLE]:
            states = self._read(layer, states, states)
        scores = torch.log_softmax(net.early(states), -1)
        goes_on = scores[0, 1:, 0] < math.log(SURE_ENOUGH)
        first = torch.ones(1, dtype=torch.bool)  # [CLS] always goes on, so that there is some input
        chosen = torch.cat([first, goes_on]).nonzero()[:, 0]
        back = torch.zeros_like(chosen), chosen
        going = states[:, chosen]
        for layer in layers[WHOLE:]:
            going = self._read(layer, going, states)
            states = states.index_put(back, going[0])
        return scores.index_put(back, torch.log_softmax(net.tags(going), -1)[0]), states

    @staticmethod
    def _read(layer: Any, going: Tensor, states: Tensor) -> Tensor:  # noqa: ANN401 - a layer of BERT
        own, output = layer.attention.self, layer.attention.output
        heads = own.num_attention_heads
        context = _Attention.apply(own.query(going), own.key(states), own.value(states), heads)
        going = output.LayerNorm(output.dense(context) + going)
        inner = nn.functional.gelu(layer.intermediate.dense(going))
        read: Tensor = layer.output.LayerNorm(layer.output.dense(inner) + going)
        return read


def _write_student(network: Student, path: Path) -> None:
    """Write the student in int8: weights quantized per channel, activations at run time."""
    quantization = importlib.import_module(
        f"{onnxruntime.__name__}.quantization"
    )  # pipelines.onnx has switched the telemetry off
    example = torch.ones((1, 8), dtype=torch.int64)
    plain = path.with_suffix(".plain.onnx")
    outputs = ["scores", "states"]
    torch.onnx.export(
        _OneText(network).eval(),
        (example,) * len(INPUTS),
        str(plain),
        input_names=[*INPUTS],
        output_names=outputs,
        dynamic_axes={name: {1: "pieces"} for name in [*INPUTS, *outputs]},
        opset_version=17,
        custom_opsets={"com.microsoft": 1},
        dynamo=False,
    )
    quantization.quantize_dynamic(
        str(plain),
        str(path),
        weight_type=quantization.QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"DefaultTensorType": 1},
    )
    plain.unlink()


class _Grouped(nn.Module):
    """The second reader for mentions that are already gathered."""

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__()
        self.verdicts = verdicts

    def forward(
        self, mentions: Tensor, members: Tensor, shares: Tensor, more: Tensor
    ) -> tuple[Tensor, Tensor]:
        rows = torch.relu(self.verdicts.mention(mentions))[members]
        average, best = (rows * shares[..., None]).sum(1), rows.amax(1)
        entity = torch.relu(self.verdicts.entity(torch.cat([average, best, more], -1)))
        return torch.softmax(self.verdicts.kind(entity), -1), torch.softmax(
            self.verdicts.role(entity), -1
        )


def _write_verdicts(verdicts: Verdicts, path: Path) -> None:
    width = verdicts.mention.in_features
    examples = (
        torch.zeros(3, width),
        torch.zeros(2, 2, dtype=torch.int64),
        torch.zeros(2, 2),
        torch.zeros(2, 3),
    )
    members = {0: "entities", 1: "most"}
    torch.onnx.export(
        _Grouped(verdicts).eval(),
        examples,
        str(path),
        input_names=["mentions", "members", "shares", "more"],
        output_names=["types", "roles"],
        dynamic_axes={
            "mentions": {0: "mentions"},
            "members": members,
            "shares": members,
            **{name: {0: "entities"} for name in ("more", "types", "roles")},
        },
        opset_version=17,
        dynamo=False,
    )
