"""Slims the first layers of a trained student, those that process every word piece.

It removes the least important attention heads (Michel, Levy and Neubig 2019) and inner units. The
importance of each is, to first order, the change of the loss without it: the absolute value of its
output times the gradient there, summed over a text, over a few texts (Molchanov et al. 2017). Its
mean output is added to the bias of the following matrix, so that the layers above change as little
as possible before training continues.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from pipelines.training.network import WHOLE, Student

__all__ = ["shapes_of_slim", "slim"]

HEADS, UNITS = 1 / 2, 2 / 3
"""Share of the attention heads and of the inner units that is kept."""


class _Seen:
    """Statistics of a matrix's inputs: the importance of each column, and its mean."""

    def __init__(self, matrix: nn.Linear) -> None:
        device = matrix.weight.device
        self.matter = torch.zeros(matrix.in_features, device=device)
        self.total = torch.zeros(matrix.in_features, device=device)
        self.count = 0
        self._inputs: list[Tensor] = []
        self._hook = matrix.register_forward_pre_hook(self._keep)

    def _keep(self, _: nn.Module, inputs: tuple[Tensor]) -> None:
        inputs[0].retain_grad()
        self._inputs.append(inputs[0])

    def count_up(self, mask: Tensor, width: int) -> None:
        """Add the statistics of one batch; columns are grouped by ``width``."""
        (states,) = self._inputs
        self._inputs.clear()
        gradient = states.grad
        if gradient is None:
            message = "no gradient; expected the loss to depend on every matrix"
            raise RuntimeError(message)
        effect = (states.detach() * gradient).float().sum(1)
        grouped = effect.view(len(effect), -1, width).sum(-1).abs().sum(0)
        self.matter += grouped.repeat_interleave(width)
        self.total += (states.detach().float() * mask[..., None]).sum((0, 1))
        self.count += int(mask.sum())

    def forget(self) -> None:
        self._hook.remove()


def slim(network: Student, losses: Iterable[tuple[Callable[[], Tensor], Tensor]]) -> None:
    """Keep half of the heads and two thirds of the inner units of each of the first layers.

    Args:
        network: trained; changed in place.
        losses: for each batch of texts, a function that computes its loss, and its mask.
    """
    layers = network.bert.encoder.layer[:WHOLE]
    size = layers[0].attention.self.attention_head_size
    matrices = [(layer.attention.output.dense, size) for layer in layers]
    matrices += [(layer.output.dense, 1) for layer in layers]
    seen = [_Seen(matrix) for matrix, _ in matrices]
    network.train()
    for loss, mask in losses:
        loss().backward()  # type: ignore[no-untyped-call]
        for one, (_, width) in zip(seen, matrices, strict=True):
            one.count_up(mask, width)
        network.zero_grad()
    for one in seen:
        one.forget()
    for number, layer in enumerate(layers):
        own, inner = layer.attention.self, seen[len(layers) + number]
        heads = int(own.num_attention_heads * HEADS)
        kept = _strongest(seen[number].matter, heads * size)
        own.query, own.key, own.value = (_rows(m, kept) for m in (own.query, own.key, own.value))
        own.num_attention_heads, own.all_head_size = heads, heads * size
        layer.attention.output.dense = _columns(layer.attention.output.dense, kept, seen[number])
        kept = _strongest(inner.matter, int(layer.output.dense.in_features * UNITS))
        layer.intermediate.dense = _rows(layer.intermediate.dense, kept)
        layer.output.dense = _columns(layer.output.dense, kept, inner)
    network.watch()


def _strongest(matter: Tensor, count: int) -> Tensor:
    return torch.argsort(matter, descending=True, stable=True)[:count].sort().values


def _rows(matrix: nn.Linear, kept: Tensor) -> nn.Linear:
    return _matrix(matrix.weight[kept], matrix.bias[kept])


def _columns(matrix: nn.Linear, kept: Tensor, seen: _Seen) -> nn.Linear:
    mean = seen.total / seen.count
    mean[kept] = 0.0
    return _matrix(matrix.weight[:, kept], matrix.bias + matrix.weight @ mean)


def _matrix(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight, made.bias = (
        nn.Parameter(weight.detach().clone()),
        nn.Parameter(bias.detach().clone()),
    )
    return made


def shapes_of_slim(network: Student) -> None:
    """Resize the layers as ``slim`` does, so that a slimmed student can be loaded."""
    for layer in network.bert.encoder.layer[:WHOLE]:
        own, width = layer.attention.self, layer.attention.self.query.in_features
        heads = int(own.num_attention_heads * HEADS)
        inner, units = heads * own.attention_head_size, int(layer.output.dense.in_features * UNITS)
        own.query, own.key, own.value = (nn.Linear(width, inner) for _ in range(3))
        own.num_attention_heads, own.all_head_size = heads, inner
        layer.attention.output.dense = nn.Linear(inner, width)
        layer.intermediate.dense, layer.output.dense = (
            nn.Linear(width, units),
            nn.Linear(units, width),
        )
    network.watch()
