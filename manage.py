#!/usr/bin/env python3
"""Django's commands for this project: python manage.py help."""

from ipr_tracker.command import main

if __name__ == "__main__":
    main()
