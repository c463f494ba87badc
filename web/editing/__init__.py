"""Staff edit `content/`: contact data, opening hours, answers; with history and undo."""
