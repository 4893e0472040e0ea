"""A reward behind HTTP, for trainers that ask a server: what ``pyverify serve`` runs.

``app.py`` has the endpoints and needs the extra ``serve``; nothing is imported before it is used.
"""
