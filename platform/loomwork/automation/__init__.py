"""The job queue and what runs in it."""
