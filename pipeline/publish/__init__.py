"""Handing over: the files beside the video, and the manifest that says what is in it and where it came from."""
