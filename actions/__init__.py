"""The action server: from what the model understood to what the bot says, with facts from `content/` only."""
