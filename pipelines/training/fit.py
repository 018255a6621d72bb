"""The loss, the loop and the prediction."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from kg.records import EntityType
from pipelines.training.packs import UNKNOWN, Batch, Candidates, Numbers, Packs

__all__ = ["Plan", "fit", "loss_of", "predict", "softened"]

GOLD_WEIGHT = 2.0
"""Weight of an annotated word or candidate, relative to one labelled by a teacher."""
BENCHMARK_WEIGHT = 2.0
BENCHMARK = list(EntityType).index(EntityType.BENCHMARK)
TASK = list(EntityType).index(EntityType.TASK)
EARLY = 0.3
"""Weight of the early scores in the loss."""
MASK_PIECE, FIRST_PIECE_OF_TEXT = 103, 1000
KEPT_EVERY = 20 * 60
"""Seconds between checkpoints."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of one training."""

    name: str
    folder: Path
    """Where its checkpoint is saved; training resumes from one found there."""
    epochs: float
    size: int
    """Word pieces per batch."""
    rate: float
    """Peak learning rate of the encoder."""
    fresh_rate: float
    """Peak learning rate of all other parts."""
    seed: int
    masked: float = 0.08
    """Share of word pieces that are masked."""


def autocast(device: str) -> torch.autocast:
    """Return a context in which matrices are multiplied in bfloat16."""
    return torch.autocast(torch.device(device).type, dtype=torch.bfloat16)


def fit(
    network: nn.Module, packs: Packs, papers: Numbers, plan: Plan, before: Callable[[int], object]
) -> None:
    """Train in place with AdamW; the learning rate warms up over the first tenth, then decays to 0.

    Args:
        network: has a pretrained encoder as ``bert`` or ``encoder``.
        packs: all papers.
        papers: the papers to train on.
        plan: the settings.
        before: called with the number of each epoch before it starts.
    """
    plan.folder.mkdir(parents=True, exist_ok=True)
    done_file = plan.folder / f"{plan.name}.pt"
    optimiser, weights = _optimiser(network, plan)
    done = _resume(done_file, network, optimiser)
    total = max(1, int(plan.epochs * sum(1 for _ in packs.batches(papers, plan.size))))
    network.train()
    kept = time.monotonic()
    for step, group in _steps(packs, papers, plan, total, done, before):
        share = step / total
        for parameters in optimiser.param_groups:
            parameters["lr"] = parameters["peak"] * min(
                (share + 1 / total) / 0.1, (1 - share) / 0.9
            )
        loss = loss_of(network, packs, packs.batch(group), plan.masked)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if step % 100 == 0:
            log.info("%s: step %d of %d, loss %.4f", plan.name, step, total, loss.item())
        if time.monotonic() - kept > KEPT_EVERY:
            _keep(done_file, network, optimiser, step + 1)
            kept = time.monotonic()
    _keep(done_file, network, optimiser, total)


def _optimiser(network: nn.Module, plan: Plan) -> tuple[torch.optim.AdamW, list[Tensor]]:
    named = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
    old = [weight for name, weight in named if name.startswith(("bert.", "encoder."))]
    new = [weight for name, weight in named if not name.startswith(("bert.", "encoder."))]
    groups = [
        {"params": old, "peak": plan.rate},
        {"params": new, "peak": plan.fresh_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98)), [*old, *new]


def _steps(
    packs: Packs,
    papers: Numbers,
    plan: Plan,
    total: int,
    done: int,
    before: Callable[[int], object],
) -> Iterator[tuple[int, Numbers]]:
    """Yield (number, batch) for the remaining batches; each epoch has its own order and masks."""
    step = epoch = 0
    while step < total:
        rng = np.random.default_rng(plan.seed * 1000 + epoch)
        groups = list(packs.batches(papers, plan.size, rng))
        if step + len(groups) > done:
            before(epoch)
            torch.manual_seed(plan.seed * 1000 + epoch)
        for group in groups[: total - step]:
            if step >= done:
                yield step, group
            step += 1
        epoch += 1


def _keep(path: Path, network: nn.Module, optimiser: torch.optim.Optimizer, done: int) -> None:
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "done": done}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, network: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    log.info("%s: resuming from step %d", path.stem, state["done"])
    return int(state["done"])


def loss_of(network: nn.Module, packs: Packs, batch: Batch, masked: float) -> Tensor:
    """Return a batch's loss per word: tags, early tags, and the candidates' types and roles."""
    ids = batch.inputs[0]
    hidden = (torch.rand(ids.shape, device=ids.device) < masked) & (ids >= FIRST_PIECE_OF_TEXT)
    found = packs.candidates(batch)
    with autocast(packs.device):
        tags, early, states = network(
            ids.masked_fill(hidden, MASK_PIECE), *batch.inputs[1:], batch.mask
        )
        kinds, roles = network.verdicts(states, found, packs.group_more[found.groups])
    loss, words = _tag_loss(packs, batch, tags)
    if early is not tags:
        loss = loss + EARLY * _tag_loss(packs, batch, early)[0]
    return (loss + _group_loss(packs, batch, found, kinds, roles)) / words.clamp(min=1)


