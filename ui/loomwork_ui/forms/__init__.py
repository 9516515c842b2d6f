"""Record pages: their layout, what is read from and written into them."""
