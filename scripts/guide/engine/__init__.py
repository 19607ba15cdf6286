"""A Docker engine with base images, and what is built and run in it."""
