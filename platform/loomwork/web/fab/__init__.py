"""All that touches Flask-AppBuilder: its tables, users and roles, its security manager."""
