"""The pictures that stand on the stage of a scene, one file a kind."""
