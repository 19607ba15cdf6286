"""Carry out GitLab and GitHub pipelines in containers."""
