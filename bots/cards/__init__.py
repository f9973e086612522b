"""Messages, whatever platform shows them: the vocabulary, and a function for each state of a job."""
