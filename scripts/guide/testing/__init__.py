"""Run the tests with what they need."""
