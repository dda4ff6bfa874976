"""`make bench`: figures, measured on the machine at hand; no test asserts them."""
