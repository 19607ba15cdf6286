"""Time the contenders side by side."""
