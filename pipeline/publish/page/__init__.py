"""The share page: one HTML file beside the video that says what it says, and where the paper says so."""
