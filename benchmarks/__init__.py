"""Side-by-side measurements of our pipeline and of Rasa's stock German pipeline."""