def _tag_loss(packs: Packs, batch: Batch, scores: Tensor) -> tuple[Tensor, Tensor]:
    """Return the summed loss of the words' tags, and their total weight."""
    probabilities = torch.log_softmax(scores.float(), -1)
    tags, gold = packs.tags[batch.places], packs.is_gold[batch.on_device][:, None]
    head = packs.heads[batch.places] & batch.mask
    target = nn.functional.one_hot(tags.clamp(min=0), scores.shape[-1]).float()
    benchmark = (tags == 1 + 2 * BENCHMARK) | (tags == 2 + 2 * BENCHMARK)
    weight = head * (tags != UNKNOWN) * torch.where(benchmark, BENCHMARK_WEIGHT, 1.0) * GOLD_WEIGHT
    if packs.soft is not None:
        target = torch.where(gold[..., None], target, packs.soft[0][batch.places].float())
        weight = torch.where(gold, weight, head.float())
    wrong = -(target * probabilities).sum(-1)
    # where tasks and metrics were not annotated, a word outside may be in one
    open_tags = [0, *range(1 + 2 * TASK, scores.shape[-1])]
    unsure = gold & ~packs.has_tasks[batch.on_device][:, None] & (tags == 0)
    wrong = torch.where(unsure, -torch.logsumexp(probabilities[..., open_tags], -1), wrong)
    return (wrong * weight).sum(), weight.sum()


def _group_loss(
    packs: Packs, batch: Batch, found: Candidates, kinds: Tensor, roles: Tensor
) -> Tensor:
    """Return the summed loss of the candidates' types and roles."""
    kinds, roles = torch.log_softmax(kinds, -1), torch.log_softmax(roles, -1)
    kind, role = packs.group_kind[found.groups], packs.group_role[found.groups]
    gold = packs.is_gold[batch.on_device][found.owners]
    of_kind = -kinds.gather(1, kind.clamp(min=0)[:, None])[:, 0]
    unsure = ~packs.has_tasks[batch.on_device][found.owners] & (kind == 0)
    of_kind = torch.where(
        unsure, -torch.logsumexp(kinds[:, [0, *range(1 + TASK, kinds.shape[1])]], -1), of_kind
    )
    of_kind = (
        of_kind * (kind != UNKNOWN) * torch.where(kind == 1 + BENCHMARK, BENCHMARK_WEIGHT, 1.0)
    )
    of_role = -roles.gather(1, role.clamp(min=0)[:, None])[:, 0] * (role != UNKNOWN)
    wrong = GOLD_WEIGHT * (of_kind + of_role)
    if packs.soft is not None:
        soft_kind, soft_role = (packs.soft[n][found.groups].float() for n in (1, 2))
        entity = soft_kind[:, 1 : 1 + TASK].sum(-1)
        soft = -(soft_kind * kinds).sum(-1) - entity * (soft_role * roles).sum(-1)
        wrong = torch.where(gold, wrong, soft)
    return wrong.sum()


def softened(packs: Packs) -> tuple[Tensor, Tensor, Tensor]:
    """Return zero tensors for soft targets: each piece's tag, each group's type and role."""
    sizes = (
        (len(packs.ids), 1 + 2 * len(EntityType)),
        *((len(packs.group_kind), 6) for _ in range(2)),
    )
    first, second, third = (
        torch.zeros(size, dtype=torch.float16, device=packs.device) for size in sizes
    )
    return first, second, third


@torch.no_grad()
def predict(
    network: nn.Module,
    packs: Packs,
    papers: Numbers,
    into: tuple[Tensor, Tensor, Tensor],
    share: float,
    size: int,
) -> None:
    """Add a share of a network's probabilities of tags, types and roles in some papers."""
    network.eval()
    for group in packs.batches(papers, size):
        batch = packs.batch(group)
        found = packs.candidates(batch)
        with autocast(packs.device):
            tags, _, states = network(*batch.inputs, batch.mask)
            answers = network.verdicts(states, found, packs.group_more[found.groups])
        own = torch.softmax(tags.float(), -1)[batch.mask]
        into[0][batch.places[batch.mask]] += (share * own).to(into[0].dtype)
        for room, answer in zip(into[1:], answers, strict=True):
            room[found.groups] += (share * torch.softmax(answer, -1)).to(room.dtype)
