"""kg: from research abstracts to a knowledge graph of methods, datasets and benchmarks."""
