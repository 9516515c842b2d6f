"""The reference: a hand-written endpoint for the measured table and nothing else."""
