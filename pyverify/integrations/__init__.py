"""pyverify inside other tools: each module speaks one tool's words and imports it."""
