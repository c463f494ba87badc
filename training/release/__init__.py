"""From a candidate to what is served: compared with the live model, refused or promoted, taken back."""
