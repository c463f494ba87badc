"""What developers run: reading and validating training data, evaluation and its report, starting the bot."""
