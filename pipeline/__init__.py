"""Paper in, video out. Pure: no chat, no queue, no database, no environment variables."""
