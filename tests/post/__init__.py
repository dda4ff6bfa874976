"""Letters as mails, and a mail server to hand them to."""
