"""Leave word: what a citizen writes when nobody is there, kept encrypted and apart from the conversation."""
