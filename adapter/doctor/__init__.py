"""What is amiss on a live site: pure, from what was read of it to findings."""
