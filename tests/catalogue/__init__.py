"""Claims about the mapping files and how they are read."""
