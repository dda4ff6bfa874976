"""Fills DUBU service tickets in Jira and keeps work from starting before it is approved."""
