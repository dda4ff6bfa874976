"""The commands of `dubu-adapter`, one file a group."""
