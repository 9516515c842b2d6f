"""The moments of a publish at which a test ends the process, to see what is left behind."""


def reach(moment: str) -> None:
    """Do nothing. A test puts something else in the place of this."""
    del moment
