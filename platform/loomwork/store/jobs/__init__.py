"""The jobs' table: the truth about what has to be done."""
