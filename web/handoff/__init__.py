"""From the bot to a person and back: who owns a conversation, and who is there."""
