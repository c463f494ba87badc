"""Figures: volume, zones, topics, hand-offs, waiting times, feedback."""
