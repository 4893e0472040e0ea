"""pyverify in verl's words. Importing this doesn't import verl."""
