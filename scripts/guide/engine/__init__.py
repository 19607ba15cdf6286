"""Start a Docker engine, provide its base images, and build and run images in it."""
