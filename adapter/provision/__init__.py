"""What a live site lacks of what the mapping needs, as a plan: pure, between what is wanted and what was found."""
