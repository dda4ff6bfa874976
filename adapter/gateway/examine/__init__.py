"""Reading a live site for the doctor: nothing is written, and what may not be read is said so."""
