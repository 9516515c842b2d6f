"""The screens that admins work in."""
