"""People talk here: what is said comes in through a platform’s own room, and is answered by the desk."""
