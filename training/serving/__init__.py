"""What runs: the bot, the web process and their database, started, asked and stopped; and which model is served."""
