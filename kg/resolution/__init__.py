"""Mentions to nodes: which names mean one thing, what a node is called, and the ledger of why."""
