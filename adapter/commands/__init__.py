"""The commands of `dubu-adapter`, by who asks: operators, agents' leads, admins."""
