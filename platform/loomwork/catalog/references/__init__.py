"""What documents say of each other: every reference and every expression is checked here."""
