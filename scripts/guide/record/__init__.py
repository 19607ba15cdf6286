"""Write the recordings under docs/data/."""
