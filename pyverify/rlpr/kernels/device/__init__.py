"""The Triton code. Importing a module of this folder imports Triton; only launchers do."""
