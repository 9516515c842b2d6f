"""Revisions: install packs, plan and publish, and the site that runs them."""
