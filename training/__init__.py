"""What developers run: the command line, and what starts, chats with and fills the service. Below it, each folder uses only
those named before it: serving, corpus, bank, evaluation, release."""
