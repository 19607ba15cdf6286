"""Write the recordings in docs/data/."""
