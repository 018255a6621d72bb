"""A built project for other programs: the page from the store, and the graph for an assistant."""
