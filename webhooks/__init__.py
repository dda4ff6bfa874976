"""The door: Jira's webhooks and Automation's requests come in here, and so do people who ask how things are."""

GUNICORN = ("-m", "gunicorn", "-c", "python:webhooks.gunicorn_settings", "webhooks.wsgi:build()")
"""What to hand to the Python interpreter to run the door, with DATABASE_URL in its environment."""
