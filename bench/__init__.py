"""What a request costs: the product beside hand-written code for the same table."""
