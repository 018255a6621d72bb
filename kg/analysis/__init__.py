"""Questions asked of a linked store: trends, gaps, comparisons."""
