"""How good a model is: out of fold, on the test questions, and for a single question."""
