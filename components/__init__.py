"""Our Rasa graph components: German spaCy, sentence encoder, intent classifier, entity extractor, text folding."""
