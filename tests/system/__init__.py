"""The whole thing as it runs: a sandbox site and the adapter as processes of their own, spoken to over HTTP only."""
