"""Conversations with citizens: what is kept of them, the protocol, and the way to the bot."""
