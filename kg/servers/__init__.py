"""Servers for a built project: the page read from the store, and the graph for an assistant."""
