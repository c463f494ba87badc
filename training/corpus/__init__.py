"""What a model is trained on and what it is asked: examples, intents and test questions, read, checked and changed."""
