"""Reading: whatever a scientist hands over (an id, a JATS file, a PDF) becomes a `Paper`."""
