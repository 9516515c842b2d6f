"""The runtime: it turns JSON metadata into tables, screens, REST endpoints and rules."""
