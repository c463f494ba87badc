"""Retention, deletion and hand-over of personal data, and who read what."""
