"""Claims about adapter/mails."""
