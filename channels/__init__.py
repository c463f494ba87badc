"""Our Rasa input channels."""
