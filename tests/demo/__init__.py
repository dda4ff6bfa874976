"""`make demo`: the story of the service desk, played on a sandbox site against the real adapter."""
