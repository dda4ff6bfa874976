"""A site as an administrator sees it: read as Found, and changed one step of a plan at a time."""
