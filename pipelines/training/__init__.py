"""Training of both readers: ``python -m pipelines.training``. Needs the extra ``train``; see docs/training.md."""
