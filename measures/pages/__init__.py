"""Doors for people: one file per group of pages."""
