"""The spaCy pipeline of kg: text in, mentions out. The only package that imports spaCy."""
