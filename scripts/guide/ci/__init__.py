"""Run GitLab and GitHub pipelines in containers."""
