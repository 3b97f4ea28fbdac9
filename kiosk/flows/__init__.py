"""The jobs of the floor: plain functions from a session and an event to an outcome."""
