"""How days are written in each language; Django looks them up by the reader's language."""
