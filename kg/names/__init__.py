"""String rules that reading and resolving share: comparison keys, generic terms, abbreviations."""
