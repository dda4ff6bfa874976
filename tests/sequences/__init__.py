"""Random sequences by everybody at once, and what must hold whatever happens."""
