"""What is remembered: artefacts, finished videos, how long things took. Knows nothing above it."""
