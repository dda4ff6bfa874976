"""Letters as mail files, and the mail server that takes them."""
