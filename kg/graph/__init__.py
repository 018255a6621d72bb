"""Nodes and links to a plain ``networkx.Graph``: attributes, statistics, communities, layout, filters."""
